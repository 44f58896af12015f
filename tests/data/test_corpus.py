import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from afterword_model.labels import LABELS, Label
from afterword_training.check import check_corpus
from afterword_training.config import load_config
from afterword_training.corpus import examples_of, load_corpus
from afterword_training.notes import SLICES
from afterword_training.provenance import about_corpus
from afterword_training.train import split_corpus

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]
NOTES = ROOT / "data" / "notes"

VIVID = set("GHIJKLMN")
PLAIN = set("OPQRSTUV")
"""The authors whose register is known for certain; see the data card."""


@pytest.fixture(scope="module")
def config():
    return load_config(ROOT / "training" / "config.toml")


@pytest.fixture(scope="module")
def corpus():
    return load_corpus(NOTES)


@pytest.fixture(scope="module")
def parts(corpus, config):
    return vars(split_corpus(corpus, config.split))


def test_the_corpus_is_sound(config):
    assert [str(problem) for problem in check_corpus(NOTES, config.split)] == []


def test_every_note_is_in_one_part(corpus, parts):
    ids = [note for part in parts.values() for note in part["id"]]
    assert sorted(ids) == sorted(corpus["id"])
    assert len(ids) == len(set(ids))


def test_no_author_and_no_contrast_straddles_parts(parts):
    for column in ("author", "pair"):
        where = defaultdict(set)
        for name, part in parts.items():
            for value in part[column]:
                where[value].add(name)
        where.pop(None, None)
        assert {value: names for value, names in where.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_each_part_holds_both_registers_every_label_and_every_kind(parts, name):
    part = parts[name]
    assert set(part["author"]) & VIVID
    assert set(part["author"]) & PLAIN
    assert set(part["label"]) == set(range(len(LABELS)))
    assert set(part["slice"]) == set(range(len(SLICES)))
    assert min(Counter(part["label"]).values()) / len(part) > 0.2


def test_training_has_an_author_of_mostly_no_self_appraisal(parts):
    train = parts["train"]
    neither = LABELS.index(Label.NEITHER)
    shares = Counter(author for author, label in zip(train["author"], train["label"], strict=True) if label == neither)
    assert max(shares[author] / count for author, count in Counter(train["author"]).items()) >= 2 / 3


def test_a_file_is_an_author():
    for file in NOTES.glob("*.jsonl"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert {json.loads(line)["author"] for line in lines} == {file.stem}
        assert all(json.loads(line)["id"].startswith(f"{file.stem}-") for line in lines)


def test_it_says_of_itself_that_anybody_may_have_it():
    about = about_corpus(NOTES)
    assert about.license == "apache-2.0"
    assert "nobody's records" in about.told
    assert "\n" not in about.told.strip()


def test_columns_are_typed(corpus):
    assert corpus.features["label"].names == ["reflection", "rumination", "neither"]
    assert corpus.cache_files == []


def test_next_steps_stand_in_reflections_but_for_a_step_taken_back(corpus):
    wrong = [
        note["id"]
        for note in corpus
        if LABELS[note["label"]] is not Label.REFLECTION and any(mark["kind"] == 0 for mark in note["markers"])
    ]
    assert len(wrong) < len(corpus) / 1000, wrong


def test_nearly_every_marker_survives_normalisation(parts):
    marked = sum(len(markers) for markers in parts["validation"]["markers"])
    found = sum(len(example.spans) for example in examples_of(parts["validation"]))
    assert found / marked > 0.995
