import pytest

from afterword_serving.review.select import select

CASES = ["turbine", "parsnip", "ledger", "comet", "walrus", "violin", "saffron", "glacier", "lantern", "puzzle"]


def test_the_most_worth_come_first(make_note):
    notes = [make_note(n, f"{word} {word}ish") for n, word in enumerate(CASES)]

    assert select(notes, [n / 10 for n in range(1, 11)], 3) == [9, 8, 7]


def test_of_equals_the_earlier_comes_first(make_note):
    notes = [make_note(n, word) for n, word in enumerate(CASES)]

    assert select(notes, [0.5] * 10, 2) == [0, 1]


def test_another_subject_comes_before_more_of_the_same(make_note):
    same = [f"I keep replaying the session with the boy and his silence {word}" for word in CASES[:4]]
    notes = [make_note(n, text) for n, text in enumerate([*same, "Invoices took all afternoon."])]

    assert select(notes, [1.0, 0.99, 0.98, 0.97, 0.6], 2) == [0, 4]


def test_near_copies_are_left_out_even_when_there_is_room(make_note):
    text = "I keep replaying the session with the boy, and his silence, and what I said to fill it"
    notes = [make_note(0, text + "."), make_note(1, text + "!"), make_note(2, "Invoices took all afternoon.")]

    assert select(notes, [1.0, 0.9, 0.1], 3) == [0, 2]


def test_what_is_chosen_anyway_is_not_chosen_again_nor_repeated(make_note):
    notes = [make_note(0, "rain on Monday"), make_note(1, "Rain, on Monday"), make_note(2, "comet")]

    assert select(notes, [1.0, 1.0, 0.1], 3, chosen=[0]) == [2]


@pytest.mark.parametrize(
    ("known", "values"),
    [
        ("file", ["ana.jsonl"] * 8 + ["bo.jsonl"] * 2),
        ("date", ["2026-01-03"] * 8 + ["2026-02-03"] * 2),
        ("group", ["ana"] * 8 + ["bo"] * 2),
    ],
)
def test_choices_spread_over_files_months_and_groups(make_note, known, values):
    notes = [make_note(n, word, **{known: value}) for n, (word, value) in enumerate(zip(CASES, values, strict=True))]
    worth = [0.5] * 8 + [0.49] * 2

    assert sorted(select(notes, worth, 4)) == [0, 1, 8, 9]


@pytest.mark.parametrize(("notes", "limit"), [(0, 5), (3, 0)])
def test_nothing_to_choose(make_note, notes, limit):
    assert select([make_note(n, CASES[n]) for n in range(notes)], [1.0] * notes, limit) == []


def test_worthless_notes_are_chosen_too_when_there_is_room(make_note):
    assert select([make_note(n, CASES[n]) for n in range(3)], [0.0] * 3, 5) == [0, 1, 2]
