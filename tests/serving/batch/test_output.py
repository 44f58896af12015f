import csv
import hashlib
import io
import json
import os
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from afterword_model import Evidence, Label, Marker, Prediction
from afterword_model.errors import ConfigError, InputError, OutputError
from afterword_serving.checkpoint import Checkpoint, Identity
from afterword_serving.entry import Entry, Origin, path_digest
from afterword_serving.output_file import OutputFile
from afterword_serving.rows import columns, make_row
from afterword_serving.sinks import StreamSink, write_csv

PREDICTION = Prediction(
    label=Label.REFLECTION,
    probabilities={Label.REFLECTION: 0.70000001, Label.RUMINATION: 0.2, Label.NEITHER: 0.1},
    sure=True,
    lean=0.7777777777,
    evidence=(Evidence(Marker.NEXT_STEP, 4, 9), Evidence(Marker.SELF_VERDICT, 0, 2)),
    warnings=("not_english",),
)
ENTRY = Entry(
    "e1",
    "Zoë, 'next' time.",
    Origin("csv", "a.csv", "row 2"),
    written_at=datetime(2026, 3, 29, 23, 30, tzinfo=timezone(timedelta(hours=1))),
    local_date=date(2026, 3, 29),
    title="T",
)
IDENTITY = Identity(afterword="1", inputs="i", model="m", options="o")


def rows(count, start=0):
    return [make_row(ENTRY, PREDICTION) | {"id": f"e{n}"} for n in range(start, start + count)]


def test_a_row():
    row = make_row(ENTRY, PREDICTION, include_text=True)

    assert row == {
        "id": "e1",
        "label": "reflection",
        "p_reflection": 0.7,
        "p_rumination": 0.2,
        "p_neither": 0.1,
        "lean": 0.777778,
        "sure": True,
        "warnings": ["not_english"],
        "words": 3,
        "written_at": "2026-03-29T23:30:00+01:00",
        "local_date": "2026-03-29",
        "source_format": "csv",
        "source_file": "a.csv",
        "locator": "row 2",
        "evidence": [{"kind": "next_step", "start": 4, "end": 9}, {"kind": "self_verdict", "start": 0, "end": 2}],
        "title": "T",
        "text": "Zoë, 'next' time.",
    }


@pytest.mark.parametrize(
    ("file", "named", "shown"),
    [
        ("takeout.zip/Keep/Maria K.json", "takeout.zip", f"takeout.zip/{path_digest('Keep/Maria K.json')}"),
        ("vault/Maria K.md", "vault", f"vault/{path_digest('Maria K.md')}"),
        ("named by the user.md", "named by the user.md", "named by the user.md"),
        ("ana/notes.csv", "ana/notes.csv", "ana/notes.csv"),
        ("ana/week/Maria K.md", "ana/week", f"ana/week/{path_digest('Maria K.md')}"),
    ],
)
def test_a_row_without_its_text_names_no_file_in_a_folder_or_zip(file, named, shown):
    entry = replace(ENTRY, source=Origin("markdown", file, named=named))

    assert make_row(entry, PREDICTION)["source_file"] == shown
    assert make_row(entry, PREDICTION, include_text=True)["source_file"] == file


