"""A journal file that was sent over HTTP, from bytes in memory to counts; nothing of it is written anywhere."""

import io
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from afterword_model import Prediction
from afterword_model.manifest import Manifest
from afterword_serving.entry import HARMLESS, Entry, Item, Skip, SkipReason
from afterword_serving.journals import ReadOptions
from afterword_serving.journals.archive import Limits
from afterword_serving.journals.inputs import opened
from afterword_serving.journals.readers import read_source
from afterword_serving.journals.source import Source
from afterword_serving.limits import File
from afterword_serving.problems import FieldProblem, Kind, ProblemError
from afterword_serving.report import Options
from afterword_serving.report.aggregate import Aggregate
from afterword_serving.report.page import render
from afterword_serving.report.words import count_words
from afterword_serving.rows import make_row
from afterword_serving.settings import Settings
from afterword_serving.summary import WHY
from afterword_serving.tally import Tally

_MEMBERS = 20_000
"""Most files in a zip that is sent."""
_PARQUET = b"PAR1"
_ADVISED: frozenset[SkipReason] = frozenset({"unknown_format", "unreadable", "unsafe_zip"})
"""Reasons whose detail is in words of ours and not about options of a command."""


class Stopped(BaseException):
    """Nobody waits for the report any more: no fault of the file's, which readers would report and go on."""


class Upload:
    """Reads, counts and draws one file; each method works in one thread at a time, and none on the event loop."""

    def __init__(self, file: File, reading: ReadOptions, options: Options, settings: Settings) -> None:
        self._settings, self._options = settings, options
        self._stop = threading.Event()
        self._tally, self._aggregate = Tally(), Aggregate(include_text=options.include_text)
        self._advice: Counter[tuple[SkipReason, str]] = Counter()
        self._entries = self._tally.entries_of(self._noting(self._read(file, reading)))

    def stop(self) -> None:
        """End a reading that is under way in another thread, when next it asks for bytes."""
        self._stop.set()

    def read(self) -> list[Entry]:
        """Return the next entries, about as much as the model should be given at once; none at the end.

        Raises:
            ProblemError: there are more than the settings allow.
            Stopped: `stop` was called.
        """
        taken: list[Entry] = []
        room = self._settings.max_characters
        most = min(self._settings.batch_notes, self._settings.queue_notes)
        while len(taken) < most and room > 0 and (entry := next(self._entries, None)):
            if self._tally.entries > self._settings.max_entries:
                raise self._too_many()
            if len(entry.text) > self._settings.max_characters:
                self._tally.skip(Skip("too_large", ""))
                continue
            taken.append(entry)
            room -= len(entry.text)
        return taken

    def count(self, entries: Sequence[Entry], predictions: Sequence[Prediction | None]) -> list[Entry]:
        """Count the answers to some entries and return the next ones, as `read` does."""
        for entry, prediction in zip(entries, predictions, strict=True):
            if prediction is None:
                self._tally.skip(Skip("not_classified", ""))
                continue
            self._tally.answers.labels[prediction.label.value] += 1
            self._tally.answers.sure += prediction.sure
            self._aggregate.add(make_row(entry, prediction, include_text=self._options.include_text))
        return self.read()

    def page(self, model: Manifest) -> str:
        """Return the report.

        Raises:
            ProblemError: there was nothing to report on.
        """
        if not self._tally.answers.total:
            raise self._nothing_read()
        reasons = [f"{count} {words}" for count, words in self._left_out()]
        return render(self._aggregate, self._options, skipped=self._tally.left_out, reasons=reasons, model=model)

    def _read(self, file: File, reading: ReadOptions) -> Iterator[Item]:
        limits = Limits(
            members=_MEMBERS, bytes=self._settings.max_unpacked_bytes, nested=self._settings.max_unpacked_bytes
        )
        source = Source(file.name, file.name, partial(_Memory, file.data, self._stop))
        for part in opened(source, limits):
            if isinstance(part, Skip):
                yield part
            elif part.head.startswith(_PARQUET):  # a few bytes of it can stand for any number of rows
                yield Skip("unknown_format", part.file, "a Parquet table, which `afterword classify` reads")
            else:
                yield from read_source(part, reading)

    def _noting(self, items: Iterator[Item]) -> Iterator[Item]:
        for item in items:
            if isinstance(item, Skip) and item.detail and item.reason in _ADVISED:
                self._advice[item.reason, item.detail] += 1
            yield item

    def _left_out(self) -> Iterator[tuple[int, str]]:
        """Yield how many things were left out and why, what went wrong first; without a word of the file."""
        for reason, places in sorted(self._tally.skipped.items(), key=lambda pair: pair[0] in HARMLESS):
            advice = [detail for (of, detail), _ in self._advice.most_common() if of == reason][:2]
            yield places.count, "; ".join([WHY[reason], *advice])

    def _nothing_read(self) -> ProblemError:
        return ProblemError(
            Kind.NOTHING_READ,
            "Give the file that the app exports, as it is; `afterword formats` lists the apps.",
            errors=[
                FieldProblem(where="the file", problem=f"holds {count_words(count, 'part', 'parts')} {why}")
                for count, why in self._left_out()
            ],
        )

    def _too_many(self) -> ProblemError:
        most = self._settings.max_entries
        return ProblemError(
            Kind.TOO_LARGE, f"Send at most {most} entries; `afterword classify --report` reads any number."
        )


class _Memory(io.BytesIO):
    """The bytes of a file, until the reading is to stop."""

    def __init__(self, data: bytes, stop: threading.Event) -> None:
        super().__init__(data)
        self._stop = stop

    def read(self, size: int | None = -1, /) -> bytes:
        if self._stop.is_set():
            raise Stopped
        return super().read(size)
