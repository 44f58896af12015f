import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from afterword_model import Classifier
from afterword_serving import batch
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.cli import main
from afterword_serving.entry import Entry, Origin
from afterword_serving.rows import columns
from afterword_serving.run import Job, check_job, run
from afterword_serving.sinks import StreamSink
from afterword_serving.tally import Tally
from afterword_serving.units import PASSAGE, split

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "dayone-export.zip"
MIXED = (
    "I should have known, and I said nothing again. What is wrong with me?\n\n"
    "Next Tuesday I will let her finish before I say a word."
)


def entry(text):
    return Entry("e", text, Origin("jsonl", "a.jsonl", "line 1"), title="A day")


def pieces(text, by="sentence"):
    return [text[unit.start : unit.end] for unit in split(entry(text), by)]


def rows_of(texts, oracle, **options):
    stream, tally = io.StringIO(), Tally()
    entries = [Entry(f"e{n}", text, Origin("jsonl", "a.jsonl", f"line {n}")) for n, text in enumerate(texts)]
    sink = StreamSink(stream, "jsonl", columns())
    batch.classify(entries, oracle, sink, tally=tally, **options)
    return [json.loads(line) for line in stream.getvalue().splitlines()], tally


@pytest.fixture
def afterword(artifact_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "j.jsonl").write_text(json.dumps({"id": "a", "text": MIXED}) + "\n" + '{"id": "b", "text": "Rain."}\n')
    return lambda *args: CliRunner().invoke(main, ["classify", *map(str, args), "--model", str(artifact_folder)])


def test_an_entry_by_entry_is_itself():
    given = entry(MIXED)

    assert split(given, "entry") == [given]


def test_the_sentences_of_an_entry():
    first, second, third = split(entry(MIXED), "sentence")

    assert (first.id, second.id, third.id) == ("e#1", "e#2", "e#3")
    assert {first.entry_id, second.entry_id, third.entry_id} == {"e"}
    assert [first.text, second.text] == ["I should have known, and I said nothing again.", "What is wrong with me?"]
    assert MIXED[third.start : third.end] == third.text == "Next Tuesday I will let her finish before I say a word."
    assert str(second.source) == "a.jsonl, line 1, sentence 2"
    assert second.title == "A day"


def test_passages_are_short_and_cut_between_sentences():
    sentence = "Then I waited a little longer than I had meant to."
    parts = pieces(" ".join([sentence] * 40), "passage")

    assert len(parts) > 1
    assert all(len(part.split()) <= PASSAGE and part.endswith("to.") for part in parts)
    assert " ".join(parts) == " ".join([sentence] * 40)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\u200b\u200bI froze.  \u00a0She left.", ["I froze.", "She left."]),
        ("<p>I froze.</p><p>She left.</p>", ["I froze.", "She left."]),
        ("I froze\u2026 She left.", ["I froze\u2026", "She left."]),
        ("# Monday\r\n\r\n* I froze.\r\n* She left.", ["Monday", "* I froze.", "* She left."]),
        ("Cafe\u0301 with **Ana**. She left.", ["Cafe\u0301 with **Ana**.", "She left."]),
        ("\U0001f642 I froze. \U0001f642 She left.", ["\U0001f642 I froze.", "\U0001f642 She left."]),
    ],
)
def test_places_count_characters_of_the_text_as_read(raw, expected):
    assert pieces(raw) == expected


@pytest.mark.parametrize("by", ["passage", "sentence"])
@pytest.mark.parametrize("raw", ["***", "\u200b", "?!", "no end", MIXED, "a. b. c. " * 300, "x" * 5000])
def test_nothing_is_lost_and_nothing_twice(raw, by):
    units = split(entry(raw), by)

    assert units
    assert [unit.start for unit in units] == sorted(unit.start for unit in units)
    assert all(before.end <= after.start for before, after in zip(units, units[1:], strict=False))
    letters = [char for char in raw if char.isalnum() or char in "?!"]
    kept = [char for unit in units for char in unit.text if char.isalnum() or char in "?!"]
    assert kept == letters


@pytest.mark.parametrize("raw", ["***", "&nbsp;", "\u200b"])
def test_a_text_with_nothing_to_read_is_one_unit(raw):
    assert pieces(raw) == [raw]


def test_rows_keep_the_order_and_say_where_they_stand(oracle):
    rows, tally = rows_of([MIXED, "Rain.", "Dry. Wind."], oracle, by="sentence", include_text=True)

    assert [row["id"] for row in rows] == ["e0#1", "e0#2", "e0#3", "e1#1", "e2#1", "e2#2"]
    assert [row["entry_id"] for row in rows] == ["e0", "e0", "e0", "e1", "e2", "e2"]
    assert all(row["text"] == MIXED[row["start"] : row["end"]] for row in rows[:3])
    assert list(rows[0]) == columns(by="sentence", include_text=True)
    assert (tally.entries, tally.answers.total, tally.answers.by) == (3, 6, "sentence")


def test_the_model_is_asked_for_no_more_at_once(oracle):
    rows, _ = rows_of(["Rain. " * 100] * 5, oracle, by="sentence")

    assert len(rows) == sum(oracle.asked) == 500
    assert max(oracle.asked) == batch.CHUNK


