"""Experiments: one change at a time, judged on validation authors and, where given, on real passages."""

import time
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from pydantic import BaseModel
from sklearn.model_selection import KFold

from afterword_model.errors import ConfigError
from afterword_model.labels import Marker
from afterword_training.config import Config
from afterword_training.corpus import load_corpus
from afterword_training.evaluate import Evaluation, evaluate
from afterword_training.places import NOWHERE, Places, check_places
from afterword_training.tables import table
from afterword_training.train import build, publish, refuse_unsound


class Experiment(BaseModel):
    """One line of the record: what was changed and what it brought."""

    name: str
    date: date
    changes: list[str]
    """Settings that differ from the configuration, as `encoder.epochs=6`."""
    training_notes: int
    seconds: int
    validation: dict[str, float]
    passages: dict[str, float] | None
    """The same figures on real passages that are no part of the project; None where there were none."""


def change(config: Config, settings: Sequence[str]) -> Config:
    """Return the configuration with changes such as `encoder.epochs=6` made.

    Raises:
        ConfigError: a change names no setting, or its value does not fit.
    """
    tables = config.model_dump()
    for setting in settings:
        name, _, value = setting.partition("=")
        *path, last = name.split(".")
        inner: Any = tables
        for part in path:
            inner = inner.get(part) if isinstance(inner, dict) else None
        if not isinstance(inner, dict) or last not in inner:
            raise ConfigError(
                f"There is no setting {name}. Write it as in the configuration, such as encoder.epochs=6."
            )
        try:
            inner[last] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError as err:
            raise ConfigError(f"The value of {name} is not TOML; put quotation marks around words.") from err
    try:
        return Config.model_validate(tables)
    except ValueError as err:
        raise ConfigError(f"These settings do not fit together: {', '.join(settings)}.") from err


def run_experiment(
    name: str,
    config: Config,
    settings: Sequence[str],
    notes: Path,
    *,
    places: Places = NOWHERE,
    passages: Dataset | None = None,
    out: Path | None = None,
) -> Experiment:
    """Fit with the changed settings and return its figures, from which the test authors are left out.

    With `out` the artifact is kept there as by `train`, and its own figures are those of the test authors.
    """
    changed = change(config, settings)
    began = time.monotonic()
    built = build(changed, notes, places=places)
    seconds = round(time.monotonic() - began)
    if out is not None:
        publish(built, changed, notes, out)
    classifier, parts = built.classifier, built.parts
    return Experiment(
        name=name,
        date=datetime.now(UTC).date(),
        changes=list(settings),
        training_notes=len(parts.train),
        seconds=seconds,
        validation=_figures(evaluate(classifier, parts.validation, resamples=1, seed=0)),
        passages=_figures(evaluate(classifier, passages, resamples=1, seed=0)) if passages else None,
    )


def cross_validate(
    name: str, config: Config, settings: Sequence[str], notes: Path, *, folds: int, places: Places = NOWHERE
) -> Experiment:
    """Return the mean figures of `folds` fits, each judged on authors it was not fitted on; test authors take no part.

    The held-out authors of a fold also set its temperature and its markers' thresholds, so its calibration and what it
    says of next steps are somewhat flattered.

    Raises:
        ConfigError: there are fewer authors than folds, or one of the `places` is of no use.
        InputError: the corpus is not sound, or cannot be parted so; nothing was fitted then.
    """
    changed = change(config, settings)
    check_places(places, changed)
    corpus = load_corpus(notes)
    authors = np.array(sorted(set(corpus["author"]) - set(changed.split.test)))
    if len(authors) < folds:
        raise ConfigError(f"{len(authors)} authors cannot be parted into {folds} folds.")
    held = [authors[rows] for _, rows in KFold(folds, shuffle=True, random_state=changed.seed).split(authors)]
    splits = [changed.split.model_copy(update={"validation": tuple(names)}) for names in held]
    for split in splits:
        refuse_unsound(notes, split)
    began = time.monotonic()
    figures, sizes = [], []
    for split in splits:
        built = build(changed.model_copy(update={"split": split}), notes, places=places)
        figures.append(_figures(evaluate(built.classifier, built.parts.validation, resamples=1, seed=0)))
        sizes.append(len(built.parts.train))
    return Experiment(
        name=f"{name} ({folds} folds of authors)",
        date=datetime.now(UTC).date(),
        changes=list(settings),
        training_notes=round(float(np.mean(sizes))),
        seconds=round(time.monotonic() - began),
        validation={key: round(float(np.mean([each[key] for each in figures])), 4) for key in _common(figures)},
        passages=None,
    )


def _common(figures: Sequence[dict[str, float]]) -> list[str]:
    """Return what every fold has a figure for; where nobody marked a next step, there is none for it."""
    return [name for name in figures[0] if all(name in each for each in figures)]


def experiments_table(records: Path) -> str:
    """Return the record of experiments (JSON Lines) as a Markdown table, oldest first."""
    lines = records.read_text(encoding="utf-8").splitlines()
    experiments = [Experiment.model_validate_json(line) for line in lines if line.strip()]
    head = (
        "experiment",
        "notes",
        "minutes",
        "accuracy",
        "macro-F1",
        "two-way",
        "ECE",
        "coverage at 95 %",
        "next step F1",
        "real: accuracy",
        "real: macro-F1",
        "real: `neither` recall",
    )
    return table(head, [_cells(experiment) for experiment in experiments])


def _cells(experiment: Experiment) -> list[str]:
    own, real = experiment.validation, experiment.passages or {}
    names = ("accuracy", "macro_f1", "two_way_accuracy", "ece", "coverage_at_95", "next_step")
    return [
        experiment.name,
        str(experiment.training_notes),
        f"{experiment.seconds / 60:.0f}",
        *(_cell(own, name) for name in names),
        *(_cell(real, name) for name in ("accuracy", "macro_f1", "neither_recall")),
    ]


def _cell(figures: dict[str, float], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else ""


def _figures(evaluation: Evaluation) -> dict[str, float]:
    figures = {name: round(figure.value, 4) for name, figure in evaluation.figures.items()}
    step = evaluation.markers[Marker.NEXT_STEP]
    return {**figures, "next_step": round(step.overlap_f1, 4)} if step.marked else figures
