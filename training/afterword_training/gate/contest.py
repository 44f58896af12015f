"""What the gate is given: two models' answers to the same held-out notes, and what each model costs to run."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_training.metrics import Indices, Probabilities, Scored

TEAM = "team"
"""Name of the contest on the team's own notes, where a gain has to show."""


@dataclass(frozen=True, kw_only=True)
class Contest:
    """Champion and challenger on the same `n` held-out notes, row by row.

    `truth` holds indices into `LABELS`, shape `(n,)`; `champion` and `challenger` have shape `(n, 3)`. `groups` names
    what belongs together: a writer, a client, the parts of one entry; where nothing does, every note has its own.
    `slices` names the kind of each note, where it is known. `known_groups` says whether the models learned from other
    notes of some of these groups.

    Raises:
        InputError: the columns do not fit each other, or a model gave something that is no probability; the note's id
            is named.
    """

    name: str
    ids: Sequence[str]
    truth: Indices
    champion: Probabilities
    challenger: Probabilities
    groups: npt.NDArray[np.str_]
    slices: npt.NDArray[np.str_] | None = None
    known_groups: bool = False

    def __post_init__(self) -> None:
        lengths = {len(column) for column in (self.ids, self.truth, self.groups)}
        lengths |= {len(self.slices)} if self.slices is not None else set()
        if lengths != {len(self)}:
            raise InputError(f"The columns of the {self.name} notes differ in length; score both models anew.")
        if len(set(self.ids)) < len(self):
            raise InputError(f"An id stands twice among the {self.name} notes; each note may count once.")
        if not np.isin(self.truth, range(len(LABELS))).all():
            raise InputError(f"The truth of the {self.name} notes holds something that is no label.")
        self._check("champion", self.champion)
        self._check("challenger", self.challenger)

    def __len__(self) -> int:
        return len(self.ids)

    def _check(self, who: str, probabilities: Probabilities) -> None:
        if probabilities.shape != (len(self), len(LABELS)):
            raise InputError(f"The {who} did not answer every one of the {len(self)} {self.name} notes.")
        sound = np.isfinite(probabilities).all(axis=1) & (probabilities >= 0).all(axis=1)
        sound &= np.isclose(probabilities.sum(axis=1), 1, atol=1e-4)
        if not sound.all():
            where = self.ids[int(np.flatnonzero(~sound)[0])]
            raise InputError(f"The {who} gives no probabilities for note {where} of the {self.name} notes.")

    @property
    def scored(self) -> tuple[Scored, Scored]:
        """Champion and challenger beside the truth."""
        return Scored(self.truth, self.champion, self.groups), Scored(self.truth, self.challenger, self.groups)

    @cached_property
    def right(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Whether champion and challenger have each note right, shape `(n,)`."""
        champion, challenger = self.scored
        return champion.predicted == self.truth, challenger.predicted == self.truth

    @cached_property
    def change(self) -> Indices:
        """What the challenger changes, note by note: 1 a mistake put right, -1 a new one, 0 neither; shape `(n,)`."""
        champion, challenger = self.right
        return challenger.astype(np.int64) - champion.astype(np.int64)


@dataclass(frozen=True)
class Cost:
    """What one model costs: notes read in a second, and bytes on disk; measured on one machine for both."""

    notes_per_second: float
    bytes: int


@dataclass(frozen=True)
class Costs:
    """What both models cost."""

    champion: Cost
    challenger: Cost
