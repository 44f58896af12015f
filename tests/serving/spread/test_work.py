"""What a worker says when things go wrong, and places that are named by URI."""

import pytest

from afterword_model.errors import ConfigError, InputError
from afterword_serving import batch
from afterword_serving.checkpoint import Identity
from afterword_serving.journals import ReadOptions
from afterword_serving.spread.place import Place
from afterword_serving.spread.shard import list_shards
from afterword_serving.spread.work import Plan, Worker, find_done


@pytest.fixture
def plan(tmp_path, artifact_folder):
    identity = Identity(afterword="1", inputs="", model="m", options="o")
    return Plan(
        folder=str(tmp_path / "shards"),
        model=artifact_folder,
        reading=ReadOptions(),
        by="entry",
        include_text=False,
        identity=identity,
    )


def test_an_error_of_any_kind_comes_without_words_of_the_note(plan, folder, canary, monkeypatch):
    def fail(*_, **__):
        raise KeyError(canary)

    monkeypatch.setattr(batch, "classify", fail)
    (shard, *_) = list_shards([str(folder)])

    assert Worker(plan).work(shard) == (0, "notes/a.parquet stopped its worker (KeyError).")
    assert find_done(plan, shard) is None


def test_a_model_that_is_not_there_is_said(plan, folder, tmp_path):
    worker = Worker(plan.model_copy(update={"model": tmp_path / "none"}))

    entries, problem = worker.work(list_shards([str(folder)])[0])

    assert entries == 0
    assert "There is no model at" in problem


def test_a_full_disk_is_said(plan, folder, tmp_path):
    (tmp_path / "shards").write_text("in the way")

    _, problem = Worker(plan).work(list_shards([str(folder)])[0])

    assert problem.startswith("The results of notes/a.parquet cannot be written to ")


def test_the_model_is_loaded_once(plan, folder, monkeypatch):
    from afterword_model import Classifier

    loads, load = [], Classifier.load
    monkeypatch.setattr(Classifier, "load", lambda path: loads.append(path) or load(path))
    worker = Worker(plan)

    assert [worker.work(shard) for shard in list_shards([str(folder)])] == [(150, ""), (40, ""), (7, "")]
    assert len(loads) == 1


def test_a_uri_is_a_place_like_a_path(folder):
    by_path, by_uri = list_shards([str(folder)]), list_shards([folder.as_uri()])

    assert [shard.path for shard in by_path] == ["a.parquet", "b.jsonl", "deep/c.jsonl"]
    assert [shard.number for shard in by_path] == [0, 1, 2]
    assert [(shard.path, shard.file, shard.stamp) for shard in by_uri] == [
        (shard.path, shard.file, shard.stamp) for shard in by_path
    ]
    assert by_uri[1].source().head == by_path[1].source().head


def test_an_address_with_a_password_is_refused_and_not_repeated():
    with pytest.raises(ConfigError, match="Leave name and password out") as caught:
        Place.of("s3://key:secret@bucket/notes")
    assert "secret" not in str(caught.value)


def test_an_address_of_no_known_kind_is_refused():
    with pytest.raises(InputError, match="Check the address"):
        Place.of("nowhere://bucket/notes")


def test_a_file_appears_under_its_name_only_when_whole(tmp_path):
    place = Place.of(str(tmp_path / "a"))

    def stop_half_way():
        with place.writing() as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_half_way()
    assert not place.is_file

    with place.writing() as stream:
        stream.write(b"whole")
    assert place.read() == b"whole"
