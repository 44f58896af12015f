import csv
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_serving.cli import COMMANDS, main
from afterword_serving.entry import path_digest

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "dayone-export.zip"
CANARY = "Zorvexian marmalade quibbled"


@pytest.fixture
def afterword(artifact_folder, tmp_path, monkeypatch):
    """Runs the command in an empty folder, with the tiny model."""
    monkeypatch.chdir(tmp_path)

    def run(*args, input=None, model=True):
        model_args = ["--model", str(artifact_folder)] if model and args[0] == "classify" else []
        return CliRunner().invoke(main, [*map(str, args), *model_args], input=input)

    return run


def run_outside(*args, **options):
    paths = os.pathsep.join(str(ROOT / name) for name in ("model", "training", "serving"))
    command = [sys.executable, "-m", "afterword_serving", *map(str, args)]
    env = os.environ | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": ""}  # buffered, as a user's is
    return subprocess.run(command, env=env, timeout=600, check=False, **options)


def test_the_main_job(afterword, tmp_path):
    done = afterword("classify", SAMPLE, "-o", "results.csv")

    assert done.exit_code == 0
    assert done.stdout == ""
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 52
    assert {row["label"] for row in rows} <= {"reflection", "rumination", "neither"}
    assert "Read 52 entries (52 Day One)." in done.stderr
    assert "dayone-export.zip/Journal.json, entry 7" in done.stderr
    assert "Results are in results.csv." in done.stderr
    record = json.loads((tmp_path / "results.csv.run.json").read_text(encoding="utf-8"))
    assert record["model"]["name"] == "afterword-tiny"
    assert (record["rows"], record["skipped"]["media_only"]["count"]) == (52, 2)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["results.csv", "results.csv.run.json"]


def test_no_word_of_the_journal_is_in_results_record_or_messages(afterword, tmp_path):
    (tmp_path / "j.md").write_text(f"---\ntitle: {CANARY}\ntags: [{CANARY.split()[0]}]\n---\n{CANARY} today.")

    done = afterword("classify", "j.md", "-o", "r.jsonl")

    everything = done.output + "".join(path.read_text() for path in tmp_path.glob("r.jsonl*"))
    assert done.exit_code == 0
    assert CANARY.split()[0] not in everything


@pytest.mark.parametrize("to", ["jsonl", "csv"])
def test_no_name_of_a_file_in_a_folder_is_in_results_or_report(afterword, tmp_path, to):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / f"{CANARY}.md").write_text("Next time I will wait for her. Why did I say that?")

    done = afterword("classify", "vault", "-o", "r", "--to", to, "--report", "r.html")

    everything = done.output + "".join(path.read_text() for path in tmp_path.glob("r*"))
    assert done.exit_code == 0
    assert CANARY not in everything
    assert path_digest(f"{CANARY}.md") in (tmp_path / "r").read_text()


def test_standard_input_to_standard_output(afterword):
    done = afterword(
        "classify", "-", input='{"id": "a", "text": "Next time I will wait."}\n{"id": "b", "text": "Rain."}\n'
    )

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [row["id"] for row in rows] == ["a", "b"]
    assert all(abs(row["p_reflection"] + row["p_rumination"] + row["p_neither"] - 1) < 1e-5 for row in rows)


def test_evidence_counts_the_characters_of_the_text(afterword):
    done = afterword("classify", "-", "--include-text", input='{"text": "\\u200bNext time I will wait for her."}\n')

    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    spans = [row["text"][span["start"] : span["end"]] for span in row["evidence"]]
    assert any("will wait" in span for span in spans)


@pytest.mark.parametrize(
    ("name", "args", "first"),
    [
        ("r.jsonl", [], b"{"),
        ("r.csv", [], b"id,label"),
        ("r.parquet", [], b"PAR1"),
        ("r.txt", ["--to", "csv"], b"id,label"),
    ],
)
def test_the_format_of_the_results(afterword, tmp_path, name, args, first):
    (tmp_path / "j.md").write_text("Rain.")

    assert afterword("classify", "j.md", "-o", name, *args).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(first)


def test_csv_on_standard_output(afterword, tmp_path):
    (tmp_path / "j.md").write_text("Rain.")

    assert afterword("classify", "j.md", "--to", "csv").stdout.startswith("id,label,")


def test_a_bad_entry_is_counted_and_located_and_the_rest_is_done(afterword):
    done = afterword("classify", "-", input='{"text": "Rain."}\n{broken ' + CANARY + "\n")

    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1
    assert "Left out 1 that are broken JSON:\n  standard input, line 2" in done.stderr


