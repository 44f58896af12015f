"""Changes to a registry: adding a model, promoting one, going back; `afterword_model.registry` reads it.

One command changes a registry at a time: each waits for a lock that the system frees when its holder ends, however it
ends. What is read without the lock is whole at every moment: files and folders appear under their names by one rename.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from afterword_model import artifact
from afterword_model.durable import sync_folder, write_whole
from afterword_model.errors import ArtifactError, ConfigError, RegistryError
from afterword_model.manifest import Manifest
from afterword_model.registry import CHAMPION, VERSIONS, Pointer, Registry, Turn, VersionName
from afterword_training.unwritten import telling_what_cannot_be_written

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds to wait for another command that is changing the registry; each holds it for a few."""

_LOCK = ".lock"
_RESERVED = ".reserved"
_ADDING = ".adding-"
_SAMPLE = "Next week I will ask her first and wait for the answer."


@dataclass(frozen=True)
class Change:
    """The champion before and after; the same where there was nothing to do."""

    before: str
    after: str


def reserve(folder: Path, name: str) -> str:
    """Return a version for a model called `name`, counted from 1, that nobody else was or will be given.

    Raises:
        ConfigError: the name is not fit for a folder.
        RegistryError: another command keeps hold of the registry, or it cannot be written.
    """
    checked_name(name)
    with _changing(folder, make=True) as registry:
        taken = {*registry.versions(), *(path.name for path in (folder / _RESERVED).glob("*"))}
        ends = [one.removeprefix(f"{name}-") for one in taken if one.startswith(f"{name}-")]
        version = str(max((int(end) for end in ends if end.isdecimal()), default=0) + 1)
        (folder / _RESERVED).mkdir(exist_ok=True)
        (folder / _RESERVED / checked_name(f"{name}-{version}")).touch()
    return version


def add(folder: Path, model: Path) -> str:
    """Copy the artifact at `model` into the registry and return its name there; the champion stays.

    A model that is there already is not copied again.

    Raises:
        ArtifactError: the model cannot be used.
        ConfigError: another model of that name and version is there.
        RegistryError: another command keeps hold of the registry, or it cannot be written.
    """
    manifest = artifact.verify(model)
    version = checked_name(f"{manifest.name}-{manifest.version}")
    with _changing(folder, make=True) as registry:
        versions = folder / VERSIONS
        for left in versions.glob(f"{_ADDING}*"):  # by a command that was ended half-way
            shutil.rmtree(left)
        if (versions / version).exists():
            _check_same(registry, version, manifest)
            return version
        fresh = versions / f"{_ADDING}{version}"
        try:
            shutil.copytree(model, fresh, copy_function=shutil.copyfile)
            artifact.verify(fresh)
            _sync_tree(fresh)
            os.replace(fresh, versions / version)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)  # half a copy would keep a full disk full
        sync_folder(versions)
    return version


def promote(folder: Path, version: str, *, over: str | None = None) -> Change:
    """Make a model of the registry the champion; `SHIPPED` is the one that comes with the package.

    It is opened and asked first: one that cannot answer never becomes champion. Where it is to come `over` a certain
    champion and another is in use by now, that one stays, and is what the change comes to.

    Raises:
        ArtifactError: there is none of that name, or it cannot be used; the champion stays.
        RegistryError: there is no registry, another command keeps hold of it, or it cannot be written.
    """
    with _changing(folder) as registry:
        if over is not None and (now := registry.pointer().champion) != over:
            return Change(now, now)
        _try(registry, version)
        try:
            pointer = registry.pointer()
        except RegistryError:
            pointer = _afresh(folder)
        if pointer.champion != version or not pointer.history:
            _point(folder, pointer, "promote", version)
    return Change(pointer.champion, version)


def rollback(folder: Path) -> Change:
    """Make the model the champion that was it before the present one was promoted; again, and it goes back further.

    Raises:
        ArtifactError: that model cannot be used; the champion stays.
        RegistryError: there was none before; there is no registry, another command keeps hold of it, or it cannot be
            written.
    """
    with _changing(folder) as registry:
        pointer = registry.pointer()
        if len(pointer.line) < 2:
            names = ", ".join(registry.names())
            raise RegistryError(
                f"No model was in use before {pointer.champion}. To change it, promote one of: {names}."
            )
        before = pointer.line[-2]
        _try(registry, before)
        _point(folder, pointer, "rollback", before)
    return Change(pointer.champion, before)


@contextmanager
def _changing(folder: Path, *, make: bool = False) -> Iterator[Registry]:
    """Hold the registry and yield it; where it is not there, `make` it."""
    with telling_what_cannot_be_written(folder):
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        elif not ((folder / CHAMPION).exists() or (folder / VERSIONS).exists()):
            raise RegistryError(
                f"There is no registry at {folder}. Name another with --registry; `afterword-train retrain` makes one, "
                "and so does `afterword-train promote` with the folder of a model."
            )
        with _locked(folder):
            if not (folder / VERSIONS).is_dir():
                _begin(folder)
            yield Registry(folder)


def _locked(folder: Path) -> AbstractContextManager[object]:
    try:
        return FileLock(folder / _LOCK, timeout=PATIENCE).acquire()
    except Timeout as err:
        raise RegistryError(
            f"Another command has been changing {folder} for {PATIENCE:.0f} seconds. Nothing was changed; try again "
            "when it is done."
        ) from err


def _begin(folder: Path) -> None:
    """Make an empty registry; the pointer comes first, so that one that is missing later is known to be lost."""
    if not (folder / CHAMPION).exists():
        write_whole(folder / CHAMPION, Pointer.of().model_dump_json(indent=2) + "\n")
    (folder / VERSIONS).mkdir()
    sync_folder(folder)


def _point(folder: Path, pointer: Pointer, action: Literal["promote", "rollback"], version: str) -> None:
    turn = Turn(at=datetime.now(UTC), action=action, version=version)
    write_whole(folder / CHAMPION, Pointer.of(*pointer.history, turn).model_dump_json(indent=2) + "\n")
    sync_folder(folder)


def _afresh(folder: Path) -> Pointer:
    """Return a pointer with no history, once a damaged one is kept under another name."""
    damaged = folder / CHAMPION
    if damaged.exists():
        kept = damaged.with_name(f"{CHAMPION}.damaged")
        shutil.copyfile(damaged, kept)
        log.warning("%s was damaged and is kept as %s; its history begins anew.", damaged, kept.name)
    return Pointer.of()


def _try(registry: Registry, version: str) -> None:
    classifier = registry.load(version)
    try:
        classifier.predict([_SAMPLE])
    except Exception as err:  # what an artifact holds may raise anything
        raise ArtifactError(
            f"The model {version} opens but cannot label a note ({type(err).__name__}). Train it again."
        ) from err


def _check_same(registry: Registry, version: str, manifest: Manifest) -> None:
    there = registry.artifact(version)
    try:
        same = artifact.verify(there).model_sha256 == manifest.model_sha256
    except ArtifactError as err:
        raise ConfigError(f"{there} is there already but cannot be used: {err}") from err
    if not same:
        raise ConfigError(f"{registry.folder} has another model called {version}. Give the new one another version.")


def checked_name(name: str) -> str:
    """Return a name under which a registry can keep models.

    Raises:
        ConfigError: it is none.
    """
    try:
        return TypeAdapter(VersionName).validate_python(name)
    except ValidationError as err:
        raise ConfigError(
            f"A model called {name} cannot be kept in a registry. Use letters, digits, dots, hyphens and underscores."
        ) from err


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
