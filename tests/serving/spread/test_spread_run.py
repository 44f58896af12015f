"""Shards, done by an engine in this process: the same results as the local engine's, and nothing done twice."""

import io
import json
import os
import stat

import pytest

from afterword_model import Classifier
from afterword_model.errors import ConfigError, InputError, OutputError
from afterword_serving.journals import ReadOptions
from afterword_serving.run import Job, check_job, run
from afterword_serving.spread import ray_engine, spread_run
from afterword_serving.spread.spread_run import check_spread, run_spread


@pytest.fixture(autouse=True)
def _ray_is_there(monkeypatch):
    monkeypatch.setattr(spread_run, "check_ray", lambda: None)


@pytest.fixture
def spread(folder, tmp_path, artifact_folder, sequential):
    """Runs the job over `folder`; returns the tally, what was said, and the engine."""

    def go(name="out.jsonl", engine=None, inputs=None, **options):
        engine, said = engine or sequential(), []
        job = Job(inputs or (str(folder),), **options)
        check_spread(job, str(tmp_path / name))
        tally = run_spread(job, str(tmp_path / name), artifact_folder, engine=engine, say=said.append)
        return tally, said, engine

    return go


@pytest.fixture
def lenient():
    """New files may be read by everybody, unless they are made otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def local(job, artifact_folder):
    classifier = Classifier.load(artifact_folder)
    check_job(job)
    return run(job, classifier, classifier.manifest, io.BytesIO())


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("options", [{}, {"by": "sentence"}, {"include_text": True}])
def test_the_results_are_those_of_the_local_engine(spread, folder, tmp_path, artifact_folder, to, options):
    there, _, _ = spread("there", to=to, **options)
    here = local(Job((str(folder),), tmp_path / "here", to, **options), artifact_folder)

    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()
    assert there == here
    assert there.skipped["bad_json"].where == ["notes/b.jsonl, line 41 (the line is not a JSON object)"]


def test_the_report_and_the_record_are_those_of_the_local_engine(spread, folder, tmp_path, artifact_folder):
    spread("there.jsonl", report=tmp_path / "there.html")
    local(Job((str(folder),), tmp_path / "here.jsonl", report=tmp_path / "here.html"), artifact_folder)

    assert (tmp_path / "there.html").read_bytes() == (tmp_path / "here.html").read_bytes()
    there, here = (json.loads((tmp_path / f"{name}.jsonl.run.json").read_text()) for name in ("there", "here"))
    assert there.pop("options").pop("engine") == "ray"
    for changing in ("started", "finished", "output"):
        del there[changing], here[changing]
    del here["options"]
    assert there == here


def test_nothing_is_left_behind(spread, tmp_path):
    spread()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "out.jsonl", "out.jsonl.run.json"]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize(("include_text", "wanted"), [(True, 0o600), (False, 0o644)])
def test_with_texts_only_the_owner_may_read(spread, sequential, tmp_path, lenient, include_text, wanted):
    out, rows = tmp_path / "out.jsonl", tmp_path / "out.jsonl.shards" / "000000.jsonl"
    out.with_name("out.jsonl.tmp").touch(0o644)
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2), include_text=include_text)
    assert stat.S_IMODE(rows.stat().st_mode) == wanted

    spread(resume=True, include_text=include_text)
    assert stat.S_IMODE(out.stat().st_mode) == wanted


def test_a_shard_that_is_done_is_not_done_again(spread, sequential, tmp_path):
    spread("whole.jsonl")
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2))
    assert not (tmp_path / "out.jsonl").exists()

    _, said, engine = spread(resume=True)

    assert engine.did == ["deep/c.jsonl"]
    assert said == ["Going on: 2 of 3 shards are done."]
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert json.loads((tmp_path / "out.jsonl.run.json").read_text())["resumed_after"] == 190


def test_a_shard_cut_short_is_done_again(spread, sequential, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2))
    shards = tmp_path / "out.jsonl.shards"
    (shards / "000001.json").unlink()
    (shards / "000001.jsonl.tmp").write_text('{"id": "half')

    assert spread(resume=True)[2].did == ["b.jsonl", "deep/c.jsonl"]


@pytest.mark.parametrize("change", ["file", "options", "record"])
def test_a_shard_of_another_input_or_other_options_is_done_again(spread, sequential, folder, tmp_path, change):
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2))
    if change == "file":
        os.utime(folder / "a.parquet", ns=(1, 1))
    elif change == "record":
        (tmp_path / "out.jsonl.shards" / "000000.json").write_text("{")

    did = spread(resume=True, include_text=change == "options")[2].did

    assert did == ["a.parquet", *(["b.jsonl"] if change == "options" else []), "deep/c.jsonl"]


def test_without_resume_it_starts_over_and_says_so(spread, sequential):
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2))

    _, said, engine = spread()

    assert len(engine.did) == 3
    assert "is started over; --resume would have gone on" in said[0]


def test_rows_changed_by_something_else_do_not_pass_for_results(spread, sequential, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        spread(engine=sequential(stop_after=2))
    rows = tmp_path / "out.jsonl.shards" / "000000.jsonl"
    rows.write_bytes(rows.read_bytes().partition(b"\n")[2])

    with pytest.raises(InputError, match="changed by something else"):
        spread(resume=True)
    assert not (tmp_path / "out.jsonl").exists()


def test_shards_that_did_not_arrive_are_missed(spread, tmp_path):
    with pytest.raises(OutputError, match=r"results of notes/a\.parquet are not in .*--resume"):
        spread(engine=lambda *_: None)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_report_that_cannot_be_written_costs_no_results(spread, tmp_path, sequential):
    (tmp_path / "a.html.tmp").mkdir()
    with pytest.raises(OutputError, match=r"a\.html cannot be written .*--resume"):
        spread(report=tmp_path / "a.html")
    assert not (tmp_path / "out.jsonl").exists()
    (tmp_path / "a.html.tmp").rmdir()

    assert spread(report=tmp_path / "a.html", resume=True)[2].did == []
    assert (tmp_path / "a.html").exists()


def test_other_files_are_left_out_and_said(spread, folder):
    (folder / "read.md").write_text("A long day, and I let it go.", encoding="utf-8")

    tally, _, _ = spread()

    assert tally.entries == 197
    assert tally.skipped["unknown_format"].where == [
        "notes/read.md (work is spread over files of Parquet and JSON Lines only)"
    ]


def test_results_in_the_folder_of_the_input_are_no_input(spread):
    for _ in range(2):
        tally, _, _ = spread("notes/out.jsonl")

    assert tally.entries == 197
    assert set(tally.skipped) == {"bad_json"}


def test_nothing_read_is_no_result(spread, folder, tmp_path):
    (tmp_path / "broken.jsonl").write_text("{broken")

    assert spread(inputs=(str(tmp_path / "broken.jsonl"),))[0].fruitless
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.jsonl", "notes"]


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        (None, {}, "Name one with -o"),
        ("out.jsonl", {"inputs": ("-",)}, "not standard input"),
        ("out.jsonl", {"reading": ReadOptions("day-one")}, "Leave out --engine"),
        ("notes", {}, "is a folder"),
        (os.devnull, {}, "is a device or a pipe"),
        ("missing/out.jsonl", {}, "There is no folder"),
        ("notes/b.jsonl", {"inputs": ("notes/b.jsonl",)}, "is an input too"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_done(folder, tmp_path, monkeypatch, out, options, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=words):
        check_spread(Job(**{"inputs": ("notes",), **options}), out)


def test_a_missing_input_is_said(tmp_path):
    with pytest.raises(InputError, match="There is no file or folder"):
        check_spread(Job((str(tmp_path / "nowhere"),)), str(tmp_path / "out.jsonl"))


def test_without_ray_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(ray_engine, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install '\.\[ray\]' in Afterword's folder"):
        ray_engine.check_ray()


@pytest.mark.parametrize("cpus", [1, 2, 3, 16, 400])
@pytest.mark.parametrize("shards", [1, 5, 1000])
def test_actors_never_claim_every_processor(cpus, shards):
    actors, claim = ray_engine.count_actors(cpus, shards)

    assert 1 <= actors <= shards
    assert actors * claim < cpus


def test_inputs_named_as_the_results_begin_are_read(spread, tmp_path):
    for name in ("all.jsonl.1", "all.jsonl.2", "all.jsonl.tmp"):
        (tmp_path / name).write_text(f'{{"id": "{name}", "text": "I cut in too early."}}\n', encoding="utf-8")

    spread("all.jsonl", inputs=tuple(str(tmp_path / f"all.jsonl.{ending}") for ending in ("1", "2", "tmp")))

    rows = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["id"] for row in rows] == ["all.jsonl.1", "all.jsonl.2"]
