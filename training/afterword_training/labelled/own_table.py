"""Tables of our own: the results of `classify`, whose labels are a model's, and the tasks that `review` writes."""

from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_training.labelled.sheet import Sheet

_SCORES = frozenset(f"p_{label}" for label in LABELS)
_SUGGESTION = "suggestion"


def is_ours(sheet: Sheet) -> bool:
    """Return whether a sheet has the columns of results or of tasks."""
    return set(sheet.columns) >= _SCORES


def refuse_answers(sheet: Sheet, label: str) -> None:
    """Return when the field `label` of a sheet is none that a model filled.

    Raises:
        InputError: it is; a model's answers are never labels.
    """
    if is_ours(sheet) and label.strip().casefold() == "label" and _SUGGESTION not in sheet.columns:
        raise InputError(
            f"{sheet.file.name} holds a model's answers, and those are never labels. "
            "Have a person label the tasks that `afterword review` writes, or name another column with --label-field."
        )
