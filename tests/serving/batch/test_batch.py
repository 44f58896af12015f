import json

import pytest

from afterword_serving import batch
from afterword_serving.batch import CHUNK, classify
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.entry import Entry, Notice, Origin, Skip
from afterword_serving.tally import PLACES_KEPT, Tally


class Kept:
    def __init__(self):
        self.rows, self.reached = [], []

    def write(self, rows, reached):
        self.rows += rows
        self.reached.append(reached)

    def finish(self):
        raise AssertionError("the caller finishes")


def entry(number, text=None):
    return Entry(f"e{number}", text or f"Note {number}.", Origin("jsonl", "a.jsonl", f"line {number}"))


def run(items, oracle, **options):
    sink, tally = Kept(), Tally()
    classify(items, oracle, sink, tally=tally, **options)
    return sink, tally


def test_rows_keep_the_order_and_come_in_chunks(oracle):
    sink, tally = run((entry(n) for n in range(2 * CHUNK + 5)), oracle)

    assert [row["id"] for row in sink.rows] == [f"e{n}" for n in range(2 * CHUNK + 5)]
    assert oracle.asked == [CHUNK, CHUNK, 5]
    assert [reached.entries for reached in sink.reached] == [CHUNK, 2 * CHUNK, 2 * CHUNK + 5]
    assert tally.entries == tally.answers.total == 2 * CHUNK + 5


def test_it_reads_no_further_ahead_than_one_chunk(oracle):
    taken = 0

    def items():
        nonlocal taken
        for number in range(10 * CHUNK):
            taken += 1
            yield entry(number)

    class Impatient(Kept):
        def write(self, rows, reached):
            assert taken <= reached.entries
            super().write(rows, reached)

    classify(items(), oracle, sink := Impatient(), tally=Tally())
    assert len(sink.rows) == 10 * CHUNK


def test_skips_and_notices_are_counted_where_they_are(oracle):
    items = [Skip("empty", "a, row 1"), entry(2), Notice("bad_date", "a, row 3"), Skip("bad_row", "a, row 4", "why")]

    sink, tally = run(items, oracle)

    assert len(sink.rows) == 1
    assert tally.skipped["empty"].where == ["a, row 1"]
    assert tally.skipped["bad_row"].where == ["a, row 4 (why)"]
    assert tally.notices["bad_date"].where == ["a, row 3"]
    assert tally.failed


def test_places_are_kept_up_to_a_bound_and_all_counted(oracle):
    _, tally = run([Skip("empty", str(n)) for n in range(PLACES_KEPT + 7)], oracle)

    assert (tally.skipped["empty"].count, len(tally.skipped["empty"].where)) == (PLACES_KEPT + 7, PLACES_KEPT)
    assert not tally.failed


@pytest.mark.parametrize("count", [1, 5])
def test_one_entry_that_breaks_the_model_does_not_cost_its_neighbours(oracle, count):
    items = [entry(n, "poison" if n == 0 else None) for n in range(count)]

    sink, tally = run(items, oracle)

    assert [row["id"] for row in sink.rows] == [f"e{n}" for n in range(1, count)]
    assert tally.skipped["not_classified"].where == ["a.jsonl, line 0"]
    assert sink.reached[-1].not_classified == ("a.jsonl, line 0",)


def test_stopping_is_not_taken_for_a_bad_entry(oracle, monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(oracle, "predict", stop)
    with pytest.raises(KeyboardInterrupt):
        run([entry(1)], oracle)


def test_the_bar_hears_of_every_entry(oracle):
    heard = []

    run((entry(n) for n in range(CHUNK + 3)), oracle, advance=heard.append)

    assert heard == [CHUNK, 3]


def test_text_is_in_the_rows_only_when_asked_for(oracle):
    without, _ = run([entry(1, "Canary words.")], oracle)
    with_text, _ = run([entry(1, "Canary words.")], oracle, include_text=True)

    assert "Canary" not in json.dumps(without.rows)
    assert with_text.rows[0]["text"] == "Canary words."


def test_going_on_does_not_ask_again_and_counts_what_was_answered(oracle):
    items = [entry(n, "poison" if n == 3 else None) for n in range(3 * CHUNK)]
    whole, tally = run(items, oracle)
    oracle.asked.clear()

    rest, again = run(items, oracle, start=whole.reached[1])

    assert oracle.asked == [CHUNK]
    assert rest.rows == whole.rows[2 * CHUNK - 1 :]
    assert again == tally
    assert rest.reached[-1].model_copy() == whole.reached[-1]


@pytest.mark.parametrize("change", ["text", "shorter", "longer prefix"])
def test_going_on_with_another_input_is_refused(oracle, change):
    items = [entry(n) for n in range(CHUNK + 10)]
    whole, _ = run(items, oracle)
    start = whole.reached[0]
    if change == "text":
        items[5] = entry(5, "Changed.")
    elif change == "shorter":
        items = items[: CHUNK - 1]
    else:
        start = start.model_copy(update={"entries": CHUNK - 1})

    with pytest.raises(batch.InputError, match="without --resume"):
        run(items, oracle, start=start)


def test_nothing_is_nothing(oracle):
    sink, tally = run([], oracle)

    assert (sink.rows, tally.entries, oracle.asked) == ([], 0, [])
    assert Checkpoint().entries_sha256 == Checkpoint().rows_sha256
