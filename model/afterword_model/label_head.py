"""A linear head that a team's own notes add to the label logits of the network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class LabelHead:
    """What the labels' logits are raised by, given a vector `x` of width `h`: `coef @ x + intercept`."""

    coef: npt.NDArray[np.float32]
    """Shape `(3, h)`, in the order of `LABELS`."""
    intercept: npt.NDArray[np.float32]
    """Shape `(3,)`."""

    def __call__(self, vectors: Any) -> npt.NDArray[np.float32]:  # noqa: ANN401  # an array or a sparse matrix
        """Return what is added for vectors of shape `(k, h)`: shape `(k, 3)`."""
        return np.asarray(vectors @ self.coef.T + self.intercept, dtype=np.float32)
