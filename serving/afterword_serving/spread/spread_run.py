"""One run of `afterword classify --engine ray`: shards in, one file of results out, in the input's order."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from afterword_model import artifact
from afterword_model.durable import FRESH, written_paths
from afterword_model.errors import ConfigError, InputError, OutputError
from afterword_model.manifest import Manifest
from afterword_serving.checkpoint import Identity
from afterword_serving.destination import check_destination, linked
from afterword_serving.journals.inputs import STDIN
from afterword_serving.rows import Row, columns
from afterword_serving.run import Job
from afterword_serving.run_manifest import RECORD, RunManifest, counts, describe_model
from afterword_serving.sinks import json_line, write_csv, write_parquet
from afterword_serving.spread.place import Place
from afterword_serving.spread.ray_engine import check_ray, run_shards
from afterword_serving.spread.shard import Done, Shard, list_shards
from afterword_serving.spread.work import FORMATS, Plan, find_done
from afterword_serving.tally import Tally
from afterword_serving.version import installed_version

if TYPE_CHECKING:
    from afterword_serving.report import Report

SHARDS = ".shards"
"""Ending of the name of the folder where shards that are done wait, after that of the results."""

Engine = Callable[[Sequence[Shard], Plan, Callable[[int], object]], None]


def check_spread(job: Job, out: str | None) -> None:
    """Return when the job can be begun.

    Raises:
        InputError: an input is missing.
        ConfigError: the options do not go together, or Ray is not installed.
    """
    check_ray()
    if out is None:
        raise ConfigError("--engine ray writes to a file. Name one with -o, where every machine can reach it.")
    if STDIN in job.inputs:
        raise ConfigError("--engine ray reads files and folders, not standard input.")
    if job.reading.format not in (None, *FORMATS):
        raise ConfigError(f"--engine ray reads {' and '.join(FORMATS)}. Leave out --engine for other formats.")
    place = Place.of(out)
    if place.is_local:
        check_destination(Path(place.path), ending=RECORD + FRESH)
    elif place.is_folder:
        raise ConfigError(f"{out} is a folder. Give a file name to write to.")
    if place.name in (Place.of(name).name for name in job.inputs):
        raise ConfigError(f"{out} is an input too. Write the results to another file.")
    if report := job.new_report():
        report.check([*job.inputs, place.name, place.name + RECORD])
    list_shards(job.inputs)


def run_spread(
    job: Job,
    out: str,
    model: Path | None,
    *,
    engine: Engine = run_shards,
    advance: Callable[[int], object] | None = None,
    say: Callable[[str], object] | None = None,
) -> Tally:
    """Do the job and return what it met.

    Args:
        job: checked by `check_spread`; its own `out` is not looked at.
        out: path or URI of the file for the results.
        model: folder of the model, the same on every machine; None is the shipped one.
        engine: has shards classified.
        advance: told how many entries were done since last time.
        say: told what a user should know meanwhile.

    Raises:
        AfterwordError: the job cannot be begun, gone on with or written; shards that are done stay done.
    """
    started, place = datetime.now(UTC), Place.of(out)
    manifest = artifact.verify(model or artifact.SHIPPED)
    plan = _plan(job, place, model, manifest)
    shards = list_shards(job.inputs, exclude=_own(job, place), folder=plan.folder)
    try:
        todo = _begin(job, place, plan, shards, say or (lambda _: None))
        if todo:
            engine(todo, plan, advance or (lambda _: None))
        done = _all_done(plan, shards)
        tally = _sum(job, done)
        if not tally.fruitless:
            _put_together(job, place, plan, shards, done, tally, manifest)
            _record(
                job, place, manifest, tally, started, tally.entries - sum(done[each].tally.entries for each in todo)
            )
        Place.of(plan.folder).remove()
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise OutputError(f"{out} cannot be written ({reason}). Shards that are done are kept; use --resume.") from err
    return tally


def _own(job: Job, place: Place) -> frozenset[str]:
    """Return the names that the run may write, shards apart: not input, wherever they lie."""
    results = [place.beside(end + unfinished).name for end in ("", RECORD) for unfinished in ("", FRESH)]
    return frozenset(
        [*results, *(path.as_posix() for path in (written_paths(linked(job.report)) if job.report else ()))]
    )


def _plan(job: Job, place: Place, model: Path | None, manifest: Manifest) -> Plan:
    identity = Identity(
        afterword=installed_version(),
        inputs="",
        model=manifest.model_sha256,
        options=json.dumps(job.recorded, sort_keys=True),
    )
    return Plan(
        folder=place.beside(SHARDS).name,
        model=model.resolve() if model else None,
        reading=job.reading,
        by=job.by,
        include_text=job.include_text,
        identity=identity,
    )


def _begin(job: Job, place: Place, plan: Plan, shards: list[Shard], say: Callable[[str], object]) -> list[Shard]:
    """Return the shards still to do."""
    folder = Place.of(plan.folder)
    if not job.resume:
        if folder.is_folder:
            say(f"The unfinished run beside {place.name} is started over; --resume would have gone on with it.")
        folder.remove()
        return shards
    todo = [shard for shard in shards if find_done(plan, shard) is None]
    if len(todo) < len(shards):
        say(f"Going on: {len(shards) - len(todo)} of {len(shards)} shards are done.")
    return todo


def _all_done(plan: Plan, shards: list[Shard]) -> dict[Shard, Done]:
    found = {shard: find_done(plan, shard) for shard in shards}
    done = {shard: record for shard, record in found.items() if record}
    if missing := [shard.file for shard in shards if shard not in done]:
        raise OutputError(
            f"The results of {missing[0]} are not in {plan.folder}. Every machine must reach it by that name; "
            "put the results where all can, and run again with --resume."
        )
    return done


def _sum(job: Job, done: Mapping[Shard, Done]) -> Tally:
    tally = Tally()
    tally.answers.by = job.by
    for record in done.values():
        tally.merge(record.tally)
    return tally


def _put_together(
    job: Job, place: Place, plan: Plan, shards: list[Shard], done: Mapping[Shard, Done], tally: Tally, model: Manifest
) -> None:
    report = job.new_report()
    names = columns(by=job.by, include_text=job.include_text)
    rows = _rows(plan, shards, done, report)
    with place.writing(private=job.include_text) as stream:
        if job.to == "parquet":
            write_parquet(rows, stream, names)
        else:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            if job.to == "csv":
                write_csv(rows, text, names)
            else:
                text.writelines(map(json_line, rows))
            text.flush()
            text.detach()
        if report:
            kept = "All results are kept; run again with --resume to have them and the report."
            report.write(skipped=tally.left_out, model=model, kept=kept)


def _rows(plan: Plan, shards: list[Shard], done: Mapping[Shard, Done], report: "Report | None") -> Iterator[Row]:
    """Yield the rows of all shards in the input's order."""
    for shard in shards:
        count = 0
        with plan.rows(shard).open() as lines:
            for row in map(json.loads, lines):
                count += 1
                if report:
                    report.add([row])
                yield row
        if count != done[shard].tally.answers.total:
            raise InputError(f"{plan.rows(shard).name} was changed by something else. Run again without --resume.")


def _record(job: Job, place: Place, model: Manifest, tally: Tally, started: datetime, resumed_after: int) -> None:
    record = RunManifest(
        afterword=installed_version(),
        model=describe_model(model),
        inputs=job.inputs,
        output=place.name.rpartition("/")[2],
        options=job.recorded | {"engine": "ray"},
        started=started,
        finished=datetime.now(UTC),
        resumed_after=resumed_after,
        **counts(tally),
    )
    with place.beside(RECORD).writing() as stream:
        stream.write(record.text.encode())
