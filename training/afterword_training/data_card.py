"""The corpus's data card: its front matter and its tables of sizes are written from the notes."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from datasets import Dataset, DatasetInfo, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.splits import SplitDict

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, MARKERS, Label
from afterword_training.config import PARTS, Split, part_of
from afterword_training.corpus import FEATURES, corpus_files, labels_of, load_corpus
from afterword_training.documents import fill
from afterword_training.notes import SLICES
from afterword_training.second_reading import second_reading
from afterword_training.tables import table
from afterword_training.train import split_corpus

READINGS = "second-reading.csv"
"""File beside the folder of notes: those that were read twice, and how."""
_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COLUMNS = ("notes", *LABELS, "voices", "median words")


def write_data_card(card: Path, notes: Path, split: Split) -> bool:
    """Bring the front matter and the tables of `card` up to date with the notes; return whether that changed it.

    Raises:
        InputError: the card has no front matter or no marks for its tables, or the notes or the second reading of some
            of them cannot be read.
    """
    corpus = load_corpus(notes)
    old = card.read_text(encoding="utf-8")
    if not _HEAD.match(old):
        raise InputError(f"{card} does not begin with front matter between two lines of ---.")
    new = _HEAD.sub(lambda _: f"---\n{front_matter(corpus, notes, split)}---\n", old)
    if new != old:
        card.write_text(new, encoding="utf-8")
    changes = [new != old, fill(card, "sizes", sizes(corpus, split))]
    readings = notes.parent / READINGS
    if readings.is_file():
        changes.append(fill(card, "second reading", second_reading(readings, set(corpus["id"]))))
    return any(changes)


def front_matter(corpus: Dataset, notes: Path, split: Split) -> str:
    """Return the card's metadata as YAML, in the form that Hugging Face's dataset viewer reads."""
    from huggingface_hub import DatasetCardData  # slow to load, and one command alone writes the card

    parts = split_corpus(corpus, split)
    files = {name: _files(notes, part) for name, part in vars(parts).items()}
    card = DatasetCardData(
        pretty_name="Afterword: clinicians' notes about their own work",
        language="en",
        license="apache-2.0",
        annotations_creators="machine-generated",
        language_creators="machine-generated",
        multilinguality="monolingual",
        source_datasets=["original"],
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
    notes = _outline(corpus, split)
    by_part, by_author, by_kind = (_grouped(notes, name) for name in ("part", "author", "kind"))
    authors = sorted(by_author, key=lambda name: (len(name), name))
    parts = [(name, str(len({note.author for note in by_part[name]})), *_counts(by_part[name])) for name in PARTS]
    return "\n\n".join(
        [
            table(("part", "authors", *_COLUMNS), parts),
            table(
                ("author", "part", *_COLUMNS),
                [(name, by_author[name][0].part, *_counts(by_author[name])) for name in authors],
            ),
            table(("kind of note", *_COLUMNS), [(k, *_counts(by_kind[k])) for k in SLICES if k in by_kind]),
            table(("marker", "spans"), _spans(corpus)),
        ]
    )


class _Outline(NamedTuple):
    """What the tables count of a note."""

    part: str
    author: str
    kind: str
    label: Label
    role: str
    words: int


def _outline(corpus: Dataset, split: Split) -> list[_Outline]:
    kinds = [SLICES[at] for at in corpus["slice"]]
    words = [len(text.split()) for text in corpus["text"]]
    authors = list(corpus["author"])
    parts = [part_of(author, split) for author in authors]
    rows = zip(parts, authors, kinds, labels_of(corpus), corpus["role"], words, strict=True)
    return [_Outline(*row) for row in rows]


def _grouped(notes: Sequence[_Outline], name: str) -> dict[str, list[_Outline]]:
    groups: dict[str, list[_Outline]] = defaultdict(list)
    for note in notes:
        groups[getattr(note, name)].append(note)
    return groups


def _counts(notes: Sequence[_Outline]) -> list[str]:
    labels = Counter(note.label for note in notes)
    voices = len({note.role for note in notes})
    return [str(len(notes)), *(str(labels[label]) for label in LABELS), str(voices), _median(notes)]


def _median(notes: Sequence[_Outline]) -> str:
    return f"{median(note.words for note in notes):.0f}" if notes else "0"


def _files(notes: Path, part: Dataset) -> list[Path]:
    authors = set(part["author"])
    return [file for file in corpus_files(notes) if file.stem in authors]


def _spans(corpus: Dataset) -> list[tuple[str, str]]:
    kinds = Counter(marker["kind"] for markers in corpus["markers"] for marker in markers)
    return [(kind, str(kinds[at])) for at, kind in enumerate(MARKERS)]
