from pathlib import Path

import pytest
import yaml

from afterword_model.errors import InputError
from afterword_training.config import load_config
from afterword_training.corpus import load_corpus
from afterword_training.data_card import front_matter, sizes, write_data_card

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]
CARD = ROOT / "data" / "README.md"
NOTES = ROOT / "data" / "notes"


@pytest.fixture(scope="module")
def split():
    return load_config(ROOT / "training" / "config.toml").split


@pytest.fixture(scope="module")
def metadata():
    return yaml.safe_load(CARD.read_text(encoding="utf-8").split("---\n")[1])


def test_the_card_is_up_to_date(tmp_path, split):
    copy = tmp_path / "README.md"
    copy.write_bytes(CARD.read_bytes())
    assert not write_data_card(copy, NOTES, split), (
        "Run `afterword-train document`: the notes or the parts have changed."
    )


def test_metadata_names_every_file_once(metadata):
    (config,) = metadata["configs"]
    paths = [path for part in config["data_files"] for path in part["path"]]
    assert sorted(paths) == sorted(f"notes/{file.name}" for file in NOTES.glob("*.jsonl"))
    assert [part["split"] for part in config["data_files"]] == ["train", "validation", "test"]


def test_metadata_counts_every_note(metadata):
    total = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in NOTES.glob("*.jsonl"))
    assert sum(part["num_examples"] for part in metadata["dataset_info"]["splits"]) == total
    assert metadata["license"] == "apache-2.0"
    assert metadata["language"] == "en"
    names = {
        feature["name"]: feature["dtype"] for feature in metadata["dataset_info"]["features"] if "dtype" in feature
    }
    assert names["label"]["class_label"]["names"] == {"0": "reflection", "1": "rumination", "2": "neither"}


@pytest.mark.parametrize(
    "words", ["invented for this purpose", "Language-model authors", "no diagnosis|diagnosing", "own notes"]
)
def test_the_card_says_whose_notes_these_are(words):
    text = CARD.read_text(encoding="utf-8")
    assert any(word in text for word in words.split("|"))


def test_a_card_of_other_notes_counts_those(tiny_notes, tiny_config, tmp_path):
    split = load_config(tiny_config).split
    card = tmp_path / "README.md"
    card.write_text("---\nold: 1\n---\n# Card\n<!-- sizes -->\n<!-- /sizes -->\nend\n", encoding="utf-8")
    assert write_data_card(card, tiny_notes, split)
    text = card.read_text(encoding="utf-8")
    assert "| train | 2 | 60 | 14 | 14 | 32 |" in text
    assert "| H | test | 24 |" in text
    assert text.endswith("<!-- /sizes -->\nend\n")
    assert yaml.safe_load(text.split("---\n")[1])["dataset_info"]["splits"][0]["num_examples"] == 60
    assert not write_data_card(card, tiny_notes, split)


def test_neither_part_of_the_card_holds_a_text(tiny_notes, tiny_config):
    split = load_config(tiny_config).split
    corpus = load_corpus(tiny_notes)
    written = front_matter(corpus, tiny_notes, split) + sizes(corpus, split)
    assert not any(text[:30] in written for text in corpus["text"])


@pytest.mark.parametrize("text", ["# Card\n", "---\nold: 1\n---\n# No marks\n"])
def test_a_card_without_its_marks_is_refused(tiny_notes, tiny_config, tmp_path, text):
    card = tmp_path / "README.md"
    card.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"README\.md"):
        write_data_card(card, tiny_notes, load_config(tiny_config).split)
