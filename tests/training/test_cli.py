import json
import re
import shutil
import sys
from collections import defaultdict

import pytest
from click.testing import CliRunner

from afterword_training.cli import cli, main

pytestmark = pytest.mark.slow


COMMANDS = sorted(cli.commands)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command as a user does; returns exit status, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["afterword-train", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0
    assert f"afterword-train {command}" in result.output
    assert "Example" in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command):
    options = [item for item in cli.commands[command].params if item.param_type_name == "option"]
    assert [item.name for item in options if not item.help and item.name != "part"] == []


def test_the_group_lists_its_commands():
    result = CliRunner().invoke(cli, ["-h"])
    assert result.exit_code == 0
    assert all(f"  {command}" in result.output for command in COMMANDS)


@pytest.mark.parametrize(("raised", "status"), [(KeyboardInterrupt(), 130), (RuntimeError("Zorvexian"), 70)])
def test_a_stop_and_a_fault_have_a_status_of_their_own(run, monkeypatch, raised, status):
    def fail(*_):
        raise raised

    monkeypatch.setattr("afterword_training.cli.load_config", fail)

    ended, out, told = run("check")

    assert ended == status
    assert "Zorvexian" not in out + told
    assert (f"a fault in Afterword ({__name__}:" in told) == (status == 70)
    assert told.count("\n") == 1


def shared_options():
    """Return the options of several commands by their words."""
    options = defaultdict(list)
    for command in cli.commands.values():
        for item in command.params:
            for word in item.opts if item.param_type_name == "option" else ():
                options[word].append(item)
    return {word: items for word, items in options.items() if len(items) > 1}


SHARED = shared_options()

SAID = {
    "--base": "^Folder with the base encoder's files",
    "--model": "^Folder of the artifact",
    "--passages": r"(?i)measure on this JSON Lines file \(text, label\)",
    "--registry": "^Folder of (the )?models",
}
"""What every help of an option says, where a command adds what it does with it."""

OUT = {"-o", "--out"}
"""Where the result goes; each command's help says what that is."""


def test_several_commands_share_options():
    assert set(SHARED) >= {"--config", "--notes", *SAID, *OUT}


@pytest.mark.parametrize("word", sorted(SHARED))
def test_an_option_word_takes_the_same_values_everywhere(word):
    forms = [item.to_info_dict() for item in SHARED[word]]
    for key in ("opts", "type", "nargs", "multiple", "is_flag"):
        assert [form[key] for form in forms] == [forms[0][key]] * len(forms), key


@pytest.mark.parametrize("word", sorted(set(SHARED) - OUT))
def test_an_option_word_means_the_same_everywhere(word):
    helps = {item.help for item in SHARED[word]}
    if word in SAID:
        assert len(helps) > 1
        assert [text for text in helps if not re.search(SAID[word], text)] == []
    else:
        assert len(helps) == 1


def test_train_then_evaluate(run, tiny_notes, tiny_config, tmp_path, caplog):
    common = ("--config", tiny_config, "--notes", tiny_notes)
    status, out, err = run("train", *common, "-o", tmp_path / "model")
    assert status == 0
    assert out.startswith("24 notes by authors H; model afterword-tiny 0.0.1.")
    assert "Traceback" not in err

    status, again, _ = run("evaluate", *common, "--model", tmp_path / "model", "-o", tmp_path / "figures.json")
    assert (status, again) == (0, out)
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert written == json.loads((tmp_path / "model" / "metrics.json").read_text(encoding="utf-8"))

    status, other, _ = run("evaluate", *common, "--model", tmp_path / "model", "--part", "validation")
    assert status == 0
    assert other.startswith("24 notes by authors L")
    assert "flattered" not in caplog.text
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    lines = (notes / "G.jsonl").read_text(encoding="utf-8").splitlines()
    (notes / "G.jsonl").write_text("\n".join(lines[::-1]) + "\n", encoding="utf-8")
    run("evaluate", "--config", tiny_config, "--notes", notes, "--model", tmp_path / "model")
    assert "trained on other notes than these: if it learned from these authors" in caplog.text


def test_check_of_a_sound_corpus(run, tiny_notes, tiny_config):
    assert run("check", "--config", tiny_config, "--notes", tiny_notes) == (0, "", "The corpus is sound.\n")


def test_check_lists_problems_and_exits_with_1(run, tiny_config, tmp_path, canary):
    (tmp_path / "A.jsonl").write_text(f'{{"text": "{canary}"}}\n', encoding="utf-8")
    status, out, err = run("check", "--config", tiny_config, "--notes", tmp_path)
    assert status == 1
    assert out.startswith("A.jsonl:1: id: field required")
    assert "problems." in err
    assert "Zorvexian" not in out + err


WRONG_USE = {
    "no such folder": (["check", "--notes", "no/such/folder"], "no *.jsonl files in no/such/folder"),
    "no configuration": (["check", "--config", "none.toml"], "no configuration to read at none.toml"),
    "no model": (["evaluate", "--model", "no/model"], "no model at no/model"),
    "train without OUT": (["train"], "--out"),
    "unknown part": (["evaluate", "--part", "train"], "'train' is not one of"),
    "unknown command": (["fit"], "No such command"),
}


@pytest.mark.parametrize(("arguments", "words"), WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_one_message_and_exit_2(run, tiny_notes, tiny_config, arguments, words):
    if arguments[0] in {"check", "evaluate"}:
        command, *rest = arguments
        arguments = [command, "--config", tiny_config, "--notes", tiny_notes, *rest]
    status, out, err = run(*arguments)
    assert status == 2
    assert words in err
    assert out == ""
    assert "Traceback" not in err


def test_a_broken_corpus_stops_training_without_a_word_of_it(run, tiny_config, tmp_path, canary):
    (tmp_path / "A.jsonl").write_text(json.dumps({"text": canary}) + "\n", encoding="utf-8")
    status, out, err = run("train", "--config", tiny_config, "--notes", tmp_path, "-o", tmp_path / "out")
    assert status == 2
    assert "A.jsonl:1" in err
    assert "Zorvexian" not in out + err
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_written_is_one_line(run, artifact_folder, tiny_notes, tiny_config, tmp_path):
    out = tmp_path / "missing" / "figures.json"
    words = ["--config", tiny_config, "--notes", tiny_notes, "--model", artifact_folder]
    status, _, error = run("evaluate", *words, "-o", out)
    assert status == 2
    assert error.splitlines()[-1] == f"afterword-train: {out}: No such file or directory."
