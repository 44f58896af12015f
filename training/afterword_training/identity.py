"""A digest of what a result depends on, by which an interrupted run finds what it had done."""

import hashlib
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

TRAINING_CODE = (
    ("afterword_training", "augment.py"),
    ("afterword_training", "finetune.py"),
    ("afterword_training", "network.py"),
    ("afterword_model", "segment.py"),
)
"""What decides, beside settings and notes, how a network's training goes: packages and modules."""


def identity_of(*things: object) -> str:
    """Return one digest of all `things`, by what they print as; texts among them cannot be told from it."""
    digest = hashlib.sha256()
    for thing in things:
        digest.update(json.dumps(thing, default=repr, sort_keys=True).encode())
    return digest.hexdigest()


def code_digests(modules: Iterable[tuple[str, str]]) -> list[str]:
    """Return a digest of the source of each module, given by its package and file name."""
    return [hashlib.sha256((files(package) / name).read_bytes()).hexdigest() for package, name in modules]


def package_digests(packages: Iterable[str]) -> list[str]:
    """Return a digest of the source of every module of the packages, those in their folders too."""
    folders = [Path(str(files(package))) for package in packages]
    return [
        hashlib.sha256(path.read_bytes()).hexdigest() for folder in folders for path in sorted(folder.rglob("*.py"))
    ]
