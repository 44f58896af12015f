"""One way in to all modes of refitting."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from afterword_model import Classifier
from afterword_model.errors import ConfigError, InputError
from afterword_training.config import Encoder, Retrain
from afterword_training.labelled import LabelledNote
from afterword_training.refit.light import refit_light
from afterword_training.refit.refitted import Refitted
from afterword_training.train import Parts

Mode = Literal["light", "champion", "base"]
MODES: tuple[Mode, ...] = get_args(Mode)

LEAST_TO_LEARN = 10
"""Notes below which nothing is learned."""


def refit(
    notes: Sequence[LabelledNote],
    corpus: Parts,
    champion: Classifier,
    settings: Retrain,
    *,
    mode: Mode,
    seed: int,
    base: Path | None,
    work: Path,
    encoder: Encoder | None = None,
) -> Refitted:
    """Return a challenger that learned from the team's `notes` beside notes of the `corpus`, and is calibrated.

    The champion stays as it is, and the corpus's test notes are not looked at. `encoder` says how a network is trained
    (champion and base); `base` is a folder with the base encoder's files, where they are not installed (base). An
    interrupted training leaves a checkpoint in `work` and goes on from there when asked for the same again; so does a
    finished one.

    Raises:
        InputError: there are too few notes, or a checkpoint is damaged.
        ConfigError: the mode does not go with this champion or this configuration.
    """
    if len(notes) < LEAST_TO_LEARN:
        raise InputError(f"{len(notes)} labelled notes are too few to learn from; give at least {LEAST_TO_LEARN}.")
    if mode == "light":
        return refit_light(notes, corpus, champion, settings, seed=seed)
    if encoder is None:
        raise ConfigError(f"The configuration has no table [encoder], so the mode {mode} cannot train one. Use light.")
    from afterword_training.refit.network import refit_network  # torch is needed only here

    return refit_network(
        notes, corpus, champion, settings, encoder, from_base=mode == "base", seed=seed, base=base, work=work
    )
