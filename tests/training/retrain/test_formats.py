"""A clinic's notes as every tool exports them: they reach the learning whole, with their labels."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.training.labelled.exports import EXPORTS, Said

import afterword_training.retrain.run as run
from afterword_model.registry import Registry
from afterword_training.gate import TEAM
from afterword_training.labelled import LabelledNote
from afterword_training.retrain import Request, retrain

pytestmark = pytest.mark.slow


FEW = 40

ONE_A_TOOL = {tool: kind for kind, (tool, _, _) in reversed(EXPORTS.items())}
"""A kind of export of each tool."""


class Reached(Exception):
    """Learning was about to begin."""


@pytest.fixture(scope="session")
def said(clinic_notes: list[dict[str, str]]) -> list[Said]:
    """What the clinic's annotator said of each note."""
    return [Said(note["id"], note["text"], note["label"]) for note in clinic_notes]


def _export(kind: str, said: list[Said], folder: Path) -> Path:
    _, name, write = EXPORTS[kind]
    path = folder / name
    path.write_bytes(write(said))
    return path


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", EXPORTS)
def test_notes_of_every_export_reach_the_learning_whole(
    kind: str, said: list[Said], request_for: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[LabelledNote] = []

    def held_out(notes: list[LabelledNote], *_: object) -> None:
        reached.extend(notes)
        raise Reached

    monkeypatch.setattr(run, "held_out", held_out)
    with pytest.raises(Reached):
        retrain(replace(request_for, files=(_export(kind, said[:FEW], tmp_path),)))
    assert [(_words(note.text), note.label) for note in reached] == [
        (_words(each.text), each.label) for each in said[:FEW]
    ]
    if kind != "fasttext":  # which keeps no ids, and no line breaks
        assert [(note.id, note.text) for note in reached] == [(each.id, each.text) for each in said[:FEW]]


def test_files_of_all_tools_together_make_one_challenger(
    said: list[Said], request_for: Request, tmp_path: Path
) -> None:
    parts = [said[start :: len(ONE_A_TOOL)] for start in range(len(ONE_A_TOOL))]
    files = tuple(_export(kind, part, tmp_path) for kind, part in zip(ONE_A_TOOL.values(), parts, strict=True))
    outcome = retrain(replace(request_for, files=files))
    team = next(each for each in outcome.verdict.comparisons if each.name == TEAM)
    assert team.notes == len(said)
    assert team.challenger > team.champion
    assert outcome.version in Registry(request_for.registry).versions()
