"""The notes kept of a stream of any length: those most worth a label so far, and a fair sample of all."""

import heapq
from random import Random

from afterword_serving.checkpoint import Checkpoint
from afterword_serving.review.note import Note
from afterword_serving.review.reasons import Reason, disagreement, unsure, worth
from afterword_serving.review.unlike import Familiar
from afterword_serving.rows import Row

FACTOR = 10
"""Candidates kept for each task asked for, so that the choice between them can spread."""
FEWEST = 500
"""Candidates kept at least."""
MOST_OVER = 20_000
"""Candidates kept at most beyond the tasks asked for."""
SAMPLE = 1000
"""Notes of the fair sample, at least."""


class Pool:
    """A sink for rows with text. Up to `FEWEST` notes it keeps all; past that its memory is bounded."""

    def __init__(self, limit: int, seed: int) -> None:
        self.size = min(max(limit * FACTOR, FEWEST), limit + MOST_OVER)
        self.sample: list[Note] = []
        self.not_english = 0
        self._sample_size = max(limit, SAMPLE)
        self._random = Random(seed)
        self._heap: list[tuple[float, int, Note]] = []
        self._texts: set[str] = set()
        self._read = self._usable = 0
        self._familiar, self._next_look = Familiar([]), 1

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        """Take the notes of the rows."""
        notes = [Note.from_row(self._read + offset, row) for offset, row in enumerate(rows) if self._is_usable(row)]
        self._read += len(rows)
        for note in notes:
            self._draw(note)
        self._look_again()
        for note, unlike in zip(notes, self._familiar.reasons(notes), strict=True):
            self._keep(note, worth(reasons_for(note, unlike)))

    def finish(self) -> None:
        """Do nothing: each note is taken as it comes."""

    @property
    def candidates(self) -> list[Note]:
        """The notes most worth a label, in the input's order; none has the text of another."""
        return sorted((note for _, _, note in self._heap), key=lambda note: note.position)

    def _is_usable(self, row: Row) -> bool:
        foreign = "not_english" in row["warnings"]
        self.not_english += foreign
        return not foreign and "empty" not in row["warnings"]

    def _draw(self, note: Note) -> None:
        """Give each note the same chance to be in the sample."""
        self._usable += 1
        if len(self.sample) < self._sample_size:
            self.sample.append(note)
        elif (place := self._random.randrange(self._usable)) < self._sample_size:
            self.sample[place] = note

    def _look_again(self) -> None:
        """See what is usual, anew each time the number of notes has doubled."""
        if self._usable >= self._next_look:
            self._familiar, self._next_look = Familiar(self.sample), 2 * self._usable

    def _keep(self, note: Note, value: float) -> None:
        if note.text in self._texts:
            return
        self._texts.add(note.text)
        heapq.heappush(self._heap, (value, -note.position, note))
        if len(self._heap) > self.size:
            self._texts.remove(heapq.heappop(self._heap)[2].text)


def reasons_for(note: Note, unlike: Reason | None) -> list[Reason]:
    """Return what one note shows by itself, and how `unlike` the sure ones it is."""
    return [reason for reason in (unsure(note), disagreement(note), unlike) if reason]
