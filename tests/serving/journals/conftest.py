"""Ways to lay out exports and to read them."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from afterword_serving.entry import Entry, Item
from afterword_serving.journals import ReadOptions, read_journals

Read = Callable[..., list[Item]]
Lay = Callable[[str, str | bytes], Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Writes a file under the test's folder and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read() -> Read:
    """Reads one input with options given by name."""

    def read_all(path: Path, **options: str) -> list[Item]:
        return list(read_journals([str(path)], ReadOptions(**options)))

    return read_all


@pytest.fixture
def texts(read: Read) -> Callable[..., list[str]]:
    """Reads one input and returns the texts of its entries."""

    def read_texts(path: Path, **options: str) -> list[str]:
        return [item.text for item in read(path, **options) if isinstance(item, Entry)]

    return read_texts


@pytest.fixture
def zipped() -> Callable[[Mapping[str, str | bytes]], bytes]:
    """Makes the bytes of a zip of members by name."""

    def make(members: Mapping[str, str | bytes]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return make
