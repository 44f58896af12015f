import errno
import os

import pytest

from afterword_model.durable import sync_folder, write_whole, written_paths


def test_a_file_is_written_whole_and_nothing_stays_beside_it(tmp_path):
    path = tmp_path / "a.json"
    write_whole(path, "one\n")
    write_whole(path, "zwei \u00fc\n")
    assert path.read_bytes() == "zwei \u00fc\n".encode()
    assert list(tmp_path.iterdir()) == [path]


FAILURES = [("fsync", OSError(errno.ENOSPC, "No space left on device")), ("replace", KeyboardInterrupt())]


@pytest.mark.parametrize(("step", "failure"), FAILURES, ids=["full_disk", "ctrl_c"])
def test_a_failure_leaves_the_file_as_before_and_nothing_half_written(tmp_path, monkeypatch, step, failure):
    path = tmp_path / "a.json"
    write_whole(path, "before")

    def fail(*_):
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(failure)):
        write_whole(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a.json", "\ud800")
    assert not list(tmp_path.iterdir())


def test_the_first_error_is_the_one_that_is_raised(tmp_path):
    (tmp_path / "a.json.tmp").mkdir()
    with pytest.raises(OSError, match=r"a\.json\.tmp"):
        write_whole(tmp_path / "a.json", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json.tmp"]


def test_every_path_that_may_be_written_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    opened = []
    monkeypatch.setattr(os, "replace", lambda *paths: opened.extend(paths))
    write_whole(path, "text")
    assert written_paths(path) == {name.resolve() for name in opened}


def test_syncing_a_folder_that_is_not_there_is_no_error(tmp_path):
    sync_folder(tmp_path)
    sync_folder(tmp_path / "missing")
