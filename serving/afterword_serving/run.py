"""One run of `afterword classify`, with plain arguments and no terminal."""

import hashlib
import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from afterword_model.durable import written_paths
from afterword_model.errors import ConfigError
from afterword_model.manifest import Manifest
from afterword_serving import batch
from afterword_serving.checkpoint import Checkpoint, Identity
from afterword_serving.destination import linked
from afterword_serving.journals import ReadOptions, read_journals
from afterword_serving.journals.inputs import STDIN, check_inputs, listing
from afterword_serving.output_file import OutputFile
from afterword_serving.rows import columns
from afterword_serving.run_manifest import RunManifest, counts, describe_model
from afterword_serving.sinks import Format, Sink, StreamSink
from afterword_serving.tally import Tally
from afterword_serving.units import By
from afterword_serving.version import installed_version

if TYPE_CHECKING:
    from afterword_serving.report import Report

_SUFFIXES: dict[str, Format] = {".csv": "csv", ".parquet": "parquet"}


@dataclass(frozen=True)
class Job:
    """What to classify, and where the results go; no `out` means standard output."""

    inputs: tuple[str, ...]
    out: Path | None = None
    to: Format = "jsonl"
    reading: ReadOptions = field(default_factory=ReadOptions)
    resume: bool = False
    include_text: bool = False
    report: Path | None = None
    prompts: bool = True
    """Whether the report offers a question where an entry has no next step."""
    by: By = "entry"
    """What gets a row of its own."""

    @property
    def recorded(self) -> dict[str, object]:
        """The options that shape the results."""
        own = {"to": self.to, "by": self.by, "include_text": self.include_text, "chunk": batch.CHUNK}
        return {**asdict(self.reading), **own}

    def new_report(self) -> "Report | None":
        """Return the report asked for, still empty, or None."""
        if self.report is None:
            return None
        from afterword_serving.report import Options, Report  # the plotting library is slow to load

        return Report(self.report, Options(include_text=self.include_text, prompts=self.prompts, by=self.by))


def format_of(out: Path | None) -> Format:
    """Return the format that a file name's ending asks for; JSON Lines when it says nothing."""
    return _SUFFIXES.get(out.suffix.lower(), "jsonl") if out else "jsonl"


def check_job(job: Job) -> None:
    """Return when the job can be begun.

    Raises:
        InputError: an input is missing.
        ConfigError: the options do not go together.
    """
    check_inputs(job.inputs)
    if report := job.new_report():
        report.check([*job.inputs, *(OutputFile.paths(job.out) if job.out else ())])
    if job.out is None and job.to == "parquet":
        raise ConfigError("Parquet goes to a file. Name one with -o.")
    if not job.resume:
        return
    if job.out is None:
        raise ConfigError("--resume goes on with a file. Name it with -o, as in the interrupted run.")
    if any(name == STDIN or not (Path(name).is_file() or Path(name).is_dir()) for name in job.inputs):
        raise ConfigError("--resume reads the input again, which a pipe cannot. Save it to a file first.")


def run(
    job: Job,
    classifier: batch.Predictor,
    model: Manifest | None,
    stdout: BinaryIO,
    *,
    advance: Callable[[int], object] | None = None,
    say: Callable[[str], object] | None = None,
) -> Tally:
    """Do the job and return what it met.

    Args:
        job: checked by `check_job`.
        classifier: labels the entries.
        model: its manifest, for the record.
        stdout: gets the rows when the job names no file.
        advance: told how many entries were done since last time.
        say: told what a user should know meanwhile.

    Raises:
        AfterwordError: the job cannot be begun, gone on with or written.
    """
    if job.out is None:
        return _to_stream(job, classifier, model, stdout, advance)
    return _to_file(job, job.out, classifier, model, advance, say or (lambda _: None))


def _to_stream(
    job: Job,
    classifier: batch.Predictor,
    model: Manifest | None,
    stdout: BinaryIO,
    advance: Callable[[int], object] | None,
) -> Tally:
    tally, report = Tally(), job.new_report()
    to: Literal["jsonl", "csv"] = "csv" if job.to == "csv" else "jsonl"
    stream = io.TextIOWrapper(stdout, encoding="utf-8", newline="", write_through=True)
    sink = StreamSink(stream, to, columns(by=job.by, include_text=job.include_text))
    try:
        _classify(job, classifier, report.watch(sink) if report else sink, tally, Checkpoint(), advance)
        if not tally.fruitless:
            sink.finish()
            if report:
                report.write(skipped=tally.left_out, model=model, kept="The results above are whole.")
    finally:
        with suppress(OSError):  # where nothing can be written, that is told already
            stream.detach()
    return tally


def _to_file(
    job: Job,
    out: Path,
    classifier: batch.Predictor,
    model: Manifest | None,
    advance: Callable[[int], object] | None,
    say: Callable[[str], object],
) -> Tally:
    tally, started, report = Tally(), datetime.now(UTC), job.new_report()
    sink = OutputFile(out, job.to, columns(by=job.by, include_text=job.include_text), _identity(job, model))
    sink.check(job.inputs)
    if sink.interrupted and not job.resume:
        say(f"The unfinished run beside {out} is started over; --resume would have gone on with it.")
    with sink:
        start = sink.begin(resume=job.resume)
        if start.entries:
            say(f"Going on after {start.entries} entries.")
        if report:
            report.add(sink.rows())
        _classify(job, classifier, report.watch(sink) if report else sink, tally, start, advance)
        if tally.fruitless:
            sink.discard()
            return tally
        if report:
            kept = "All results are kept; run again with --resume to have them and the report."
            report.write(skipped=tally.left_out, model=model, kept=kept)
        sink.finish()
    _record(job, sink.out, model, tally, start, started)
    return tally


def _classify(
    job: Job,
    classifier: batch.Predictor,
    sink: Sink,
    tally: Tally,
    start: Checkpoint,
    advance: Callable[[int], object] | None,
) -> None:
    items = read_journals(job.inputs, job.reading, exclude=_own(job))
    batch.classify(
        items,
        classifier,
        sink,
        tally=tally,
        start=start,
        by=job.by,
        include_text=job.include_text,
        advance=advance,
    )


def _own(job: Job) -> frozenset[Path]:
    """Return the paths that the run may write: not input, wherever they lie."""
    results = OutputFile.paths(job.out) if job.out else frozenset()
    return results | written_paths(linked(job.report)) if job.report else results


def _identity(job: Job, model: Manifest | None) -> Identity:
    files = listing([name for name in job.inputs if name != STDIN], exclude=_own(job))
    return Identity(
        afterword=installed_version(),
        inputs=hashlib.sha256(json.dumps([job.inputs, files]).encode()).hexdigest(),
        model=model.model_sha256 if model else "unknown",
        options=json.dumps(job.recorded, sort_keys=True),
    )


def _record(job: Job, out: Path, model: Manifest | None, tally: Tally, start: Checkpoint, started: datetime) -> None:
    RunManifest(
        afterword=installed_version(),
        model=describe_model(model),
        inputs=job.inputs,
        output=out.name,
        options=job.recorded,
        started=started,
        finished=datetime.now(UTC),
        resumed_after=start.entries,
        **counts(tally),
    ).save(out)
