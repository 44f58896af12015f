"""Figures inside documents: the stretch between two marks is written by a program, from the shipped model's run."""

import os
import re
from pathlib import Path

from afterword_model.artifact import CARD, SHIPPED
from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_training.evaluate import Evaluation
from afterword_training.experiment import experiments_table
from afterword_training.release import METRICS
from afterword_training.tables import (
    confusion_table,
    figures_table,
    groups_table,
    intervals_sentence,
    sure_sentence,
)

PASSAGES = "passages.json"
"""File beside the shipped model with its figures on real passages, as `evaluate --passages … -o` writes them."""


def readme_figures(evaluation: Evaluation) -> str:
    """Return what the README says about how good the model is."""
    return "\n\n".join(
        [
            f"{evaluation.model}, on {evaluation.notes} notes by {len(evaluation.authors)} authors kept out of "
            "training:",
            figures_table(evaluation.figures),
            f"{intervals_sentence(evaluation)} {sure_sentence(evaluation)}",
            groups_table("author", evaluation.by_author),
        ]
    )


def passages_figures(evaluation: Evaluation) -> str:
    """Return what the README says about real passages that are no part of the project."""
    return "\n\n".join(
        [
            f"{evaluation.model}, on {evaluation.notes} passages of real practice diaries by student teachers, from "
            "CEReD (Štefánik and Nehyba, doi 11372/LRT-3573), translated from Czech by machine and labelled anew by "
            "two readers; only those on which both agreed are here. They were never trained on, are no part of this "
            "project, but were looked at when models were chosen:",
            figures_table(evaluation.figures),
            f"{intervals_sentence(evaluation)} {sure_sentence(evaluation)}",
            confusion_table(evaluation.confusion),
            _beside_one_answer(evaluation),
        ]
    )


def _beside_one_answer(evaluation: Evaluation) -> str:
    """Return how often the commonest label alone would be right, and how often each other answer is."""
    truth = [sum(row) for row in evaluation.confusion]
    commonest = max(range(len(LABELS)), key=truth.__getitem__)
    answers = [sum(column) for column in zip(*evaluation.confusion, strict=True)]
    others = [
        f"of {answers[at]} answers `{label}` {evaluation.confusion[at][at]} are right"
        for at, label in enumerate(LABELS)
        if at != commonest
    ]
    right = truth[commonest] / sum(truth)
    return f"Answering `{LABELS[commonest]}` every time would be right on {right:.1%}. Here {', and '.join(others)}."


def write_documents(root: Path) -> list[Path]:
    """Bring every figure in the documents under `root` up to date and return those that changed.

    Raises:
        InputError: the shipped model has no figures, or a document lacks its marks.
    """
    evaluation, real = _evaluation(METRICS), _evaluation(PASSAGES)
    if real.model != evaluation.model:
        raise InputError(
            f"{SHIPPED / PASSAGES} is of {real.model}, and the shipped model is {evaluation.model}. "
            "Measure it again: afterword-train evaluate --passages FILE -o that file."
        )
    readme, training, card = root / "README.md", root / "training/README.md", SHIPPED / CARD
    changes = {
        readme: [
            fill(readme, "figures", readme_figures(evaluation)),
            fill(readme, "passages", passages_figures(real)),
        ],
        training: [fill(training, "experiments", experiments_table(root / "training/experiments.jsonl"))],
        card: [fill(card, "passages", f"## On real prose\n\n{passages_figures(real)}")],
    }
    return [document for document, changed in changes.items() if any(changed)]


def _evaluation(name: str) -> Evaluation:
    path = SHIPPED / name
    if not path.is_file():
        raise InputError(f"{path} is missing; the shipped model comes with its figures.")
    return Evaluation.model_validate_json(path.read_bytes())


def fill(document: Path, name: str, words: str) -> bool:
    """Put `words` between `<!-- NAME -->` and `<!-- /NAME -->` in `document`; return whether that changed it.

    Raises:
        InputError: the document has no such marks, or cannot be read.
    """
    check_marks(document, name)
    old = document.read_text(encoding="utf-8")
    new = _between(name).sub(lambda match: f"{match[1]}{words}\n{match[2].lstrip(chr(10))}", old)
    if new != old:
        document.write_text(new, encoding="utf-8")
    return new != old


def check_marks(document: Path, name: str) -> None:
    """Return when `fill` could write to `document`: to be asked before long work, whose figures would be lost.

    Raises:
        InputError: it cannot.
    """
    try:
        count = len(_between(name).findall(document.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{document} cannot be read ({type(err).__name__}); name a document to write into.") from err
    if not os.access(document, os.W_OK):
        raise InputError(f"{document} may not be written to; name a document that may.")
    if count != 1:
        raise InputError(f"{document} needs exactly one pair of marks <!-- {name} --> and <!-- /{name} -->.")


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(\n?<!-- /{re.escape(name)} -->)", re.DOTALL)
