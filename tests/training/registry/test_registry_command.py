import json
import re

import pytest
from click.testing import CliRunner

from afterword_model import Classifier, artifact
from afterword_training.cli import cli, main
from afterword_training.registry import add


@pytest.fixture
def registry(tmp_path):
    return tmp_path / "registry"


@pytest.fixture
def run(monkeypatch, capsys, registry):
    """Runs the command on `registry` as a user does; returns exit status, standard output and standard error."""

    def run(command, *arguments):
        words = ["afterword-train", command, *map(str, arguments), "--registry", str(registry)]
        monkeypatch.setattr("sys.argv", words)
        try:
            main()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return run


@pytest.fixture
def notes(tmp_path, canary):
    path = tmp_path / "notes.jsonl"
    rows = [{"id": f"n|{number}", "text": f"{canary} On day {number} I wrote it down."} for number in range(40)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_without_a_registry_the_shipped_model_is_in_use(run, registry):
    status, out, err = run("models")
    assert (status, err) == (0, "")
    manifest = artifact.verify(artifact.SHIPPED)
    assert re.search(
        rf"\| shipped \| yes \| .* \| 1200 notes of H, K, Q, U \| {manifest.name} {manifest.version} \|", out
    )
    assert out.endswith("In use is shipped.\n")
    assert not registry.exists()


def test_promote_a_folder_then_a_name_then_roll_back(run, registry, make_artifact):
    first, second = make_artifact("1"), make_artifact("2")
    assert run("promote", first) == (0, f"team-1 is now the champion of {registry}; before it was shipped.\n", "")
    assert run("promote", second)[0] == 0
    assert run("promote", "team-1")[1] == f"team-1 is now the champion of {registry}; before it was team-2.\n"
    assert run("promote", "team-1")[1] == f"team-1 is the champion of {registry} already.\n"
    status, out, _ = run("models")
    assert status == 0
    assert re.search(r"\| team-1 \| yes \| 2026-01-01 \| 0.700 \|  \|  \| team 1 \|", out)
    assert re.search(r"\| team-2 \|  \| 2026-01-01 \|", out)
    assert re.search(
        r"In use is team-1 since \d{4}-\d\d-\d\d \d\d:\d\d UTC. `afterword-train rollback` goes back to team-2.", out
    )
    assert run("rollback")[1] == f"team-2 is now the champion of {registry}; before it was team-1.\n"


def test_a_model_that_cannot_be_used_is_listed_with_the_reason(run, registry, make_artifact):
    run("promote", make_artifact("1"))
    (registry / "versions" / "team-1" / artifact.MODEL).unlink()
    status, out, _ = run("models")
    assert status == 0
    assert re.search(r"\| team-1 \| yes \|.*cannot be used: .*model.joblib is missing", out)


def test_diff_tells_ids_and_counts_and_no_words(run, registry, make_artifact, notes, tmp_path):
    run("promote", make_artifact("1", always="neither"))
    run("promote", make_artifact("2", always="rumination"))
    out_file = tmp_path / "changed.jsonl"
    status, out, err = run("diff", "team-1", "champion", notes, "-o", out_file)
    assert status == 0
    assert out.startswith("40 of 40 texts (100.0%) get another label from champion than from team-1.\n")
    assert out.count("| neither 1.00 | rumination 1.00 |") == 40
    assert "| n\\|39 |" in out
    assert "| **neither** | 0 | 40 | 0 |" in out
    rows = [json.loads(line) for line in out_file.read_text().splitlines()]
    assert rows[0] == {
        "id": "n|0",
        "before": {"label": "neither", "p": 1.0, "sure": True},
        "after": {"label": "rumination", "p": 1.0, "sure": True},
    }
    assert "xylocanary" not in out + err + out_file.read_text()


def test_diff_agrees_with_the_two_models(run, make_artifact, artifact_folder, tiny_notes):
    constant = make_artifact("5", always="neither")
    status, out, _ = run("diff", constant, artifact_folder, tiny_notes / "H.jsonl")
    assert status == 0
    notes = [json.loads(line) for line in (tiny_notes / "H.jsonl").read_text().splitlines()]
    answers = Classifier.load(artifact_folder).predict([note["text"] for note in notes])
    changed = {note["id"] for note, answer in zip(notes, answers, strict=True) if answer.label != "neither"}
    assert changed
    assert set(re.findall(r"^\| (H-\S+) \| neither", out, re.MULTILINE)) == changed
    assert out.startswith(f"{len(changed)} of {len(notes)} texts")


def test_diff_of_a_model_with_itself_changes_nothing(run, artifact_folder, notes):
    status, out, _ = run("diff", artifact_folder, artifact_folder, notes)
    assert status == 0
    assert out.startswith("0 of 40 texts (0.0%) ")


WRONG_USE = {
    "no registry to promote in": (["promote", "team-9"], "There is no registry at "),
    "no registry to go back in": (["rollback"], "There is no registry at "),
    "a folder without a model": (["promote", "."], "holds no manifest.json"),
    "unknown model in diff": (["diff", "shipped", "team-9", "notes.jsonl"], "has no model team-9"),
    "no input": (["diff", "shipped", "shipped"], "Missing argument 'INPUT...'"),
    "input that is not there": (["diff", "shipped", "shipped", "none.csv"], "none.csv cannot be read (No such file"),
}


@pytest.mark.parametrize(("words", "message"), WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_one_message_and_exit_2(run, notes, monkeypatch, words, message):
    monkeypatch.chdir(notes.parent)
    status, out, err = run(*words)
    assert status == 2
    assert message in err
    assert out == ""
    assert "Traceback" not in err
    assert not (notes.parent / "registry").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["promote", "team-9"], "has no model team-9. It has: shipped"),
        (["rollback"], "No model was in use before shipped"),
    ],
)
def test_wrong_use_of_a_registry_that_is_there(run, registry, make_artifact, words, message):
    add(registry, make_artifact("1"))
    status, _, err = run(*words)
    assert (status, message in err) == (2, True)


