"""Shards: the files of the input, each classified whole by one worker, and the record of one that is done."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict

from afterword_model.errors import InputError
from afterword_serving.checkpoint import Identity
from afterword_serving.journals.inputs import may_be_words
from afterword_serving.journals.shown import shown_names
from afterword_serving.journals.source import Source
from afterword_serving.spread.place import Place
from afterword_serving.tally import Tally


class Shard(BaseModel):
    """One file of the input; `number` counts them in the order of the results."""

    model_config = ConfigDict(frozen=True)

    number: int
    name: str
    """Path or URI of the file."""
    file: str
    """Its name as users see it."""
    path: str
    """Its name within the folder, of which ids are made."""
    stamp: str
    """Size and time of the last change."""
    named: str
    """The beginning of `file` that the user named: a folder, or all of it."""

    def source(self) -> Source:
        """Return the file as readers see it."""
        return Source(self.file, self.path, Place.of(self.name).open, named=self.named)


class Done(BaseModel):
    """A shard that was classified whole: for which run, and what was met. No text."""

    model_config = ConfigDict(frozen=True)

    identity: Identity
    tally: Tally


def list_shards(
    inputs: Sequence[str], *, exclude: frozenset[str] = frozenset(), folder: str | None = None
) -> list[Shard]:
    """Return the shards of files and folders in the order of the results, without those in `exclude` and in `folder`.

    Raises:
        InputError: an input is not there or cannot be looked into.
    """
    shown = shown_names([PurePosixPath(Place.of(name).path) for name in inputs])
    named = zip(inputs, shown, range(1, len(inputs) + 1), strict=True)
    found = [part for each in named for part in _files(*each) if not _is_own(part[0], exclude, folder)]
    return [
        Shard(number=number, name=name, file=file, path=path, stamp=stamp, named=named)
        for number, (name, file, path, stamp, named) in enumerate(found)
    ]


def _is_own(name: str, exclude: frozenset[str], folder: str | None) -> bool:
    return name in exclude or (folder is not None and name.startswith(f"{folder}/"))


def _files(name: str, shown: str, number: int) -> Iterator[tuple[str, str, str, str, str]]:
    place = Place.of(name)
    try:
        if place.is_file:
            yield place.name, shown, shown, place.stamp, shown
        elif place.is_folder:
            for path, stamp in place.files():
                yield place.within(path).name, f"{shown}/{path}", path, stamp, shown
        elif may_be_words(name):
            raise InputError(f"Input {number} is no file or folder. Check the path.")
        else:
            raise InputError(f"There is no file or folder {name}. Check the path.")
    except OSError as err:
        called = f"Input {number}" if may_be_words(name) else name
        raise InputError(f"{called} cannot be looked into ({err.strerror or type(err).__name__}).") from err
