"""The report as part of a run: interrupted, gone on with, refused, and by the command."""

import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model import Evidence, Label, Marker, Prediction
from afterword_model.errors import ConfigError, OutputError
from afterword_serving.batch import CHUNK
from afterword_serving.cli import main
from afterword_serving.run import Job, check_job, run


class Stopped(BaseException):
    """What a Ctrl-C is to a run."""


class Reader:
    """Takes every third note for each label; stops after so many chunks."""

    def __init__(self, chunks=None):
        self._left = chunks

    def predict(self, texts):
        if self._left == 0:
            raise Stopped
        self._left = self._left and self._left - 1
        return [self._answer(text) for text in texts]

    def _answer(self, text):
        label = list(Label)[len(text) % 3]
        chances = {each: 0.8 if each is label else 0.1 for each in Label}
        return Prediction(label, chances, sure=True, lean=0.5, evidence=(Evidence(Marker.NEXT_STEP, 0, 4),))


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "j.jsonl"
    lines = [
        json.dumps({"id": f"e{n}", "text": f"Note {n}." + "x" * (n * n % 7), "date": f"2026-03-{1 + n % 28:02}"})
        for n in range(3 * CHUNK)
    ]
    path.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    return path


def do(job, reader=None):
    check_job(job)
    stdout = io.BytesIO()
    run(job, reader or Reader(), None, stdout)
    return stdout.getvalue()


def test_interrupted_and_gone_on_with_it_is_as_if_undisturbed(journal, tmp_path):
    do(Job((str(journal),), tmp_path / "a.jsonl", report=tmp_path / "a.html"))
    job = Job((str(journal),), tmp_path / "b.jsonl", report=tmp_path / "b.html")

    with pytest.raises(Stopped):
        do(job, Reader(2))
    assert not (tmp_path / "b.html").exists()
    do(Job(job.inputs, job.out, resume=True, report=job.report))

    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()
    assert f"{3 * CHUNK} entries from 1 March 2026".encode() in (tmp_path / "a.html").read_bytes()


def test_a_report_can_be_asked_for_when_going_on(journal, tmp_path):
    job = Job((str(journal),), tmp_path / "b.jsonl")
    with pytest.raises(Stopped):
        do(job, Reader(1))

    do(Job(job.inputs, job.out, resume=True, report=tmp_path / "b.html"))

    assert f"{3 * CHUNK} entries" in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_results_on_standard_output_have_a_report_too(journal, tmp_path):
    out = do(Job((str(journal),), report=tmp_path / "a.html"))

    assert out.count(b"\n") == 3 * CHUNK
    assert "1 item was left out" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_costs_no_results(journal, tmp_path):
    (tmp_path / "a.html.tmp").mkdir()
    job = Job((str(journal),), tmp_path / "a.jsonl", report=tmp_path / "a.html")

    with pytest.raises(OutputError, match=r"a\.html cannot be written .*--resume"):
        do(job)
    assert not (tmp_path / "a.html").exists()
    (tmp_path / "a.html.tmp").rmdir()
    do(Job(job.inputs, job.out, resume=True, report=job.report), Reader(0))

    assert (tmp_path / "a.html").exists()
    assert (tmp_path / "a.jsonl").read_bytes().count(b"\n") == 3 * CHUNK


@pytest.mark.parametrize("name", ["j.jsonl", "out.csv", "out.csv.part", "missing/a.html", "."])
def test_a_place_that_is_taken_or_missing_is_refused_before_anything_is_done(journal, tmp_path, name):
    job = Job((str(journal),), tmp_path / "out.csv", "csv", report=tmp_path / name)

    with pytest.raises(ConfigError):
        check_job(job)


def test_a_name_too_long_or_a_device_is_refused_before_anything_is_done(journal, tmp_path):
    for path, words in ((tmp_path / ("x" * 300), "File name too long"), (Path(os.devnull), "is a device or a pipe")):
        with pytest.raises(ConfigError, match=words):
            check_job(Job((str(journal),), report=path))


def test_a_link_to_a_report_stays(journal, tmp_path):
    file, link = tmp_path / "a.html", tmp_path / "link.html"
    link.symlink_to(file)

    do(Job((str(journal),), report=link))

    assert link.readlink() == file
    assert file.stat().st_size


def test_an_older_report_beside_the_notes_is_not_read_as_a_note(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("A long day, and I let it go.", encoding="utf-8")
    job = Job((str(notes),), report=notes / "report.md")

    assert do(job) == do(job)


def test_nothing_read_is_no_report(tmp_path):
    (tmp_path / "j.jsonl").write_text("{broken", encoding="utf-8")

    do(Job((str(tmp_path / "j.jsonl"),), report=tmp_path / "a.html"))

    assert not (tmp_path / "a.html").exists()


def test_by_the_command(journal, tmp_path, artifact_folder, canary):
    with journal.open("a", encoding="utf-8") as lines:
        lines.write("\n" + json.dumps({"id": "canary", "text": canary}))
    arguments = ["classify", str(journal), "--model", str(artifact_folder), "--no-prompts", "--report"]

    told = CliRunner().invoke(main, [*arguments, str(tmp_path / "a.html"), "-o", str(tmp_path / "a.csv")])
    shown = CliRunner().invoke(main, [*arguments, str(tmp_path / "b.html"), "--include-text"])

    assert (told.exit_code, shown.exit_code) == (1, 1)  # one line is broken
    assert "a.html. Open it in a browser" in told.stderr
    assert "xylocanary" not in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "xylocanary" in shown.stdout
    assert "What would you try" not in (tmp_path / "b.html").read_text(encoding="utf-8")
