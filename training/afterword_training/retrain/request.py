"""What a team asks for when it retrains."""

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from afterword_model.artifact import installed_versions
from afterword_training.config import Config
from afterword_training.corpus import corpus_sha256
from afterword_training.identity import identity_of, package_digests
from afterword_training.labelled import LabelledNote, LabelOptions
from afterword_training.refit import Mode

_CODE = ("afterword_model", "afterword_training")
"""The packages that decide, beside settings and notes, what a challenger becomes and answers."""
_LIBRARIES = ("scipy",)
"""Libraries that do too, beside those that an artifact's reading depends on."""
_TRAINING_LIBRARIES = ("torch", "transformers", "onnx", "spacy")
"""Those that do in the modes that train a network."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One retraining."""

    files: tuple[Path, ...]
    """Labelled files, as tools export them."""
    options: LabelOptions = field(default_factory=LabelOptions)
    config: Config
    notes: Path
    """The corpus's folder of notes."""
    registry: Path
    mode: Mode = "light"
    name: str = "afterword-team"
    """Name of the model that is made."""
    base: Path | None = None
    """Folder of the base encoder's files; for the mode base."""
    promote_if_better: bool = False
    accept_labels: bool = False
    """Train even where the labels as a whole look wrong."""

    @property
    def work(self) -> Path:
        """Folder for what interrupted retrainings go on from, each in a folder of its own."""
        return self.registry / ".work"

    def identity(self, notes: list[LabelledNote], champion: str) -> str:
        """Return a digest of all that the challenger depends on; no note can be read from it.

        `champion` is the SHA-256 of the model that it is made from.
        """
        rows = [(note.id, note.text, note.label, note.group, note.known) for note in notes]
        settings = (self.config.retrain.model_dump(), self.config.seed, self.mode)
        encoder = self.config.encoder.model_dump() if self.config.encoder and self.mode != "light" else None
        corpus = (corpus_sha256(self.notes), self.config.split.model_dump())
        names = _LIBRARIES if self.mode == "light" else (*_LIBRARIES, *_TRAINING_LIBRARIES)
        libraries = (installed_versions(), [version(name) for name in names])
        return identity_of(rows, settings, encoder, champion, corpus, libraries, package_digests(_CODE))