def test_a_part_that_breaks_the_model_does_not_cost_its_neighbours(oracle):
    rows, tally = rows_of(["Rain. What poison. Sun."], oracle, by="sentence")

    assert [row["id"] for row in rows] == ["e0#1", "e0#3"]
    assert tally.skipped["not_classified"].where == ["a.jsonl, line 0, sentence 2"]


def test_an_entry_that_cannot_be_split_does_not_cost_its_neighbours(oracle, monkeypatch):
    def fail(text):
        if "poison" in text:
            raise ValueError(text)
        return []

    monkeypatch.setattr("afterword_serving.units.sentences", fail)
    rows, tally = rows_of(["Rain.", "poison", "Sun."], oracle, by="sentence")

    assert [row["entry_id"] for row in rows] == ["e0", "e2"]
    assert tally.skipped["not_classified"].where == ["a.jsonl, line 1"]


def test_a_mixed_entry_by_the_command(afterword, tmp_path):
    done = afterword("j.jsonl", "--by", "sentence", "-o", "r.jsonl", "--include-text")

    assert done.exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a#1", "a#2", "a#3", "b#1"]
    shown = [rows[1]["text"][span["start"] : span["end"]] for span in rows[1]["evidence"]]
    assert any("wrong with me" in span for span in shown)
    assert "Read 2 entries (2 JSON Lines).\nLabelled 4 sentences:\n" in done.stderr
    assert "of 4 sentences (" in done.stderr
    record = json.loads((tmp_path / "r.jsonl.run.json").read_text(encoding="utf-8"))
    assert (record["entries"], record["rows"], record["unit"]) == (2, 4, "sentence")
    assert record["options"]["by"] == "sentence"
    assert sum(record["labels"].values()) == 4


def test_each_sentence_is_labelled_as_it_would_be_alone(classifier: Classifier):
    rows, _ = rows_of([MIXED], classifier, by="sentence", include_text=True)

    alone = classifier.predict([row["text"] for row in rows])
    assert [row["label"] for row in rows] == [prediction.label.value for prediction in alone]
    spans = [[(span["start"], span["end"]) for span in row["evidence"]] for row in rows]
    assert spans == [[(span.start, span.end) for span in prediction.evidence] for prediction in alone]


@pytest.mark.parametrize("by", ["passage", "sentence"])
def test_tables_have_the_places_too(afterword, tmp_path, by):
    for name in ("r.csv", "r.parquet"):
        assert afterword(SAMPLE, "--by", by, "-o", name).exit_code == 0

    table = pq.read_table(tmp_path / "r.parquet")
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert table.column_names == list(rows[0]) == columns(by=by)
    assert table["start"].to_pylist() == [int(row["start"]) for row in rows]
    assert len({row["entry_id"] for row in rows}) == 52
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(rows) > 52 or by == "passage"


def test_no_word_is_in_the_results_unless_asked_for(afterword):
    done = afterword("j.jsonl", "--by", "sentence")

    assert len(done.stdout.splitlines()) == 4
    assert "Tuesday" not in done.output


@pytest.mark.parametrize(("by", "many", "count"), [("passage", "passages", 2), ("sentence", "sentences", 4)])
def test_the_report_counts_what_has_a_row(afterword, tmp_path, by, many, count):
    done = afterword("j.jsonl", "--by", by, "--report", "report.html", "-o", "r.jsonl")

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert done.exit_code == 0
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == count
    assert f"{count} {many}" in page
    assert f"{many.capitalize()} without a next step yet" in page
    assert not [line for line in page.splitlines() if "entries" in line.lower() or " entry" in line.lower()]


def test_going_on_by_something_else_is_refused(oracle, tmp_path, monkeypatch):
    path, out = tmp_path / "j.jsonl", tmp_path / "r.jsonl"
    path.write_text('{"text": "Rain. Sun."}\n' * 9)
    monkeypatch.setattr(batch, "CHUNK", 2)
    whole = oracle.predict

    def stop(texts):
        if len(oracle.asked) > 3:
            raise KeyboardInterrupt
        return whole(texts)

    monkeypatch.setattr(oracle, "predict", stop)
    with pytest.raises(KeyboardInterrupt):
        go(Job((str(path),), out, by="sentence"), oracle)
    monkeypatch.setattr(oracle, "predict", whole)

    with pytest.raises(Exception, match="the options changed since"):
        go(Job((str(path),), out, by="passage", resume=True), oracle)
    tally = go(Job((str(path),), out, by="sentence", resume=True), oracle)
    assert tally.answers.total == len(out.read_text().splitlines()) == 18


def go(job, oracle):
    check_job(job)
    return run(job, oracle, None, io.BytesIO())


def test_a_checkpoint_counts_entries_not_parts(oracle):
    texts = ["Rain. Sun."] * (batch.CHUNK + 1)
    reached: list[Checkpoint] = []

    class Sink:
        def write(self, rows, checkpoint):
            reached.append(checkpoint)

        def finish(self):
            raise AssertionError("the caller finishes")

    entries = [Entry(f"e{n}", text, Origin("jsonl", "a.jsonl")) for n, text in enumerate(texts)]
    batch.classify(entries, oracle, Sink(), tally=Tally(), by="sentence")

    assert [checkpoint.entries for checkpoint in reached] == [batch.CHUNK, batch.CHUNK + 1]
    assert sum(reached[-1].labels.values()) == 2 * len(texts)
