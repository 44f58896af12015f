"""What the documents promise is there."""

import re
from pathlib import Path

import click
import pytest

from afterword_serving.cli import main as afterword
from afterword_training.cli import cli as afterword_train

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "training/README.md", "serving/README.md", "data/README.md")
]
COMMANDS = {"afterword": afterword, "afterword-train": afterword_train}


def _blocks(document: Path, language: str = r"\w*") -> list[str]:
    """Return the text of the document's blocks of code."""
    fences = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return fences.findall(document.read_text(encoding="utf-8"))


def _calls() -> list[tuple[str, list[str]]]:
    """Return every call of a command of ours in the documents' shell blocks."""
    calls = []
    for document in DOCUMENTS:
        for block in _blocks(document, "sh"):
            for call in re.findall(r"(?:^|[\s/|])(afterword(?:-train)?) ([a-z][a-z-]+[^\n|&#]*)", block):
                calls.append((call[0], call[1].split()))
    return calls


@pytest.mark.parametrize(
    ("program", "words"), _calls(), ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_every_documented_call_has_its_command_and_options(program: str, words: list[str]) -> None:
    group = COMMANDS[program]
    context = click.Context(group)
    command = group.get_command(context, words[0])
    assert command is not None, f"{program} has no command {words[0]}"
    known = {option for parameter in command.params for option in parameter.opts}
    for word in words[1:]:
        if word.startswith("-") and word != "-":
            assert word.split("=")[0] in known, f"{program} {words[0]} has no option {word}"


@pytest.mark.parametrize("program", COMMANDS)
def test_every_command_has_help_and_is_documented(program: str) -> None:
    group = COMMANDS[program]
    context = click.Context(group)
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.help
        assert f"{program} {name}" in text, f"{program} {name} is in no document"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_documented_can_be_done_in_its_order(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    tasks = re.findall(r"^afterword review .*-o (\S+)", text, re.MULTILINE)
    assert len(tasks) == len(set(tasks)), "the second is refused"
    for block in _blocks(document):
        assert not ("curl" in block and re.search(r"^afterword serve(?! --new-key)", block, re.MULTILINE)), block


def test_requests_are_made_as_older_curls_can() -> None:
    helps = [command.help or "" for group in COMMANDS.values() for command in group.commands.values()]
    for text in [*helps, *(document.read_text(encoding="utf-8") for document in DOCUMENTS)]:
        assert not re.search(r"curl [^\n]*--json", text)


def test_a_cluster_is_started_without_usage_statistics() -> None:
    heads = [
        line
        for document in DOCUMENTS
        for line in re.findall(r"ray start --head.*", document.read_text(encoding="utf-8"))
    ]
    assert heads
    assert all("--disable-usage-stats" in line for line in heads)


def test_the_gate_runs_the_readme_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sum("/pytest" in line for line in readme.splitlines()) == 1
    assert "grep -m1 -F '.venv/bin/pytest' README.md" in (ROOT / ".ci/run").read_text(encoding="utf-8")
