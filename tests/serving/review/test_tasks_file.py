import os
import stat
from pathlib import Path

import pytest

from afterword_model.errors import ConfigError, OutputError
from afterword_serving.review.tasks_file import TasksFile


def test_only_the_owner_may_read_it(tmp_path):
    out = tmp_path / "t.json"
    before = os.umask(0)
    try:
        TasksFile(out).write("words «é»")
    finally:
        os.umask(before)

    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text(encoding="utf-8") == "words «é»"
    assert list(tmp_path.iterdir()) == [out]


def test_replacing_a_file_that_others_may_read_makes_it_its_owners_alone(tmp_path):
    out = tmp_path / "t.json"
    out.write_text("old")
    out.chmod(0o644)

    TasksFile(out, force=True).write("new")

    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text() == "new"


def test_a_file_is_not_replaced_unasked(tmp_path):
    out = tmp_path / "t.json"
    out.write_text("labelled by hand")

    for attempt in (lambda file: file.check([]), lambda file: file.write("new")):
        with pytest.raises(ConfigError, match="--force"):
            attempt(TasksFile(out))
    assert out.read_text() == "labelled by hand"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_nothing_half_written_is_left(tmp_path, monkeypatch, failing):
    out = tmp_path / "t.json"
    out.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(OutputError, match=r"t\.json cannot be written \(No space left on device\)"):
        TasksFile(out, force=True).write("new")
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("out", "words"), [("no/t.json", "There is no folder"), ("folder", "is a folder"), ("in.md", "is an input too")]
)
def test_where_it_cannot_go(tmp_path, monkeypatch, out, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "in.md").write_text("Rain.")

    with pytest.raises(ConfigError, match=words):
        TasksFile(Path(out), force=True).check(["./in.md"])
