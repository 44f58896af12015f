import csv
import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model import Classifier
from afterword_serving.cli import main
from afterword_serving.review.tools import TOOLS
from afterword_serving.review.tools.label_studio import LABELLING_CONFIG

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "dayone-export.zip"
CANARY = "Zorvexian marmalade quibbled"
CLIENTS = ["Xanthe Aa", "Ypolita Bb"]


@pytest.fixture
def review(artifact_folder, tmp_path, monkeypatch):
    """Runs the command in an empty folder, with the tiny model."""
    monkeypatch.chdir(tmp_path)

    def run(*args, model=artifact_folder, input=None):
        return CliRunner().invoke(main, ["review", *map(str, args), "--model", str(model)], input=input)

    return run


def test_the_sample_journal(review, tmp_path):
    done = review(SAMPLE, "-o", "tasks.json", "--limit", 20)

    assert done.exit_code == 0
    assert done.stdout == ""
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert len(tasks) == 20
    assert sum("drawn at random" in task["data"]["why"] for task in tasks) == 2
    assert tasks[0]["predictions"][0]["model_version"] == "afterword-tiny 0.0.1"
    assert "Read 52 entries (52 Day One)." in done.stderr
    assert "Picked 20 of them" in done.stderr
    assert "tasks.json HOLDS THE TEXTS of these notes" in done.stderr
    assert stat.S_IMODE((tmp_path / "tasks.json").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["tasks.json"]


def test_the_texts_are_in_the_file_and_nowhere_else(review, tmp_path, caplog):
    (tmp_path / "j.md").write_text(f"{CANARY}: I should have known, why did I not ask her.")

    done = review("j.md", "-o", "tasks.json")

    assert CANARY in (tmp_path / "tasks.json").read_text()
    assert "Zorvexian" not in done.output + caplog.text


def test_the_tasks_go_back_to_the_classifier_they_came_from(review, tmp_path, artifact_folder):
    review(SAMPLE, "-o", "tasks.json", "--limit", 10)

    tasks = json.loads((tmp_path / "tasks.json").read_text())
    predictions = Classifier.load(artifact_folder).predict([task["data"]["text"] for task in tasks])
    for task, prediction in zip(tasks, predictions, strict=True):
        (guess,) = task["predictions"]
        assert guess["result"][0]["value"]["choices"] == [prediction.label.value]
        assert guess["score"] == pytest.approx(max(prediction.probabilities.values()), abs=1e-6)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool(review, tmp_path, tool):
    assert review(SAMPLE, "-o", "tasks", "--to", tool, "--limit", 5).exit_code == 0
    assert (tmp_path / "tasks").stat().st_size > 500


def test_csv_goes_by_the_name(review, tmp_path):
    review(SAMPLE, "-o", "tasks.csv", "--limit", 5)

    with (tmp_path / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 5


def test_a_table_begins_with_the_mark_by_which_excel_knows_utf_8_and_is_read_again(review, tmp_path):
    (tmp_path / "j.md").write_text("I didn\u2019t ask her.", encoding="utf-8")
    review("j.md", "-o", "tasks.csv")

    assert (tmp_path / "tasks.csv").read_bytes().startswith(b"\xef\xbb\xbfid,text,label,")
    assert review("tasks.csv", "-o", "again.json").exit_code == 0
    (task,) = json.loads((tmp_path / "again.json").read_text())
    assert (task["data"]["text"], task["data"]["entry_id"]) == ("I didn\u2019t ask her.", "j.md")


def test_each_task_tells_its_file_alone(review, tmp_path):
    for name in ("ana", "ben"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"text": f"I should have asked {name}."}))
    review("ana.jsonl", "ben.jsonl", "-o", "tasks.json")

    tasks = json.loads((tmp_path / "tasks.json").read_text())
    assert {task["data"]["file"] for task in tasks} == {"ana.jsonl", "ben.jsonl"}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_column_of_clients_goes_into_the_tasks_only_when_asked_for(review, tmp_path, tool):
    rows = [f'{number},{client},"I should have asked {client[0]}."' for number, client in enumerate(CLIENTS)]
    (tmp_path / "notes.csv").write_text("\n".join(["id,client,text", *rows]))

    for name, asked in (("without", []), ("with", ["--group-column", "Client"])):
        done = review("notes.csv", "-o", name, "--to", tool, *asked)
        assert done.exit_code == 0
        found = [client for client in CLIENTS if client in (tmp_path / name).read_text(encoding="utf-8-sig")]
        assert found == (CLIENTS if asked else [])
        assert not any(client in done.output for client in CLIENTS)


