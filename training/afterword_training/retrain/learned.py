"""The notes that a team's model has learned from, kept in its artifact as digests: no later one is judged on them.

A digest is keyed with a salt that is drawn for each model. No text can be read from it; but whoever has the artifact
and a text can tell whether the model learned from that text.
"""

import hashlib
import logging
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from afterword_model import artifact
from afterword_model.errors import ArtifactAltered, InputError
from afterword_model.manifest import Manifest
from afterword_model.registry import SHIPPED
from afterword_training.config import Config, Split
from afterword_training.evaluate import trained_otherwise
from afterword_training.labelled import LabelledNote
from afterword_training.likeness import text_key
from afterword_training.quality import joined_groups

log = logging.getLogger(__name__)

LEARNED = "learned.json"
"""File of an artifact."""

_VERDICT = "verdict.json"
"""File that every model made by retraining has."""
_BYTES = 16

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Digests(BaseModel):
    """The texts that one model was given to learn from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    salt: Hex
    digests: tuple[Hex, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return the digests of the texts, by a new salt; texts that are the same but for case and spaces have one."""
        salt = secrets.token_hex(_BYTES)
        return cls(salt=salt, digests=tuple(sorted({_digest(text, salt) for text in texts})))

    def hold(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text whether it is among these."""
        held = frozenset(self.digests)
        return [_digest(text, self.salt) in held for text in texts]

    def without(self, texts: Iterable[str]) -> Self:
        """Return the digests of all other texts."""
        given = {_digest(text, self.salt) for text in texts}
        return self.model_copy(update={"digests": tuple(each for each in self.digests if each not in given)})


class Learned(BaseModel):
    """What `learned.json` holds: digests of the texts a model learned from; never a text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["afterword"] = "afterword"
    format: Literal[1] = 1
    complete: bool = True
    """False where a model that it was made from was saved without this file, or `train` made it of another corpus."""
    models: tuple[Digests, ...] = ()
    """The model's own, and those of the models it was made from that it was not given again."""
    split: Split | None = None
    """How the corpus was parted for the model and for those it was made from; None where that is not known."""

    def hold(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text whether the model has learned from it."""
        found = [digests.hold(texts) for digests in self.models]
        return [any(each) for each in zip(*found, strict=True)] if found else [False] * len(texts)

    def and_from(self, texts: Sequence[str], split: Split | None = None) -> "Learned":
        """Return what a model has learned from that was made from this one, by these texts; `split` is its own."""
        before = (digests.without(texts) for digests in self.models)
        models = (Digests.of(texts), *(digests for digests in before if digests.digests))
        return Learned(complete=self.complete, models=models, split=split)


def load_learned(folder: Path, manifest: Manifest, corpus: str) -> Learned:
    """Return which of a team's notes the model in `folder` has learned from: none, where it was not made by a team.

    `corpus` is the SHA-256 of the corpus that is learned from now: a model that `train` made of another may know any
    notes. The shipped model's is nobody's, of whatever date.

    Raises:
        ArtifactIncomplete: the file is missing.
        ArtifactAltered: the file is not the one that was saved, or not of this version's form.
    """
    data = artifact.read_file(folder, manifest, LEARNED)
    if data is None:
        another = folder != artifact.SHIPPED and manifest.corpus_sha256 != corpus
        return Learned(complete=not another and _VERDICT not in manifest.files)
    try:
        return Learned.model_validate_json(data)
    except ValidationError as err:
        raise ArtifactAltered(
            f"{folder / LEARNED} is not of the form that this version of Afterword reads. Train the model again."
        ) from err


def learned_otherwise(learned: Learned, manifest: Manifest, config: Config, corpus: str) -> str | None:
    """Return why the authors that `config` holds out may not be unseen by a model; None where nothing speaks for it.

    `corpus` is the SHA-256 of the corpus at hand. A model that a team made is told by the split it keeps.
    """
    if learned.split == config.split and manifest.corpus_sha256 == corpus:
        return None
    return trained_otherwise(manifest, config, corpus)


def mark_known(notes: Sequence[LabelledNote], learned: Learned, corpus: Collection[str] = ()) -> list[LabelledNote]:
    """Return the notes, those marked that a model has `learned` from, and those that are nearly the same as one.

    `corpus` has the ids of those that the corpus holds: whatever is made learns from them there too.
    """
    copies = joined_groups(notes, by_group=False)
    held = learned.hold([note.text for note in notes])
    known = {name for name, note, is_held in zip(copies, notes, held, strict=True) if is_held or note.id in corpus}
    return [replace(note, known=name in known) for note, name in zip(notes, copies, strict=True)]


def known_words(notes: Sequence[LabelledNote]) -> str:
    """Return how many notes the champion knew, in a sentence; nothing where it knew none."""
    known = sum(note.known for note in notes)
    if not known:
        return ""
    return (
        f"{known} of {len(notes)} notes were known to the model in use or stand in the corpus, so the model was judged "
        f"on the other {len(notes) - known}."
    )


def check_known(notes: Sequence[LabelledNote], learned: Learned, champion: str, registry: Path) -> None:
    """Log how many notes the champion knows, and where that cannot be told.

    Raises:
        InputError: it knows all of them, or the corpus has those that it does not.
    """
    if all(note.known for note in notes):
        raise InputError(
            f"The model in use, {champion}, has learned from all {len(notes)} notes already, or they stand in the "
            "corpus, so that none is left to judge a new one on. Nothing was trained. Label further notes and give "
            "them with these. To make a model anew from those that the corpus has not, first go back to the shipped "
            "model, which knows none of them: "
            f"afterword-train promote {SHIPPED} --registry {registry}"
        )
    if not learned.complete:
        log.warning(
            "%s, or a model that it was made from, was saved without %s or learned from another corpus: whether it "
            "knows some of these notes cannot be told. If it does, both models have those right too easily, and the "
            "verdict says little.",
            *(champion, LEARNED),
        )
    if words := known_words(notes):
        log.info("%s", words)


def _digest(text: str, salt: str) -> str:
    key = text_key(text).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key, key=bytes.fromhex(salt), digest_size=_BYTES).hexdigest()
