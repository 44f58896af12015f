"""The registry: a folder of trained models, one of which is the champion.

    REGISTRY/champion.json             which model is in use, and which were before it
    REGISTRY/versions/NAME-VERSION/    the models, each an artifact

An empty folder is a registry whose champion is the shipped model. Reading takes no lock: `champion.json` is only ever
replaced whole, and a model stands under its name only when whole. An artifact runs code when it is opened, and so does
a registry: use only folders that nobody but people you trust can write to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from afterword_model import artifact
from afterword_model.classifier import Classifier
from afterword_model.errors import ArtifactError, ArtifactNotFound, RegistryError

SHIPPED = "shipped"
"""Name of the model that comes with the package: version 0 of every registry."""

CHAMPION_NAME = "champion"
"""What commands call the model in use, whichever it is."""

CHAMPION = "champion.json"
VERSIONS = "versions"

VersionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$", max_length=200)]
"""`NAME-VERSION` of a manifest, or `SHIPPED`; never a path."""


class Turn(BaseModel):
    """One change of the champion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    action: Literal["promote", "rollback"]
    version: VersionName
    """The champion from then on."""


class Pointer(BaseModel):
    """What `champion.json` holds: the champion, and every change that led to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["afterword"]
    format: Literal[1]
    champion: VersionName
    history: tuple[Turn, ...]

    @classmethod
    def of(cls, *history: Turn) -> Self:
        """Return the pointer to which these changes lead; without any, to the shipped model."""
        champion = history[-1].version if history else SHIPPED
        return cls(product="afterword", format=1, champion=champion, history=history)

    @property
    def line(self) -> tuple[str, ...]:
        """The shipped model, each that was promoted and not rolled back, and last the champion."""
        line = [SHIPPED]
        for turn in self.history:
            if turn.action == "promote":
                line.append(turn.version)
            else:
                line.pop()
        return tuple(line)

    @property
    def since(self) -> datetime | None:
        """When the champion became it; None where nothing was ever promoted."""
        return self.history[-1].at if self.history else None

    @model_validator(mode="after")
    def _leads_to_the_champion(self) -> Self:
        shorter = 0
        for turn in self.history:
            shorter += 1 if turn.action == "promote" else -1
            if shorter < 0:
                raise ValueError("it was rolled back further than it had come")
        if self.line[-1] != self.champion:
            raise ValueError("the history does not lead to the champion")
        return self


@dataclass(frozen=True)
class Registry:
    """Reads the registry in `folder`; `afterword_training.registry` writes it."""

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the registry in a folder that has to be there.

        Raises:
            RegistryError: there is no such folder, or the system does not let it be read.
        """
        with _reading(folder):
            if not folder.is_dir():
                raise RegistryError(
                    f"There is no registry at {folder}. Make the folder, or name another with --registry."
                )
        return cls(folder)

    def pointer(self) -> Pointer:
        """Return which model is in use, and what led to it.

        Raises:
            RegistryError: the file that says so is missing or damaged.
        """
        path = self.folder / CHAMPION
        try:
            return Pointer.model_validate_json(path.read_bytes())
        except FileNotFoundError as err:
            if not (self.folder / VERSIONS).exists():
                return Pointer.of()
            raise RegistryError(f"{path} is missing. {self._mend()}") from err
        except ValidationError as err:
            raise RegistryError(f"{path} is damaged or of a newer Afterword. {self._mend()}") from err
        except OSError as err:
            raise RegistryError(_cannot_be_read(path, err)) from err

    def versions(self) -> list[str]:
        """Return the names of all models that were added, in alphabetical order; the shipped one is not among them.

        Raises:
            RegistryError: the system does not let their folder be read.
        """
        found = self.folder / VERSIONS
        with _reading(found):
            if not found.is_dir():
                return []
            return sorted(path.name for path in found.iterdir() if path.name[0] != "." and path.is_dir())

    def names(self) -> list[str]:
        """Return the names of all models, the shipped one first.

        Raises:
            RegistryError: the system does not let their folder be read.
        """
        return [SHIPPED, *self.versions()]

    def artifact(self, version: str) -> Path:
        """Return the folder of a model.

        Raises:
            ArtifactNotFound: the registry has no model of that name.
        """
        if version == SHIPPED:
            return artifact.SHIPPED
        if version not in (known := self.names()):
            raise ArtifactNotFound(f"The registry {self.folder} has no model {version}. It has: {', '.join(known)}.")
        return self.folder / VERSIONS / version

    def load(self, version: str) -> Classifier:
        """Return the classifier of a model.

        Raises:
            ArtifactError: there is none of that name, or it cannot be used.
        """
        return Classifier.load(self.artifact(version))

    def load_champion(self) -> tuple[str, Classifier]:
        """Return the champion's name and its classifier.

        Raises:
            RegistryError: the registry does not say which it is, or it cannot be used; the message says how to go on.
        """
        version = self.pointer().champion
        try:
            return version, self.load(version)
        except ArtifactError as err:
            back = f"afterword-train rollback --registry {self.folder}"
            raise RegistryError(
                f"The champion {version} cannot be used: {err} To go back to the one before: {back}"
            ) from err

    def _mend(self) -> str:
        return (
            "No model is lost. Say which is to be used with "
            f"`afterword-train promote MODEL --registry {self.folder}`; it has: {', '.join(self.names())}."
        )


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turn what the system says when `folder` may not be read into an error of ours."""
    try:
        yield
    except OSError as err:
        raise RegistryError(_cannot_be_read(folder, err)) from err


def _cannot_be_read(path: Path, err: OSError) -> str:
    return f"{path} cannot be read ({err.strerror or type(err).__name__}). See that you may read it."
