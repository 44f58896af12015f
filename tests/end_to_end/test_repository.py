"""What is kept out of the repository, and what is packed into a source archive."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from tests.end_to_end.test_documents import COMMANDS, DOCUMENTS

ROOT = Path(__file__).parents[2]
KINDS = r"\b[\w-]+\.(?:csv|docx|html|jsonl?|parquet|svg|toml|txt|xml|zip)\b"

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="no clone of the repository"
)


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def _helps() -> list[str]:
    """Return what `--help` says of each command."""
    return [
        command.get_help(click.Context(command)) for group in COMMANDS.values() for command in group.commands.values()
    ]


def _named() -> list[str]:
    """Return the names, in this folder, of all files and folders that documents and helps let be read or written."""
    texts = [*(document.read_text(encoding="utf-8") for document in DOCUMENTS), *_helps()]
    files = {name for text in texts for name in re.findall(rf"(?<![\w/.\\<-]){KINDS}(?!/)", text)}
    calls = [line for text in texts for line in re.findall(r"^\W*afterword(?:-train)? [^\n#|]*", text, re.MULTILINE)]
    folders = {word for call in calls for word in re.findall(r"(?:(?<=--notes )|(?<= ))[\w-]+(?=/\s|/$)", call)}
    return sorted({*files, *(f"{folder}/x" for folder in {*folders, "my-notes", "labelled"})} - {"pyproject.toml"})


@needs_git
def test_notes_and_answers_in_this_folder_are_never_committed() -> None:
    named = _named()
    assert {"journal.zip", "new.jsonl", "old.jsonl", "drift.svg", "ours.toml", "argilla.json", "notes/x"} <= set(named)
    assert sorted(_git("check-ignore", "--no-index", *named)) == named


@needs_git
def test_what_belongs_to_the_repository_is_not_ignored() -> None:
    assert _git("ls-files", "--ignored", "--cached", "--exclude-standard") == []
    kept = ["data/notes/ZZ.jsonl", "data/samples/dayone-export.zip", "tests/labelled/x.py", "pyproject.toml"]
    assert _git("check-ignore", "--no-index", *kept) == []


def test_a_source_archive_holds_what_tests_open() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    opened = {f"/{path.relative_to(ROOT).parts[0]}" for path in [*DOCUMENTS, ROOT / ".ci/run"]}
    assert opened <= set(packed)
