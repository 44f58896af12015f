import shutil

import pytest
from datasets import ClassLabel

from afterword_model.errors import InputError
from afterword_model.labels import Marker
from afterword_training.corpus import (
    by_author,
    corpus_files,
    corpus_sha256,
    examples_of,
    load_corpus,
)


@pytest.fixture(scope="module")
def corpus(tiny_notes):
    return load_corpus(tiny_notes)


@pytest.fixture
def copy(tiny_notes, tmp_path):
    return shutil.copytree(tiny_notes, tmp_path / "notes")


def test_columns_are_typed_and_in_memory(corpus):
    assert isinstance(corpus.features["label"], ClassLabel)
    assert corpus.cache_files == []


def test_notes_come_in_the_order_of_files_and_lines(corpus, tiny_notes):
    assert [file.name for file in corpus_files(tiny_notes)] == ["G.jsonl", "H.jsonl", "L.jsonl", "O.jsonl"]
    assert corpus[0]["id"] == "G-0001"
    assert list(dict.fromkeys(corpus["author"])) == ["G", "H", "L", "O"]


def test_loading_leaves_no_copy_of_a_text_on_disk(copy, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(home / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(home))
    by_author(load_corpus(copy), ["G"])
    assert list(home.rglob("*")) == []


def test_authors_are_picked_in_order(corpus):
    assert set(by_author(corpus, ["L", "G"])["author"]) == {"G", "L"}
    assert len(by_author(corpus, ["L", "G"])) == 54
    assert len(by_author(corpus, [])) == 0


def test_examples_hold_markers_as_spans_of_the_normalised_text(corpus):
    examples = examples_of(corpus)
    steps = [
        example.text[span.start : span.end]
        for example in examples
        for span in example.spans
        if span.kind is Marker.NEXT_STEP
    ]
    marked = [mark["span"] for markers in corpus["markers"] for mark in markers if mark["kind"] == 0]
    assert len(steps) == len(marked) > 10
    assert [step.replace("'", "") for step in steps][:5] == [
        words.replace("'", "").replace("’", "") for words in marked
    ][:5]


def test_no_files_are_told(tmp_path):
    with pytest.raises(InputError, match="no \\*.jsonl files"):
        load_corpus(tmp_path)


def test_a_bad_line_is_told_by_file_and_line(copy):
    with (copy / "L.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "L-9999"}\n')
    with pytest.raises(InputError, match=r"L\.jsonl:25: text: field required"):
        load_corpus(copy)


def test_the_checksum_sees_every_byte_and_every_name(copy):
    before = corpus_sha256(copy)
    assert before == corpus_sha256(copy)
    (copy / "G.jsonl").rename(copy / "A.jsonl")
    renamed = corpus_sha256(copy)
    with (copy / "L.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert len({before, renamed, corpus_sha256(copy)}) == 3
