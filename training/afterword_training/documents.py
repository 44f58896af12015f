"""Figures inside documents: the stretch between two marks is written by a program, from the shipped model's run."""

import re
from pathlib import Path

from afterword_model.artifact import SHIPPED
from afterword_model.errors import InputError
from afterword_training.evaluate import Evaluation
from afterword_training.experiment import experiments_table
from afterword_training.tables import figures_table, groups_table, report, sure_sentence
from afterword_training.train import METRICS


def readme_figures(evaluation: Evaluation) -> str:
    """Return what the README says about how good the model is."""
    return "\n\n".join(
        [
            f"{evaluation.model}, on {evaluation.notes} notes by {len(evaluation.authors)} authors kept out of "
            "training (intervals resample whole authors):",
            figures_table(evaluation.figures),
            sure_sentence(evaluation),
            groups_table("author", evaluation.by_author),
        ]
    )


def write_documents(root: Path) -> list[Path]:
    """Bring every figure in the documents under `root` up to date and return those that changed.

    Raises:
        InputError: the shipped model has no figures, or a document lacks its marks.
    """
    metrics = SHIPPED / METRICS
    if not metrics.is_file():
        raise InputError(f"{metrics} is missing; the shipped model comes with the figures of its run.")
    evaluation = Evaluation.model_validate_json(metrics.read_bytes())
    readme, training = root / "README.md", root / "training/README.md"
    changes = {
        readme: [fill(readme, "figures", readme_figures(evaluation))],
        training: [
            fill(training, "figures", report(evaluation)),
            fill(training, "experiments", experiments_table(root / "training/experiments.jsonl")),
        ],
    }
    return [document for document, changed in changes.items() if any(changed)]


def fill(document: Path, name: str, words: str) -> bool:
    """Put `words` between `<!-- NAME -->` and `<!-- /NAME -->` in `document`; return whether that changed it.

    Raises:
        InputError: the document has no such marks.
    """
    old = document.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(\n?<!-- /{re.escape(name)} -->)", re.DOTALL)
    new, count = pattern.subn(lambda match: f"{match[1]}{words}\n{match[2].lstrip(chr(10))}", old)
    if count != 1:
        raise InputError(f"{document} needs exactly one pair of marks <!-- {name} --> and <!-- /{name} -->.")
    if new != old:
        document.write_text(new, encoding="utf-8")
    return new != old