def test_a_column_of_clients_that_is_not_there_is_told_with_those_that_are(review, tmp_path):
    (tmp_path / "notes.csv").write_text(f"id,client,text\n1,Xanthe,{CANARY}.\n")

    done = review("notes.csv", "-o", "t.csv", "--group-column", "klient")

    assert done.exit_code == 2
    assert "Left out 1 without the column named with --group-column:" in done.stderr
    assert "notes.csv (no column is named klient; there are id, client, text)" in done.stderr
    assert "Zorvexian" not in done.output
    assert not (tmp_path / "t.csv").exists()


def test_a_journal_without_columns_has_no_groups(review, tmp_path):
    done = review(SAMPLE, "-o", "t.csv", "--limit", 3, "--group-column", "client")

    assert done.exit_code == 2
    assert "None of the notes picked has anything in a column client." in done.stderr
    assert not (tmp_path / "t.csv").exists()


def test_the_same_command_gives_the_same_file(review, tmp_path):
    for name in ("a", "b"):
        review(SAMPLE, "-o", name, "--limit", 15)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_standard_input_and_a_column(review, tmp_path):
    done = review("-", "-o", "t.csv", "--text-column", "said", input='{"id": "a", "said": "Rain."}\n')

    assert done.exit_code == 0
    assert "Rain." in (tmp_path / "t.csv").read_text()


def test_labels_given_by_hand_are_not_written_over(review, tmp_path):
    (tmp_path / "tasks.json").write_text("labelled by hand")

    done = review(SAMPLE, "-o", "tasks.json")
    assert done.exit_code == 2
    assert "--force" in done.stderr
    assert (tmp_path / "tasks.json").read_text() == "labelled by hand"

    assert review(SAMPLE, "-o", "tasks.json", "--force").exit_code == 0
    assert json.loads((tmp_path / "tasks.json").read_text())


def test_the_folder_that_tasks_go_to_may_be_the_input(review, tmp_path):
    (tmp_path / "a.md").write_text("I should have asked her.")

    for _ in range(2):
        assert review(".", "-o", "tasks.json", "--force").exit_code == 0
    assert len(json.loads((tmp_path / "tasks.json").read_text())) == 1


def test_what_cannot_be_read_is_located_and_the_rest_is_done(review, tmp_path):
    done = review("-", "-o", "t.json", input=f'{{"text": "Rain all day here."}}\n{{broken {CANARY}\n')

    assert done.exit_code == 1
    assert "standard input, line 2" in done.stderr
    assert "Zorvexian" not in done.output
    assert len(json.loads((tmp_path / "t.json").read_text())) == 1


def test_nothing_to_pick_writes_nothing(review, tmp_path):
    (tmp_path / "empty.md").write_text("\n")

    done = review("empty.md", "-o", "t.json")

    assert done.exit_code == 2
    assert "no note to pick" in done.stderr
    assert not (tmp_path / "t.json").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-such.zip", "-o", "t"], "no-such.zip"),
        (["j.md"], "-o"),
        (["j.md", "-o", "no/t"], "There is no folder no"),
        (["j.md", "-o", "j.md"], "is an input too"),
        (["j.md", "-o", "t", "--to", "excel"], "excel"),
        (["j.md", "-o", "t", "--limit", "0"], "--limit"),
        (["j.md", "-o", "t", "--random-share", "2"], "--random-share"),
    ],
)
def test_wrong_use_is_status_2(review, tmp_path, args, words):
    (tmp_path / "j.md").write_text("Rain.")

    done = review(*args)

    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert isinstance(done.exception, SystemExit)


def test_a_model_that_is_not_there(review, tmp_path):
    done = review(SAMPLE, "-o", "t", model="nowhere")

    assert done.exit_code == 2
    assert "There is no model at nowhere" in done.stderr
    assert not (tmp_path / "t").exists()


def test_the_labelling_config_is_printed_without_input():
    done = CliRunner().invoke(main, ["review", "--labelling-config"])

    assert done.exit_code == 0
    assert done.stdout == LABELLING_CONFIG
