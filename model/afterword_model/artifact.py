"""Artifacts: the folder a trained classifier is saved as, and the two questions asked before it is used.

    ARTIFACT/model.joblib     the fitted estimators
    ARTIFACT/manifest.json    what it is (see `afterword_model.manifest`)
    ARTIFACT/README.md        the model card
    ARTIFACT/…                what the manifest lists under `files`: figures, the card's pictures, the reference

joblib runs code when it opens a file. So first: *is it ours, whole, and for these library versions?* Only then: *can it
be read?* A checksum finds damage and mistakes, not malice: open artifacts only from people you trust.
"""

import hashlib
import platform
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import joblib
from pydantic import BaseModel, ValidationError
from sklearn.exceptions import InconsistentVersionWarning

from afterword_model.durable import write_whole
from afterword_model.errors import (
    ArtifactAltered,
    ArtifactForeign,
    ArtifactIncomplete,
    ArtifactMismatch,
    ArtifactNotFound,
    ArtifactUnreadable,
)
from afterword_model.manifest import FORMAT, Manifest

MODEL = "model.joblib"
MANIFEST = "manifest.json"
CARD = "README.md"

SHIPPED = Path(__file__).parent / "shipped"
"""The model that comes with the package."""

EXACT = ("scikit-learn",)
"""Libraries whose version must be the same to the last digit; scikit-learn promises nothing else."""
MAJOR = ("numpy", "joblib", "onnxruntime", "tokenizers")
"""Libraries whose first version number must be the same. Below 1.0 that keeps out little; `tokenizers` is one of these,
but what an artifact holds of it is its JSON, which later versions read, and opening it tells."""


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of every library that reading an artifact depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in (*EXACT, *MAJOR)}}


def save(
    folder: Path,
    parts: dict[str, Any],
    manifest: Manifest,
    *,
    card: str,
    files: Mapping[str, str] = MappingProxyType({}),
) -> Manifest:
    """Write an artifact to `folder` and return its manifest with size and checksums filled in.

    `files` are texts by file name that are kept beside the card. The manifest is written last, so that a folder left
    half-written is never taken for an artifact.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    joblib.dump(parts, folder / MODEL, compress=0)
    for name, text in {CARD: card, **files}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    sealed = manifest.model_copy(
        update={
            "model_sha256": sha256(folder / MODEL),
            "model_bytes": (folder / MODEL).stat().st_size,
            "files": {name: sha256(folder / name) for name in files},
        }
    )
    write_whole(folder / MANIFEST, sealed.model_dump_json(indent=2) + "\n")
    return sealed


def load(folder: Path) -> tuple[dict[str, Any], Manifest]:
    """Return the fitted parts and the manifest of the artifact in `folder`.

    Raises:
        ArtifactError: one of its kinds; see `verify`, and `ArtifactUnreadable` when joblib cannot open it.
    """
    manifest = verify(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error", InconsistentVersionWarning)
        try:
            parts = joblib.load(folder / MODEL)
        except Exception as err:  # unpickling runs foreign code: anything may be raised
            raise ArtifactUnreadable(
                f"{folder / MODEL} cannot be opened ({type(err).__name__}). Train it again with this Afterword."
            ) from err
    return parts, manifest


def verify(folder: Path) -> Manifest:
    """Return the manifest, once it is known to be ours and for the installed versions, and its model file to be whole.

    The card is never looked at, nor are the files beside it: `read_file` checks each as it is read.

    Raises:
        ArtifactNotFound: there is no such folder.
        ArtifactForeign: the folder holds no manifest of Afterword's.
        ArtifactIncomplete: manifest or model is missing or cut short.
        ArtifactAltered: the model is not the one that was saved.
        ArtifactMismatch: made for another layout or other library versions.
        ArtifactUnreadable: the system does not let a file be read, or the manifest is damaged or of a newer Afterword.
    """
    with _reading(folder):
        if not folder.is_dir():
            raise ArtifactNotFound(f"There is no model at {folder}. Give the folder that holds its {MANIFEST}.")
        manifest = _read_manifest(folder)
        _check_versions(folder, manifest)
        _check_model(folder, manifest)
    return manifest


def read_file(folder: Path, manifest: Manifest, name: str) -> bytes | None:
    """Return a file that the artifact in `folder` keeps beside its card; None where it was saved without one.

    Raises:
        ArtifactIncomplete: it is missing.
        ArtifactAltered: it is not the one that was saved.
        ArtifactUnreadable: the system does not let it be read.
    """
    if name not in manifest.files:
        return None
    path = folder / name
    with _reading(path):
        if not path.is_file():
            raise ArtifactIncomplete(f"{path} is missing. Copy the whole folder again.")
        data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest.files[name]:
        raise ArtifactAltered(f"{path} is not the file that was saved (checksum differs). Copy it again.")
    return data


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what the system says when `path` may not or cannot be read into an error of ours."""
    try:
        yield
    except OSError as err:
        raise ArtifactUnreadable(
            f"{path} cannot be read ({err.strerror or type(err).__name__}). See that you may read it, or copy it again."
        ) from err


class _Head(BaseModel):
    """What the manifest of every layout says of itself."""

    product: Literal["afterword"]
    format: int


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file():
        if (folder / MODEL).is_file():
            raise ArtifactIncomplete(
                f"{folder} has a {MODEL} but no {MANIFEST}; saving it was cut short. Train it again."
            )
        raise ArtifactForeign(f"{folder} holds no {MANIFEST}; it is not a model of Afterword's.")
    data = path.read_bytes()
    try:
        head = _Head.model_validate_json(data)
    except ValidationError as err:
        if err.errors()[0]["type"] == "json_invalid" and b'"afterword"' in data:
            raise ArtifactIncomplete(f"{path} is cut short or damaged. Copy the whole folder again.") from err
        raise ArtifactForeign(f"{path} is not a manifest of Afterword's (wrong: {_fields(err)}).") from err
    if head.format != FORMAT:
        raise ArtifactMismatch(f"{folder} has layout {head.format}; this version of Afterword reads {FORMAT}.")
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as err:
        raise ArtifactUnreadable(
            f"{path} is damaged or of a newer Afterword (wrong: {_fields(err)}). Copy the folder again, or update."
        ) from err


def _fields(err: ValidationError) -> str:
    return ", ".join(".".join(str(part) for part in problem["loc"]) or "the file" for problem in err.errors()[:3])


def _check_versions(folder: Path, manifest: Manifest) -> None:
    installed = installed_versions()
    for name in (*EXACT, *MAJOR):
        made, here = manifest.libraries.get(name, "none"), installed[name]
        same = made == here if name in EXACT else made.split(".")[0] == here.split(".")[0]
        if not same:
            raise ArtifactMismatch(
                f"{folder} was made with {name} {made}; installed is {here}. "
                f"Install {name} {made}, or train the model again with this version."
            )


def _check_model(folder: Path, manifest: Manifest) -> None:
    path = folder / MODEL
    if not path.is_file():
        raise ArtifactIncomplete(f"{path} is missing. Copy the whole folder again.")
    size = path.stat().st_size
    if size < manifest.model_bytes:
        raise ArtifactIncomplete(f"{path} has {size} of {manifest.model_bytes} bytes. Copy the whole folder again.")
    if size > manifest.model_bytes or sha256(path) != manifest.model_sha256:
        raise ArtifactAltered(
            f"{path} is not the file that was saved (checksum differs). Do not use it; copy it again."
        )