@pytest.mark.parametrize("include_text", [False, True])
def test_a_row_has_the_columns_in_their_order(include_text):
    assert list(make_row(ENTRY, PREDICTION, include_text=include_text)) == columns(include_text=include_text)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    stream = io.StringIO(newline="")
    row = make_row(ENTRY, PREDICTION, include_text=True) | {
        "text": f"{start}HYPERLINK(1)",
        "id": f"{start}a",
        "lean": -0.5,
    }

    write_csv([row], stream, columns(include_text=True))

    (cells,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert cells["text"] == f"'{start}HYPERLINK(1)"
    assert cells["id"] == f"'{start}a"
    assert cells["lean"] == "-0.5"


@pytest.mark.parametrize("id", ["-7", "+7", "-7.25"])
def test_an_id_that_is_a_number_stays_as_it_is(id):  # noqa: A002
    stream = io.StringIO(newline="")

    write_csv([make_row(replace(ENTRY, id=id), PREDICTION)], stream, columns())

    (cells,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert cells["id"] == id


@pytest.mark.parametrize("include_text", [False, True])
def test_evidence_counts_the_text_as_it_stands_beside_it(include_text):
    entry, stream = replace(ENTRY, text="- is next for me"), io.StringIO(newline="")

    write_csv([make_row(entry, PREDICTION, include_text=include_text)], stream, columns(include_text=include_text))

    (cells,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    start, end = map(int, cells["evidence"].split()[0].removeprefix("next_step:").split("-"))
    assert cells.get("text", entry.text)[start:end] == entry.text[4:9]


def test_csv_cells():
    stream = io.StringIO(newline="")

    write_csv([make_row(ENTRY, PREDICTION)], stream, columns())

    (cells,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert (cells["sure"], cells["warnings"]) == ("true", "not_english")
    assert cells["evidence"] == "next_step:4-9 self_verdict:0-2"


@pytest.mark.parametrize("to", ["jsonl", "csv"])
def test_a_stream_is_the_same_as_a_file(tmp_path, to):
    stream = io.StringIO(newline="")
    sink = StreamSink(stream, to, columns())
    for part in (rows(2), rows(1, 2)):
        sink.write(part, Checkpoint())
    sink.finish()
    with OutputFile(tmp_path / "out", to, columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(3), Checkpoint(entries=3))
        out.finish()

    assert (tmp_path / "out").read_bytes() == stream.getvalue().encode()


def test_a_table_without_rows_still_has_a_header():
    stream = io.StringIO(newline="")
    StreamSink(stream, "csv", columns()).finish()

    assert stream.getvalue().startswith("id,label,")


def test_parquet_keeps_types(tmp_path):
    with OutputFile(tmp_path / "out.parquet", "parquet", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(3), Checkpoint(entries=3))
        out.finish()

    table = pq.read_table(tmp_path / "out.parquet")
    assert table.to_pylist() == rows(3)
    assert [str(table.schema.field(name).type) for name in ("lean", "sure", "warnings", "words")] == [
        "double",
        "bool",
        "list<element: string>",
        "int64",
    ]


def test_parquet_without_rows_can_be_opened(tmp_path):
    with OutputFile(tmp_path / "out", "parquet", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.finish()

    assert pq.read_table(tmp_path / "out").column_names == columns()


def test_the_name_appears_only_when_all_is_there(tmp_path):
    path = tmp_path / "out.jsonl"
    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(2), Checkpoint(entries=2))
        assert not path.exists()
        assert out.interrupted
        out.finish()

    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["e0", "e1"]
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_an_earlier_result_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("earlier")
    with OutputFile(path, "csv", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(2), Checkpoint(entries=2))

    assert path.read_text() == "earlier"


def interrupted(path, tail=b""):
    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(2), Checkpoint(entries=2, sure=1))
    with path.with_name(path.name + ".part").open("ab") as part:
        part.write(tail)


@pytest.mark.parametrize("tail", [b"", b'{"id": "half a ro', b'{"id": "whole"}\n'])
def test_going_on_forgets_what_was_written_after_the_last_checkpoint(tmp_path, tail):
    path = tmp_path / "out.jsonl"
    interrupted(path, tail)

    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        reached = out.begin(resume=True)
        out.write(rows(1, 2), Checkpoint(entries=3))
        out.finish()

    assert (reached.entries, reached.rows, reached.sure) == (2, 2, 1)
    assert reached.rows_sha256 == hashlib.sha256(path.read_bytes()[: reached.bytes]).hexdigest()
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["e0", "e1", "e2"]


def test_without_resume_it_starts_over(tmp_path):
    path = tmp_path / "out.jsonl"
    interrupted(path)

    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        assert out.begin(resume=False) == Checkpoint()
        out.finish()

    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("part", "words"),
    [("inputs", "the input"), ("model", "the model"), ("options", "the options"), ("afterword", "the version")],
)
def test_going_on_with_something_else_is_refused_and_nothing_is_lost(tmp_path, part, words):
    path = tmp_path / "out.jsonl"
    interrupted(path)
    kept = (tmp_path / "out.jsonl.part").read_bytes()

    out = OutputFile(path, "jsonl", columns(), IDENTITY.model_copy(update={part: "other"}))
    with pytest.raises(InputError, match=f"{words}.* changed"):
        out.begin(resume=True)

    assert (tmp_path / "out.jsonl.part").read_bytes() == kept


@pytest.mark.parametrize("damage", ["changed", "shortened", "note"])
def test_going_on_with_damaged_rows_is_refused(tmp_path, damage):
    path = tmp_path / "out.jsonl"
    interrupted(path)
    part = tmp_path / "out.jsonl.part"
    if damage == "note":
        (tmp_path / "out.jsonl.part.json").write_text("{")
    else:
        part.write_bytes(part.read_bytes()[:-5] if damage == "shortened" else part.read_bytes().replace(b"e0", b"e9"))

    with pytest.raises(InputError, match="without --resume"):
        OutputFile(path, "jsonl", columns(), IDENTITY).begin(resume=True)


def test_rows_changed_by_something_else_do_not_pass_for_results(tmp_path):
    path = tmp_path / "out.jsonl"
    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(2), Checkpoint(entries=2))
        (tmp_path / "out.jsonl.part").write_bytes(b"other")
        with pytest.raises(InputError, match="changed by something else"):
            out.finish()

    assert not path.exists()


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(ConfigError, match="no folder"):
        OutputFile(tmp_path / "no" / "out", "jsonl", columns(), IDENTITY).check([])
    with pytest.raises(ConfigError, match="is a folder"):
        OutputFile(tmp_path, "jsonl", columns(), IDENTITY).check([])
    with pytest.raises(ConfigError, match="is an input too"):
        OutputFile(tmp_path / "a", "jsonl", columns(), IDENTITY).check([str(tmp_path / "." / "a")])


@pytest.mark.parametrize("length", [300, 253])
def test_a_name_too_long_is_said_before_anything_is_done(tmp_path, length):
    with pytest.raises(ConfigError, match=r"cannot be written \(File name too long\)"):
        OutputFile(tmp_path / ("x" * length), "jsonl", columns(), IDENTITY).check([])


def test_a_place_that_may_not_be_looked_at_is_said(tmp_path, monkeypatch):
    def closed(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.stat", closed)
    with pytest.raises(ConfigError, match=r"cannot be written \(Permission denied\)"):
        OutputFile(tmp_path / "out", "jsonl", columns(), IDENTITY).check([])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in a folder are of POSIX")
def test_what_is_no_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(ConfigError, match="is a device or a pipe"):
            OutputFile(path, "jsonl", columns(), IDENTITY).check([])


@pytest.mark.parametrize("to", ["jsonl", "csv"])
def test_a_link_stays_and_its_file_is_written(tmp_path, to):
    (tmp_path / "far").mkdir()
    link, file = tmp_path / "out", tmp_path / "far" / "kept"
    link.symlink_to(file)

    with OutputFile(link, to, columns(), IDENTITY) as out:
        out.check([])
        out.begin(resume=False)
        out.write(rows(1), Checkpoint(entries=1))
        out.finish()

    assert (link.readlink(), sorted(tmp_path.iterdir())) == (file, [file.parent, link])
    assert b"reflection" in file.read_bytes()


def test_a_full_disk_is_said_and_what_was_done_is_kept(tmp_path, monkeypatch):
    path = tmp_path / "out.jsonl"
    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        out.begin(resume=False)
        out.write(rows(2), Checkpoint(entries=2))
        monkeypatch.setattr("os.fsync", _full)
        with pytest.raises(OutputError, match=r"No space left on device.*2 results are kept.*--resume"):
            out.write(rows(2, 2), Checkpoint(entries=4))
    monkeypatch.undo()

    with OutputFile(path, "jsonl", columns(), IDENTITY) as out:
        assert out.begin(resume=True).entries == 2


def _full(_):
    raise OSError(28, "No space left on device")


def test_dates_without_a_zone_stay_empty():
    row = make_row(Entry("e", "x", Origin("csv", "a")), PREDICTION)

    assert (row["written_at"], row["local_date"], row["locator"]) == (None, None, "")
