"""Long notes whose passages pull apart: one surely reflection, another surely rumination."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from afterword_model.labels import Label
from afterword_model.segment import passages
from afterword_serving.batch import Predictor, classify
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.entry import Entry, Origin
from afterword_serving.review.note import Note
from afterword_serving.review.reasons import Reason
from afterword_serving.rows import Row
from afterword_serving.tally import Tally
from afterword_serving.units import PASSAGE

LONG = 120
"""Words from which a note's passages are looked at one by one."""
TORN = Reason("disagreement", 1.0, "its passages pull apart: one is surely reflection, another surely rumination")
_APART = {Label.REFLECTION.value, Label.RUMINATION.value}


def torn(notes: Sequence[Note], classifier: Predictor) -> frozenset[int]:
    """Return the positions of the long notes whose passages pull apart."""
    found = _SureLabels()
    classify((entry for note in notes for entry in _passages(note)), classifier, found, tally=Tally())
    return frozenset(position for position, labels in found.labels.items() if labels >= _APART)


class _SureLabels:
    def __init__(self) -> None:
        self.labels: dict[int, set[str]] = defaultdict(set)

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        for row in rows:
            if row["sure"]:
                self.labels[int(row["id"])].add(row["label"])

    def finish(self) -> None:
        """Do nothing: each row is counted as it comes."""


def _passages(note: Note) -> Iterator[Entry]:
    if note.words < LONG:
        return
    for span in passages(note.text, max_words=PASSAGE):
        yield Entry(str(note.position), note.text[span.start : span.end], Origin("passage", note.file, note.locator))
