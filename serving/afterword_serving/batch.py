"""A stream of entries through the classifier, in order, with a bound on memory and without one bad entry ending it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from afterword_model.errors import InputError
from afterword_model.prediction import Prediction
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.chunks import chunks
from afterword_serving.entry import Entry, Item, Skip
from afterword_serving.rows import Row, make_row
from afterword_serving.sinks import Sink
from afterword_serving.tally import Tally
from afterword_serving.units import By, split

CHUNK = 128
"""Entries between two checkpoints, and units classified at a time."""


class Predictor(Protocol):
    """What batch needs of a classifier."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Return one prediction a text, in order."""
        ...


def classify(
    items: Iterable[Item],
    classifier: Predictor,
    sink: Sink,
    *,
    tally: Tally,
    start: Checkpoint | None = None,
    by: By = "entry",
    include_text: bool = False,
    advance: Callable[[int], object] | None = None,
) -> None:
    """Send the rows of every entry among `items` to `sink`; the caller finishes it.

    Args:
        items: what readers yield.
        classifier: asked for at most `CHUNK` texts at a time.
        sink: gets the rows in the order of the entries.
        tally: counts everything met.
        start: the entries up to there are read again and checked, not classified again.
        by: what gets a row of its own.
        include_text: whether rows hold the text.
        advance: told after each chunk how many entries it held.

    Raises:
        InputError: the entries before `start` are not those of the interrupted run.
    """
    start = start or Checkpoint()
    run = _Run(classifier, tally, by, include_text)
    run.take_over(start)
    read, digest = 0, hashlib.sha256()
    for entries in chunks(tally.entries_of(items), CHUNK):
        read += len(entries)
        for entry in entries:
            _add(digest, entry)
        if read > start.entries:
            if read - len(entries) < start.entries:
                raise _changed()
            sink.write(run.rows(entries), run.checkpoint(read, digest.hexdigest()))
        elif read == start.entries and digest.hexdigest() != start.entries_sha256:
            raise _changed()
        if advance:
            advance(len(entries))
    if read < start.entries:
        raise _changed()


class _Run:
    def __init__(self, classifier: Predictor, tally: Tally, by: By, include_text: bool) -> None:
        self._classifier, self._tally, self._by, self._include_text = classifier, tally, by, include_text
        self._tally.answers.by = by
        self._not_classified: list[str] = []

    def take_over(self, start: Checkpoint) -> None:
        """Count what an interrupted run had answered."""
        for label, count in start.labels.items():
            self._tally.answers.labels[label] = count
        self._tally.answers.sure = start.sure
        for where in start.not_classified:
            self._fail(where)

    def checkpoint(self, entries: int, digest: str) -> Checkpoint:
        return Checkpoint(
            entries=entries,
            entries_sha256=digest,
            labels=dict(self._tally.answers.labels),
            sure=self._tally.answers.sure,
            not_classified=tuple(self._not_classified),
        )

    def rows(self, entries: list[Entry]) -> list[Row]:
        return [row for units in chunks(self._units(entries), CHUNK) for row in self._rows(units)]

    def _units(self, entries: list[Entry]) -> Iterator[Entry]:
        for entry in entries:
            try:
                units = split(entry, self._by)
            except Exception:  # as for the model: located, and its neighbours go on; the message could hold the text
                self._fail(str(entry.source))
            else:
                yield from units

    def _rows(self, units: list[Entry]) -> Iterator[Row]:
        for unit, prediction in zip(units, self._predict(units), strict=True):
            if prediction is None:
                self._fail(str(unit.source))
                continue
            self._tally.answers.labels[prediction.label.value] += 1
            self._tally.answers.sure += prediction.sure
            yield make_row(unit, prediction, include_text=self._include_text)

    def _predict(self, entries: list[Entry]) -> Sequence[Prediction | None]:
        try:
            return self._classifier.predict([entry.text for entry in entries])
        except Exception:  # whatever one text does to the model, its neighbours must not pay for it
            return [self._predict_alone(entry) for entry in entries] if len(entries) > 1 else [None]

    def _predict_alone(self, entry: Entry) -> Prediction | None:
        try:
            return self._classifier.predict([entry.text])[0]
        except Exception:  # counted and located by the caller; the message could hold the text
            return None

    def _fail(self, where: str) -> None:
        self._not_classified.append(where)
        self._tally.skip(Skip("not_classified", where))


def _add(digest: "hashlib._Hash", entry: Entry) -> None:
    for part in (entry.id, entry.source.file, entry.source.locator, entry.text):
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)


def _changed() -> InputError:
    return InputError("The input is not the one of the interrupted run. Run again without --resume to start over.")
