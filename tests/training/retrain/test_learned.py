"""What a team's model has learned from is not what later ones are judged on."""

import json
import logging
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.training.retrain.conftest import FIRST, write_table

import afterword_training.retrain.held_out as held_out
import afterword_training.retrain.run as run
from afterword_model import Classifier, artifact
from afterword_model.artifact import MANIFEST, sha256
from afterword_model.errors import ArtifactAltered, ArtifactIncomplete, InputError
from afterword_model.labels import Label
from afterword_model.manifest import Manifest
from afterword_model.registry import Registry
from afterword_training.cli import cli
from afterword_training.config import Split
from afterword_training.drift.reference import load_reference
from afterword_training.gate import TEAM, Decision
from afterword_training.labelled import LabelledNote
from afterword_training.retrain import Request, retrain
from afterword_training.retrain.contests import team_contest
from afterword_training.retrain.learned import (
    LEARNED,
    Digests,
    Learned,
    learned_otherwise,
    load_learned,
    mark_known,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def again(request_for: Request, learned_once: Path, tmp_path: Path) -> Request:
    """A later retraining of the clinic, whose champion knows its first notes."""
    return replace(request_for, registry=shutil.copytree(learned_once, tmp_path / "again"))


@pytest.fixture
def learns(monkeypatch: pytest.MonkeyPatch) -> Callable[[Request], bool]:
    """Tells whether a retraining comes to the point where it learns."""

    class Reached(Exception):
        pass

    def stop(*_: object) -> None:
        raise Reached

    def try_it(request: Request) -> bool:
        monkeypatch.setattr(held_out, "make", stop)
        try:
            retrain(request)
        except Reached:
            return True
        return False

    return try_it


def champion(registry: Path) -> Path:
    return Registry(registry).artifact(Registry(registry).pointer().champion)


def manifest_of(folder: Path) -> Manifest:
    return Manifest.model_validate_json((folder / MANIFEST).read_bytes())


def learned_by(folder: Path) -> Learned:
    return load_learned(folder, manifest_of(folder), manifest_of(folder).corpus_sha256)


NEW = {
    "one": lambda notes: notes[:1],
    "five, a label missing": lambda notes: [note for note in notes if note["label"] != "rumination"][:5],
    "twenty of one writer": lambda notes: [{**note, "writer": "one"} for note in notes[:20]],
}


@pytest.mark.parametrize("some", NEW.values(), ids=NEW)
def test_a_growing_sheet_is_judged_on_its_new_notes_alone(
    some: Callable[[list[dict[str, str]]], list[dict[str, str]]],
    again: Request,
    clinic_notes: list[dict[str, str]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    known = {note["text"] for note in clinic_notes[:FIRST]}
    new = some(clinic_notes[FIRST:])
    learned: list[set[str]] = []
    real = held_out.make

    def make(notes, *rest):  # type: ignore[no-untyped-def]
        learned.append({note.text for note in notes})
        return real(notes, *rest)

    monkeypatch.setattr(held_out, "make", make)
    rows = [{"writer": note["id"], **note} for note in [*clinic_notes[:FIRST], *new]]
    file = write_table(tmp_path / "grown.csv", rows, "writer")
    outcome = retrain(replace(again, files=(file,), options=replace(again.options, group_field="writer")))
    assert all(known < each or (known == each and len(new) == 1) for each in learned)
    assert [item.notes for item in outcome.verdict.comparisons if item.name == TEAM] == [len(new)]
    assert not any(item.known_groups for item in outcome.verdict.comparisons)
    assert outcome.verdict.decision is not Decision.PROMOTE
    words = (
        f"{FIRST} of {FIRST + len(new)} notes were known to the model in use or stand in the corpus, so the model was"
    )
    folder = Registry(again.registry).artifact(outcome.version)
    assert f"{words} judged on the other {len(new)}." in caplog.text
    card = (folder / "README.md").read_text("utf-8")
    assert f"{words} judged on the other {len(new)}." in card
    one_group = len({note.get("writer", note["id"]) for note in new}) == 1
    assert ("All notes judged are of one group" in card) is one_group
    assert ("had not learned from its group" in card) is not one_group
    assert f"name: {len(new)} cross-fitted notes of a team}}" in card
    reference = load_reference(folder, manifest_of(folder))
    assert reference is not None
    assert reference.profile.notes == len(new)
    after = learned_by(folder)
    assert [len(digests.digests) for digests in after.models] == [FIRST + len(new)]


def test_where_no_note_is_new_nothing_is_learned_and_the_message_says_how_to_go_on(
    again: Request, clinic_notes: list[dict[str, str]], tmp_path: Path, learns: Callable[[Request], bool]
) -> None:
    file = write_table(
        tmp_path / "same.csv", [{**note, "text": note["text"].replace(" ", "  ")} for note in clinic_notes[:FIRST]]
    )
    request = replace(again, files=(file,))
    with pytest.raises(InputError, match=f"has learned from all {FIRST} notes already") as told:
        learns(request)
    advice = re.search(r"afterword-train (promote shipped --registry .*)", str(told.value))
    assert advice
    assert CliRunner().invoke(cli, shlex.split(advice[1]), catch_exceptions=False).exit_code == 0
    assert learns(request)


def test_of_a_team_model_without_the_file_it_is_said_that_it_cannot_be_told(
    again: Request, learns: Callable[[Request], bool], caplog: pytest.LogCaptureFixture
) -> None:
    folder = champion(again.registry)
    old = manifest_of(folder)
    (folder / LEARNED).unlink()
    files = {name: digest for name, digest in old.files.items() if name != LEARNED}
    (folder / MANIFEST).write_text(old.model_copy(update={"files": files}).model_dump_json(), "utf-8")
    assert learns(again)
    assert "cannot be told" in caplog.text
    assert not learned_by(folder).and_from(["a text"]).complete


def test_of_a_model_that_no_team_made_nothing_is_said(
    request_for: Request, learns: Callable[[Request], bool], caplog: pytest.LogCaptureFixture
) -> None:
    assert learns(request_for)
    assert "cannot be told" not in caplog.text
    assert "was trained" not in caplog.text


def test_of_a_model_made_of_another_corpus_it_is_said_that_it_cannot_be_told(
    request_for: Request,
    tiny_notes: Path,
    tmp_path: Path,
    learns: Callable[[Request], bool],
    caplog: pytest.LogCaptureFixture,
) -> None:
    fewer = shutil.copytree(tiny_notes, tmp_path / "fewer")
    (fewer / "O.jsonl").unlink()
    assert learns(replace(request_for, notes=fewer))
    assert "learned from another corpus" in caplog.text
    assert load_learned(artifact.SHIPPED, manifest_of(artifact.SHIPPED), "0" * 64).complete


UNLEARNED = "whom neither this model nor the one before it learned from"


def test_of_a_champion_trained_by_another_configuration_no_one_is_said_to_be_unseen(
    request_for: Request, caplog: pytest.LogCaptureFixture
) -> None:
    config = request_for.config.model_copy(update={"version": "another"})
    outcome = retrain(replace(request_for, config=config))
    assert "was trained by another configuration: if it learned from the corpus's validation or test" in caplog.text
    folder = Registry(request_for.registry).artifact(outcome.version)
    card = (folder / "README.md").read_text("utf-8")
    assert "learned from them cannot be told" in card
    assert UNLEARNED not in card
    assert learned_by(folder).split is None


def test_a_team_model_keeps_the_split_by_which_its_test_authors_are_unseen(
    again: Request,
) -> None:
    folder = champion(again.registry)
    learned, manifest, config = learned_by(folder), manifest_of(folder), again.config
    assert UNLEARNED in (folder / "README.md").read_text("utf-8")
    assert learned_otherwise(learned, manifest, config, manifest.corpus_sha256) is None
    assert learned_otherwise(learned, manifest, config, "0" * 64) == "on other notes than these"
    other = config.model_copy(update={"split": Split(validation=("H",), test=("L",))})
    assert learned_otherwise(learned, manifest, other, manifest.corpus_sha256) == "by another configuration"


def test_a_model_made_from_the_base_encoder_knows_nothing_from_the_champion(request_for: Request) -> None:
    before, doubt = Learned().and_from(["a"]), "by another configuration"
    light, base = (run._learned([], before, replace(request_for, mode=mode), doubt) for mode in ("light", "base"))
    assert (light.split, light.hold(["a"])) == (None, [True])
    assert (base.split, base.hold(["a"])) == (request_for.config.split, [False])


@pytest.mark.parametrize("label", ["its own", "another"])
def test_notes_that_the_corpus_has_are_learned_from_and_not_judged_on(
    label: str,
    request_for: Request,
    clinic_notes: list[dict[str, str]],
    tiny_notes: Path,
    tmp_path: Path,
    learns: Callable[[Request], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[LabelledNote] = []
    monkeypatch.setattr(run, "held_out", lambda notes, *rest: given.extend(notes) or held_out.held_out(notes, *rest))
    lines = (tiny_notes / "O.jsonl").read_text("utf-8").splitlines()[:10]
    corpus = [json.loads(line) for line in lines]
    other = {"reflection": "rumination", "rumination": "neither", "neither": "reflection"}
    labelled = corpus if label == "its own" else [{**note, "label": other[note["label"]]} for note in corpus]
    file = write_table(tmp_path / "mixed.csv", [*clinic_notes, *labelled])
    assert learns(replace(request_for, files=(file,)))
    assert {note.text for note in given if note.known} == {note["text"] for note in corpus}
    assert len(given) == len(clinic_notes) + len(corpus)


def test_a_file_that_is_damaged_or_missing_is_told(again: Request, learns: Callable[[Request], bool]) -> None:
    path = champion(again.registry) / LEARNED
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ArtifactAltered, match="checksum differs"):
        learns(again)
    sealed = manifest_of(path.parent)
    path.write_text('{"format": 2}', encoding="utf-8")
    files = {**sealed.files, LEARNED: sha256(path)}
    with pytest.raises(ArtifactAltered, match="not of the form"):
        load_learned(path.parent, sealed.model_copy(update={"files": files}), sealed.corpus_sha256)
    path.unlink()
    with pytest.raises(ArtifactIncomplete, match="is missing"):
        learns(again)


def test_a_text_is_known_by_its_words_and_no_text_is_kept(canary: str) -> None:
    one, other = Digests.of([canary]), Digests.of([canary])
    assert one.hold([canary.upper().replace(" ", "  "), "another"]) == [True, False]
    assert one.salt != other.salt
    assert one.digests != other.digests
    assert "zorvexian" not in one.model_dump_json().casefold()


def test_what_the_models_before_it_learned_from_stays_known_and_is_kept_once() -> None:
    first = Learned().and_from(["a", "b"])
    second = first.and_from(["b", "c"])
    assert second.hold(["a", "b", "c", "d"]) == [True, True, True, False]
    assert [len(digests.digests) for digests in second.models] == [2, 1]
    assert len(second.and_from(["a", "b", "c"]).models) == 1
    assert Learned().hold(["a"]) == [False]


@pytest.mark.parametrize(("client", "met"), [("a", True), ("b", False)])
def test_it_is_told_whether_new_notes_are_of_clients_whose_others_are_known(
    client: str, met: bool, classifier: Classifier
) -> None:
    old = LabelledNote("n1", "f:1", "I will ask.", Label.REFLECTION, "a", 1, known=True)
    new = LabelledNote("n2", "f:2", "Why did I?", Label.RUMINATION, client, 1)
    found = team_contest([old, new], classifier, np.full((1, 3), 1 / 3))
    assert (list(found.ids), found.known_groups) == (["n2"], met)


def test_near_copies_of_known_notes_are_known(clinic_notes: list[dict[str, str]]) -> None:
    text = " ".join(note["text"] for note in clinic_notes[:4])
    texts = [text, f"{text} Yes.", clinic_notes[9]["text"]]
    notes = [LabelledNote(f"n{at}", f"f:{at}", each, Label.NEITHER, f"n{at}", 1) for at, each in enumerate(texts)]
    assert [note.known for note in mark_known(notes, Learned().and_from([text]))] == [True, True, False]