def test_nothing_that_can_be_read(afterword, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 words")

    done = afterword("classify", "a.pdf", "-o", "r.jsonl")

    assert done.exit_code == 2
    assert "afterword formats" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-such.zip"], "no-such.zip"),
        (["j.md", "-o", "no/r.jsonl"], "There is no folder no"),
        (["j.md", "-o", "j.md"], "is an input too"),
        (["j.md", "-o", "."], "is a folder"),
        (["j.md", "-o", "x" * 300], "File name too long"),
        (["j.md", "--to", "parquet"], "-o"),
        (["j.md", "--resume"], "-o"),
        (["-", "--resume", "-o", "r.jsonl"], "pipe"),
        (["j.md", "--from", "word"], "word"),
        (["j.md", "--by", "word"], "word"),
        ([], "INPUT"),
        (["j.md", "--model", "nowhere"], "There is no model at nowhere"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(afterword, tmp_path, args, words):
    (tmp_path / "j.md").write_text("Rain.")

    done = afterword("classify", *args, model="--model" not in args)

    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)


def test_the_folder_that_results_go_to_may_be_the_input(afterword, tmp_path):
    (tmp_path / "a.md").write_text("Rain.")

    for _ in range(2):
        assert afterword("classify", ".", "-o", "results.jsonl").exit_code == 0

    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1


def test_resume_without_an_interrupted_run_simply_runs(afterword, tmp_path):
    (tmp_path / "a.md").write_text("Rain.")

    assert afterword("classify", "a.md", "-o", "r.jsonl", "--resume").exit_code == 0
    assert (tmp_path / "r.jsonl").exists()


def test_starting_over_is_said(afterword, tmp_path):
    (tmp_path / "a.md").write_text("Rain.")
    for name in ("r.jsonl.part", "r.jsonl.part.json"):
        (tmp_path / name).write_text("{}")

    done = afterword("classify", "a.md", "-o", "r.jsonl")

    assert "--resume" in done.stderr
    assert done.exit_code == 0


def test_the_summary_says_how_sure_and_of_what(afterword):
    done = afterword("classify", "-", input='{"text": "Rain."}\n')

    assert re.search(r"neither +1 +100%", done.stderr)
    assert re.search(r"Sure of [01] of 1 \((0|100)%\)", done.stderr)


def test_formats_names_every_reader_and_where_to_export_it(afterword):
    from afterword_serving.journals import READERS

    done = afterword("formats")

    assert done.exit_code == 0
    assert all(reader.name in done.stdout and reader.export in done.stdout for reader in READERS)
    assert "Settings > Import/Export" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(afterword, command):
    done = afterword(command, "--help")

    assert done.exit_code == 0
    assert main.get_command(None, command).name == command
    assert len(done.stdout) > 100


def test_a_command_that_is_not_there(afterword):
    assert afterword("clasify").exit_code == 2


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk at hand")
@pytest.mark.parametrize("arguments", [("classify", SAMPLE), ("formats",), ("--help",)])
def test_a_full_standard_output(artifact_folder, arguments):
    model = ("--model", artifact_folder) if "classify" in arguments else ()
    with open("/dev/full", "wb") as full:
        done = run_outside(*arguments, *model, stdout=full, stderr=subprocess.PIPE)

    assert done.returncode == 2
    assert done.stderr == b"Error: Standard output cannot be written (No space left on device).\n"


@contextmanager
def small_disk():
    """Lets this process write no file beyond a few thousand bytes; the test runner's own log may be one of them."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv"])
def test_a_full_disk_leaves_nothing_that_passes_for_whole(afterword, tmp_path, name):
    assert afterword("classify", SAMPLE).exit_code == 0  # what the model unpacks for itself is there from now on

    with small_disk():
        done = afterword("classify", SAMPLE, "-o", name)

    assert done.exit_code == 2
    assert f"{name} cannot be written (File too large)" in done.stderr
    assert isinstance(done.exception, SystemExit)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("raised", "status"), [(KeyboardInterrupt(), 130), (RuntimeError(CANARY), 70)])
def test_a_stop_and_a_fault_have_a_status_of_their_own(afterword, tmp_path, monkeypatch, raised, status):
    def fail(*_):
        raise raised

    monkeypatch.setattr("afterword_serving.classify_command.check_job", fail)
    (tmp_path / "j.md").write_text("Rain.")

    done = afterword("classify", "j.md")

    assert done.exit_code == status
    assert CANARY not in done.output
    assert (f"a fault in Afterword ({__name__}:" in done.stderr) == (status == 70)
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_reader_that_stops_early_is_no_error(artifact_folder, tmp_path):
    path = tmp_path / "j.jsonl"
    path.write_text('{"text": "Rain."}\n' * 2000)
    reading, writing = os.pipe()
    os.close(reading)

    done = run_outside("classify", path, "--model", artifact_folder, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)

    assert b"Traceback" not in done.stderr
    assert b"Error" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", f'{{"text": "{CANARY}\n{{"words": "{CANARY}"}}\n{{"text": ["{CANARY}"]}}\n'),
        ("a.json", f'[{{"text": 5, "x": "{CANARY}"}}, {{"text": "{CANARY}'),
        ("a.csv", f'{CANARY},b\n{CANARY},"{CANARY}\n'),
        ("b.csv", f'id,text\n1,"{CANARY}"{CANARY}\n2,{CANARY},{CANARY}\n3,"{CANARY}'),
        (
            "Journal.json",
            f'{{"metadata":{{}},"entries":[{{"uuid":"x","creationDate":"{CANARY}","timeZone":"{CANARY}","text":"',
        ),
        ("a.md", f"---\n{CANARY}: [\n{CANARY}\n---\n%%{CANARY}%%"),
        ("a.parquet", f"PAR1{CANARY}"),
        ("a.zip", f"PK\x03\x04{CANARY}"),
        ("a.bin", f"\x00{CANARY}"),
        ("c.csv", f"id,date,text\n1,{CANARY},\n"),
    ],
)
def test_what_a_bad_file_holds_is_never_repeated(afterword, tmp_path, caplog, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")

    done = afterword("classify", name, "-o", "r.jsonl")

    assert done.exit_code in (0, 1, 2)
    assert isinstance(done.exception, SystemExit | None)
    said = done.output + caplog.text + repr(done.exception) + "".join(each.read_text() for each in tmp_path.glob("r.*"))
    assert "Zorvexian" not in said
    assert name in said


def test_what_breaks_the_model_is_never_repeated(afterword, monkeypatch, caplog):
    from afterword_model import Classifier

    def fail(_, texts):
        raise ValueError(f"cannot read {texts}")

    monkeypatch.setattr(Classifier, "predict", fail)
    done = afterword("classify", "-", input=f'{{"text": "{CANARY}"}}\n')

    assert done.exit_code == 2
    assert "that the model failed on:\n  standard input, line 1" in done.stderr
    assert "Zorvexian" not in done.output + caplog.text
