"""The corpus's data card: its front matter and its tables of sizes are written from the notes."""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from datasets import Dataset, DatasetInfo, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.splits import SplitDict
from huggingface_hub import DatasetCardData

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, MARKERS
from afterword_training.config import Split
from afterword_training.corpus import FEATURES, by_author, corpus_files, labels_of, load_corpus
from afterword_training.documents import fill
from afterword_training.notes import SLICES
from afterword_training.tables import table
from afterword_training.train import split_corpus

_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COLUMNS = ("notes", *LABELS, "voices", "median words")


def write_data_card(card: Path, notes: Path, split: Split) -> bool:
    """Bring the front matter and the tables of `card` up to date with the notes; return whether that changed it.

    Raises:
        InputError: the card has no front matter or no marks for its tables, or the notes cannot be read.
    """
    corpus = load_corpus(notes)
    old = card.read_text(encoding="utf-8")
    if not _HEAD.match(old):
        raise InputError(f"{card} does not begin with front matter between two lines of ---.")
    new = _HEAD.sub(lambda _: f"---\n{front_matter(corpus, notes, split)}---\n", old)
    if new != old:
        card.write_text(new, encoding="utf-8")
    return any([new != old, fill(card, "sizes", sizes(corpus, split))])


def front_matter(corpus: Dataset, notes: Path, split: Split) -> str:
    """Return the card's metadata as YAML, in the form that Hugging Face's dataset viewer reads."""
    parts = split_corpus(corpus, split)
    files = {name: _files(notes, part) for name, part in vars(parts).items()}
    card = DatasetCardData(
        pretty_name="Afterword: clinicians' notes about their own work",
        language="en",
        license="apache-2.0",
        annotations_creators="machine-generated",
        language_creators="machine-generated",
        multilinguality="monolingual",
        source_datasets="original",
        size_categories="1K<n<10K" if len(corpus) < 10_000 else "10K<n<100K",
        task_categories=["text-classification", "token-classification"],
        tags=["synthetic", "reflective-practice", "clinical-supervision", "rumination"],
        configs=[
            {
                "config_name": "default",
                "data_files": [
                    {"split": name, "path": [f"notes/{file.name}" for file in files[name]]} for name in files
                ],
            }
        ],
    )
    counts = {
        name: SplitInfo(name, num_bytes=sum(file.stat().st_size for file in files[name]), num_examples=len(part))
        for name, part in vars(parts).items()
    }
    info = DatasetInfo(features=FEATURES, splits=SplitDict(counts))
    DatasetInfosDict({"default": info}).to_dataset_card_data(card)
    return card.to_yaml() + "\n"


def sizes(corpus: Dataset, split: Split) -> str:
    """Return how many notes there are by part, author, kind and marker, as Markdown tables."""
    parts = vars(split_corpus(corpus, split))
    of_part = {author: name for name, part in parts.items() for author in part["author"]}
    authors = sorted(of_part, key=lambda name: (len(name), name))
    return "\n\n".join(
        [
            table(
                ("part", "authors", *_COLUMNS),
                [(name, str(len(set(part["author"]))), *_counts(part)) for name, part in parts.items()],
            ),
            table(
                ("author", "part", *_COLUMNS),
                [(name, of_part[name], *_counts(by_author(corpus, [name]))) for name in authors],
            ),
            table(("kind of note", *_COLUMNS), _by_kind(corpus)),
            table(("marker", "spans"), _spans(corpus)),
        ]
    )


def _files(notes: Path, part: Dataset) -> list[Path]:
    authors = set(part["author"])
    return [file for file in corpus_files(notes) if file.stem in authors]


def _counts(notes: Dataset) -> list[str]:
    labels = labels_of(notes)
    words = [len(text.split()) for text in notes["text"]]
    by_label = [str(labels.count(label)) for label in LABELS]
    return [str(len(notes)), *by_label, str(len(set(notes["role"]))), f"{median(words):.0f}"]


def _by_kind(corpus: Dataset) -> list[Sequence[str]]:
    kinds = corpus["slice"]
    rows = {name: [row for row, kind in enumerate(kinds) if kind == at] for at, name in enumerate(SLICES)}
    return [(name, *_counts(corpus.select(found))) for name, found in rows.items() if found]


def _spans(corpus: Dataset) -> list[Sequence[str]]:
    kinds = [marker["kind"] for markers in corpus["markers"] for marker in markers]
    return [(kind, str(kinds.count(at))) for at, kind in enumerate(MARKERS)]