def test_a_folder_that_is_no_registry_is_not_made_one(run, registry):
    registry.mkdir()
    for words in (["promote", "shipped"], ["rollback"], ["models"]):
        run(*words)
    assert not list(registry.iterdir())


def test_a_damaged_registry_is_told_and_mended_by_promote(run, registry, make_artifact):
    run("promote", make_artifact("1"))
    (registry / "champion.json").write_text("{")
    for command in ("models", "rollback"):
        status, out, err = run(command)
        assert (status, out) == (2, "")
        assert "is damaged" in err
        assert "No model is lost" in err
    assert run("promote", "team-1")[0] == 0
    assert "| team-1 | yes |" in run("models")[1]


def test_what_lies_in_the_way_of_a_registry_is_told_and_left(run, registry, make_artifact):
    registry.write_text("not a folder")
    status, out, err = run("promote", make_artifact("1"))
    assert (status, out, registry.read_text()) == (2, "", "not a folder")
    assert f"{registry} cannot be written (File exists)." in err
    assert "Move away what is in the way there, and run the same command again." in err


def test_rows_of_diff_that_cannot_be_written_are_told_all_the_same(run, artifact_folder, notes, tmp_path):
    status, out, err = run("diff", artifact_folder, artifact_folder, notes, "-o", tmp_path / "no" / "rows.jsonl")
    assert (status, out[:12]) == (2, "0 of 40 text")
    assert "rows.jsonl cannot be written (No such file or directory). What it would hold is told above." in err


def test_every_command_says_where_the_registry_is_by_default():
    for command in ("models", "promote", "rollback", "diff"):
        assert "[default: registry]" in " ".join(CliRunner().invoke(cli, [command, "--help"]).output.split())
