"""A folder of tables, and an engine that does the shards one after another in this process."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from afterword_serving.spread.work import Worker


def lines(name, count):
    return [
        {"id": f"{name}-{n}", "text": f"Note {n} of {name}. Next time I will ask.", "date": "2026-03-02"}
        for n in range(count)
    ]


@pytest.fixture
def folder(tmp_path):
    """Three files of 150, 40 and 7 notes, one of them Parquet; one line is broken."""
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    for name, count in (("b.jsonl", 40), ("deep/c.jsonl", 7)):
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines(name, count)), encoding="utf-8")
    with (folder / "b.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    pq.write_table(pa.Table.from_pylist(lines("a", 150)), folder / "a.parquet")
    return folder


class Sequential:
    """Does shards one by one, and remembers which; stops for good after so many."""

    def __init__(self, stop_after=None):
        self.did, self.stop_after = [], stop_after

    def __call__(self, shards, plan, advance):
        worker = Worker(plan)
        for shard in shards:
            if len(self.did) == self.stop_after:
                raise KeyboardInterrupt
            entries, problem = worker.work(shard)
            assert problem == ""
            self.did.append(shard.path)
            advance(entries)


@pytest.fixture
def sequential():
    return Sequential
