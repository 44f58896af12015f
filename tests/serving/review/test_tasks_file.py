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


def test_a_name_too_long_is_said(tmp_path):
    with pytest.raises(ConfigError, match="File name too long"):
        TasksFile(tmp_path / ("x" * 300)).check([])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in a folder are of POSIX")
def test_a_pipe_is_not_replaced_even_with_force(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(ConfigError, match="is a device or a pipe"):
        TasksFile(tmp_path / "pipe", force=True).check([])


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    file, link = tmp_path / "t.json", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)

    with pytest.raises(ConfigError, match="--force"):
        TasksFile(link).check([])
    TasksFile(link, force=True).write("new")

    assert (link.readlink(), file.read_text()) == (file, "new")
