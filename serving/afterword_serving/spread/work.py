"""What a worker does with a shard: read it where it lies, classify it, and leave its rows and its record behind."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from afterword_model.errors import AfterwordError, OutputError
from afterword_serving import batch
from afterword_serving.checkpoint import Identity
from afterword_serving.entry import Item, Skip
from afterword_serving.journals import ReadOptions
from afterword_serving.journals.json_lines import JsonLines
from afterword_serving.journals.parquet import Parquet
from afterword_serving.journals.readers import detect, read_source
from afterword_serving.journals.source import READ_ERRORS, Source
from afterword_serving.rows import columns
from afterword_serving.sinks import StreamSink
from afterword_serving.spread.place import Place
from afterword_serving.spread.shard import Done, Shard
from afterword_serving.tally import Tally
from afterword_serving.units import By

FORMATS = (Parquet.name, JsonLines.name)
"""Formats in which each file stands for itself, so that any worker can read it."""


class Plan(BaseModel):
    """What every worker of a run must know."""

    model_config = ConfigDict(frozen=True)

    folder: str
    """Path or URI of the folder for finished shards."""
    model: Path | None
    reading: ReadOptions
    by: By
    include_text: bool
    identity: Identity
    """Of the run; a shard's own adds the file to it."""

    def rows(self, shard: Shard) -> Place:
        """Return where the rows of a shard go, as JSON Lines."""
        return Place.of(self.folder).within(f"{shard.number:06}.jsonl")

    def record(self, shard: Shard) -> Place:
        """Return where the record of a shard goes, once its rows are there."""
        return Place.of(self.folder).within(f"{shard.number:06}.json")

    def identity_of(self, shard: Shard) -> Identity:
        """Return what must be the same for a finished shard to be used again."""
        return self.identity.model_copy(update={"inputs": f"{shard.name} {shard.stamp}"})


def find_done(plan: Plan, shard: Shard) -> Done | None:
    """Return the record of a shard that this very run has finished before, or None."""
    record = plan.record(shard)
    try:
        if not record.is_file or not plan.rows(shard).is_file:
            return None
        done = Done.model_validate_json(record.read())
    except ValidationError:
        return None
    return done if done.identity == plan.identity_of(shard) else None


def classify_shard(plan: Plan, shard: Shard, classifier: batch.Predictor) -> Done:
    """Classify one shard and return its record, which is written last: where it lies, the rows are whole.

    Raises:
        OutputError: the results cannot be written.
    """
    tally = Tally()
    try:
        with plan.rows(shard).writing(private=plan.include_text) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            sink = StreamSink(text, "jsonl", columns(by=plan.by, include_text=plan.include_text), name=plan.folder)
            items = read_shard(shard, plan.reading)
            batch.classify(items, classifier, sink, tally=tally, by=plan.by, include_text=plan.include_text)
            text.detach()
        done = Done(identity=plan.identity_of(shard), tally=tally)
        with plan.record(shard).writing() as stream:
            stream.write(done.model_dump_json().encode())
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise OutputError(f"The results of {shard.file} cannot be written to {plan.folder} ({reason}).") from err
    return done


def read_shard(shard: Shard, reading: ReadOptions) -> Iterator[Item]:
    """Yield what the file holds; one that is neither Parquet nor JSON Lines is left out."""
    source = shard.source()
    if skip := _other(source, reading):
        yield skip
    else:
        yield from read_source(source, reading)


def _other(source: Source, reading: ReadOptions) -> Skip | None:
    try:
        reader = detect(source, reading.format)
    except READ_ERRORS as err:
        return Skip("unreadable", source.file, getattr(err, "strerror", None) or "")
    if reader and reader.name in FORMATS:
        return None
    return Skip("unknown_format", source.file, "work is spread over files of Parquet and JSON Lines only")


class Worker:
    """Classifies one shard after another with a model that it loads once. No error of its holds a note's text."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._classifier: Any = None

    def work(self, shard: Shard) -> tuple[int, str]:
        """Return the number of entries done, and what went wrong in words a user can act on, or nothing."""
        try:
            return classify_shard(self._plan, shard, self._loaded()).tally.entries, ""
        except AfterwordError as err:
            return 0, str(err)
        except Exception as err:  # its message could hold a note's text, so it must not get into a log of the engine's
            return 0, f"{shard.file} stopped its worker ({type(err).__name__})."

    def _loaded(self) -> batch.Predictor:
        if self._classifier is None:
            from afterword_model import Classifier

            self._classifier = Classifier.load(self._plan.model)
            self._classifier.use_threads(1)
        return self._classifier  # type: ignore[no-any-return]
