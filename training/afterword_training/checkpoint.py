"""Checkpoints: how far a training has come, so that an interrupted one goes on as if nothing had happened.

    FOLDER/IDENTITY.checkpoint   weights, optimiser, schedule, random state and step; never a text
    FOLDER/IDENTITY.lock         held by the one process that does this training

The identity is a digest of everything that the result depends on, so a training never goes on with another's weights.
"""

import logging
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock, Timeout
from tokenizers import Tokenizer

from afterword_model.artifact import installed_versions
from afterword_model.durable import sync_folder, whole_file
from afterword_model.errors import ConfigError, InputError
from afterword_training.augment import Example
from afterword_training.config import Encoder
from afterword_training.identity import TRAINING_CODE, code_digests, identity_of
from afterword_training.precision import computes_bf16

log = logging.getLogger(__name__)

_END = ".checkpoint"
_LIBRARIES = ("torch", "transformers", "spacy")
"""Those that a training depends on, beside what an artifact's reading does."""


class Stateful(Protocol):
    """A part of a training that can be put by: a network, an optimiser, a schedule."""

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes."""
        ...

    def load_state_dict(self, state_dict: Any, /) -> Any:  # noqa: ANN401  # torch's own differ
        """Go back to a state."""
        ...


class Checkpoints:
    """The checkpoint of one training in `folder`, written every so many steps; `identity` as of `identity_of`."""

    def __init__(self, folder: Path, identity: str, *, every: int) -> None:
        self.path = folder / f"{identity[:16]}{_END}"
        self._identity, self._every = identity, every

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep any other process from the same training in the same folder meanwhile.

        Raises:
            ConfigError: one is at it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(self.path.with_suffix(".lock"), timeout=0).acquire()
        except Timeout as err:
            raise ConfigError(
                f"The same training is running already, with checkpoints in {self.path.parent}. Wait for it to end, or "
                "name another folder."
            ) from err
        with lock:
            yield

    def restore(self, parts: Mapping[str, Stateful]) -> int:
        """Put every part back to where an interrupted training stood, and return the steps it had taken; else 0.

        Raises:
            InputError: there is a checkpoint and it cannot be read.
        """
        if not self.path.is_file():
            return 0
        try:
            saved = torch.load(self.path, map_location="cpu", weights_only=True)
            if saved["identity"] != self._identity:
                raise ValueError("another training")
            for name, part in parts.items():
                part.load_state_dict(saved["parts"][name])
            torch.set_rng_state(saved["random"])
        except (OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, pickle.UnpicklingError) as err:
            raise InputError(
                f"{self.path} is damaged ({type(err).__name__}), so the training cannot go on from there. "
                "Delete that file to begin again."
            ) from err
        log.info("going on after step %d, where the training was interrupted", saved["step"])
        return int(saved["step"])

    def note(self, step: int, parts: Mapping[str, Stateful], *, last: bool = False) -> None:
        """Put the parts by where `step` is one of those to do it at, or the last; the file is as before or whole."""
        if step % self._every and not last:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        saved = {
            "identity": self._identity,
            "step": step,
            "random": torch.get_rng_state(),
            "parts": {name: part.state_dict() for name, part in parts.items()},
        }
        with whole_file(self.path) as file:
            torch.save(saved, file)
        sync_folder(self.path.parent)


def training_identity(
    network: torch.nn.Module,
    tokenizer: Tokenizer,
    settings: Encoder,
    examples: Sequence[Example],
    weights: Sequence[float],
    seed: int,
    teacher_logits: npt.NDArray[np.float32] | None = None,
) -> str:
    """Return a digest of all that the weights depend on that `finetune` ends with.

    `weights` are those of the examples, `teacher_logits` as for `finetune`.
    """
    initial = weight_digests(network)
    teaching = [] if teacher_logits is None else [sha256(teacher_logits.tobytes()).hexdigest()]
    return identity_of(
        settings.model_dump(exclude={"members", "teacher", "passage_tokens"}),
        seed,
        [repr(example) for example in examples],
        weights,
        initial,
        sha256(tokenizer.to_str().encode()).hexdigest(),
        [installed_versions(), [version(name) for name in _LIBRARIES], torch.get_num_threads(), computes_bf16()],
        code_digests(TRAINING_CODE),
        *teaching,
    )


def weight_digests(network: torch.nn.Module) -> list[str]:
    """Return a digest of each of the network's tensors, in their order."""
    return [sha256(values.numpy().tobytes()).hexdigest() for values in network.state_dict().values()]
