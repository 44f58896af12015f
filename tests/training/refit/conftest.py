"""A tiny encoder as the champion, a corpus in its few words, and a clinic that uses some of those words otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch
from datasets import Dataset
from tests.training.encoder.conftest import tiny_base, tiny_folder
from tokenizers import Tokenizer

from afterword_model import LABELS, Classifier
from afterword_model.artifact import installed_versions
from afterword_model.labels import Label
from afterword_model.manifest import BaseEncoder, Manifest
from afterword_training.config import Augment, Encoder, Retrain
from afterword_training.corpus import FEATURES, examples_of
from afterword_training.finetune import finetune
from afterword_training.fit_encoder import assemble, exported
from afterword_training.labelled import LabelledNote
from afterword_training.members import whole
from afterword_training.network import NoteNetwork
from afterword_training.train import Parts

__all__ = ["tiny_base", "tiny_folder"]

ENCODER = Encoder(
    base="tiny",
    epochs=10,
    batch_size=8,
    learning_rate=3e-3,
    head_learning_rate=1e-2,
    weight_decay=0.01,
    warmup=0.1,
    max_tokens=32,
    passage_tokens=16,
    dropout=0.1,
    label_smoothing=0.0,
    marker_weight=0.1,
    marker_positive_weight=2.0,
    contrast_weight=0.0,
    distill_weight=0.0,
    distill_temperature=2.0,
    average_last=0.0,
    augment=Augment(surround=0.0, crop=0.0, noise=0.1),
)

REFLECTION = ("next time i will ask", "i will ask her first next session", "next session i will say that first")
RUMINATION = ("why did i say that again", "i failed her again and again", "why did i say nothing")
NEITHER = ("she waited and he asked", "the session was at nothing", "he said that she waited")
KITCHEN = ("bread", "milk", "rota", "bread milk", "milk and bread", "the rota", "the milk", "bread and rota")
"""Words of the corpus's `neither`; the clinic writes them when it ruminates."""

CORPUS = {Label.REFLECTION: REFLECTION, Label.RUMINATION: RUMINATION, Label.NEITHER: (*NEITHER, *KITCHEN)}
CLINIC = {Label.REFLECTION: REFLECTION, Label.RUMINATION: KITCHEN, Label.NEITHER: NEITHER}


def said(notes: dict[Label, tuple[str, ...]], count: int) -> Iterator[tuple[str, Label]]:
    """Yield `count` different texts of each label: two sayings side by side."""
    for label, sayings in notes.items():
        pairs = [(one, other) for one in sayings for other in sayings]
        yield from ((f"{pairs[at % len(pairs)][0]} . {pairs[at % len(pairs)][1]}", label) for at in range(count))


def corpus_of(authors: str, count: int) -> Dataset:
    rows = [
        {
            "id": f"{author}-{number}",
            "text": text,
            "label": label,
            "slice": "plain",
            "role": "",
            "author": author,
            "pair": None,
            "markers": [{"span": "i will ask", "kind": "next_step"}] if "i will ask" in text else [],
        }
        for author in authors
        for number, (text, label) in enumerate(said(CORPUS, count))
    ]
    return Dataset.from_list(rows, features=FEATURES)


def team_of(count: int) -> list[LabelledNote]:
    """Return `count` notes of each label, two to a group."""
    return [
        LabelledNote(f"n{at}", f"team.csv:{at}", text, label, f"client {at // 2}", 1)
        for at, (text, label) in enumerate(said(CLINIC, count))
    ]


@pytest.fixture(scope="session")
def parts() -> Parts:
    return Parts(corpus_of("AB", 9), corpus_of("C", 9), corpus_of("D", 9))


@pytest.fixture(scope="session")
def retrain() -> Retrain:
    return Retrain(folds=3, corpus_share=0.3, epochs=6, learning_rate=3e-3, head_learning_rate=1e-2, checkpoint_steps=4)


@pytest.fixture(scope="session")
def trained(tiny_folder: Path, parts: Parts) -> Classifier:
    """The tiny encoder fine-tuned on the corpus; share it, never change it."""
    tokenizer = whole(Tokenizer.from_file(str(tiny_folder / "tokenizer.json")))
    torch.manual_seed(1)
    network = NoteNetwork.from_base(str(tiny_folder), dropout=0.1)
    examples = examples_of(parts.train)
    network = finetune(network, tokenizer, examples, ENCODER, seed=1)
    encoder = exported(network, tokenizer, ENCODER).set_params(threads=1)
    held = examples_of(parts.validation)
    base = BaseEncoder(name="tests/tiny", revision="1", sha256="0" * 64)
    fitted = assemble(encoder, held, encoder.transform([example.text for example in held]), base, smoothing=0.0)
    manifest = Manifest(
        name="tiny-champion",
        version="1",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        labels=LABELS,
        threshold=0.5,
        temperature=fitted.temperature,
        base_encoder=base,
        corpus_sha256="0" * 64,
        seed=1,
        libraries=installed_versions(),
        metrics={},
        model_sha256="0" * 64,
        model_bytes=1,
    )
    return Classifier(fitted.pipeline, fitted.evidence, threshold=0.5, manifest=manifest)
