"""Files of labelled notes, written and read."""

from pathlib import Path

import pytest

from afterword_training.labelled import Labelled, LabelOptions, label_map, read_labelled


class Desk:
    """A folder to put labelled files in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def read(self, name: str, data: bytes, *, labels: dict[str, str] | None = None, **options) -> Labelled:
        """Read one file of these bytes."""
        chosen = LabelOptions(labels=label_map(labels or {}), **options)
        return read_labelled([self.put(name, data)], chosen)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def reasons():
    return lambda labelled: [each.reason for each in labelled.set_aside]


@pytest.fixture
def labels():
    return lambda labelled: {note.id: str(note.label) for note in labelled.notes}
