"""Which answers are one note, whose votes count, what the majority is, how far annotators agree."""

import math
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.training.labelled.exports import NOTES, lines, plain, table

from afterword_model.errors import ConfigError, InputError
from afterword_model.labels import LABELS, Label
from afterword_training.labelled import LabelledNote, SetAside, Vote, label_map, read_labelled
from afterword_training.labelled.agreement import agreement
from afterword_training.labelled.answer import Answer
from afterword_training.labelled.fields import seconds_in
from afterword_training.labelled.gather import gather
from afterword_training.labelled.label_map import fold
from afterword_training.labelled.majority import decide
from afterword_training.labelled.options import LabelOptions

R, U, N = Label.REFLECTION, Label.RUMINATION, Label.NEITHER


def votes(*labels, final=()):
    return [
        Vote(f"f:{row}", "e1", "words", label, f"a{row}", final=row in final) for row, label in enumerate(labels, 1)
    ]


@pytest.mark.parametrize(
    ("given", "label", "final"),
    [
        ((U,), U, ()),
        ((U, U, N), U, ()),
        ((N, U, U, R), U, ()),
        ((U, U, N), N, (3,)),
        ((U, N), N, (2,)),
    ],
)
def test_the_label_most_gave_is_the_notes(given, label, final):
    note = decide(votes(*given, final=final))
    assert note == LabelledNote("e1", "f:1", "words", label, "e1", len(given))


@pytest.mark.parametrize(
    ("given", "final", "words"),
    [
        ((U, N), (), "1 rumination, 1 neither"),
        ((R, R, U, U, N), (), "2 reflection, 2 rumination, 1 neither"),
        ((U, U, N, R), (3, 4), "1 reflection, 1 neither"),
    ],
)
def test_a_tie_is_set_aside(given, final, words):
    assert decide(votes(*given, final=final)) == SetAside("f:1", f"the annotators are divided: {words}")


def test_the_adjudicator_settles_and_does_not_count_for_agreement(desk, labels):
    rows = [
        {"id": "e1", "text": "a b", "label": label, "annotator": name}
        for name, label in (("ana", "rumination"), ("ben", "neither"), ("cy", "reflection"))
    ]
    labelled = desk.read("n.csv", table(rows), adjudicator="cy")

    assert labels(labelled) == {"e1": "reflection"}
    assert labelled.agreement is not None
    assert labelled.agreement.annotators == 2


KRIPPENDORFF = [
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section A: two observers, two values.
    (([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]), 0.095),
]


@pytest.mark.parametrize(("observers", "alpha"), KRIPPENDORFF)
def test_alpha_is_that_of_the_books_example(observers, alpha):
    units = [
        [Vote("f:1", str(unit), "", LABELS[value], name) for name, value in zip("AB", values, strict=True)]
        for unit, values in enumerate(zip(*observers, strict=True))
    ]
    found = agreement(units)
    assert found is not None
    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert (found.notes, found.annotators) == (10, 2)
    assert str(found) == "Krippendorff's alpha 0.095, over 10 notes and 2 annotators"


def by_hand(units):
    """Return nominal alpha by its definition: 1 - observed over expected disagreement, over pairs."""
    values = [vote.label for unit in units if len(unit) > 1 for vote in unit]
    n, counts = len(values), Counter(values)
    expected = 1 - sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    pairs = [
        (a.label != b.label) / (len(unit) - 1)
        for unit in units
        if len(unit) > 1
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    ]
    return 1 - (sum(pairs) / n) / expected if expected else None


@given(st.lists(st.lists(st.sampled_from(LABELS), max_size=4), max_size=12))
@settings(max_examples=100, deadline=None)
def test_alpha_is_its_definition(labels):
    units = [votes(*each) for each in labels if each]
    found, expected = agreement(units), None
    if any(len(unit) > 1 for unit in units):
        expected = by_hand(units)
        assert found is not None
        assert (found.alpha is None) == (expected is None)
        assert expected is None or math.isclose(found.alpha, expected, abs_tol=1e-9)
    else:
        assert found is None


def test_alpha_of_one_label_alone_is_undefined():
    found = agreement([votes(U, U), votes(U, U)])
    assert found is not None
    assert found.alpha is None
    assert "undefined (only one label was given)" in str(found)


def test_two_copies_of_a_table_are_two_annotators(desk):
    ana = desk.put("ana.csv", table([{"id": "e1", "text": "Room 4\r\nbig", "label": "neither"}]))
    ben = desk.put("ben.csv", table([{"id": "e1", "text": " room 4\nbig ", "label": "neither"}]))
    assert [note.votes for note in read_labelled([ana, ben]).notes] == [2]


def test_without_ids_the_second_note_of_the_same_words_is_the_second(desk):
    rows = [{"text": "No session.", "label": "neither"}] * 2
    one, two = desk.put("ana.csv", table(rows)), desk.put("ben.csv", table(rows))
    labelled = read_labelled([one, two])
    assert [(note.id, note.votes) for note in labelled.notes] == [("ana.csv:2", 2), ("ana.csv:3", 2)]


def counted(desk, name, first, texts, **more):
    rows = [{"id": number, "text": text, "label": "neither", **more} for number, text in enumerate(texts, first)]
    return desk.put(name, table(rows))


ROOMS = [f"Room {number}." for number in range(6)]


@pytest.mark.parametrize("names", [("ana.csv", "ben.csv"), ("all.csv",)])
def test_the_same_words_are_one_note_however_rows_are_counted(desk, names):
    rows = [
        {"id": first + number, "text": text, "label": "neither", "annotator": name}
        for name, first in (("ana", 0), ("ben", 1 if len(names) == 2 else len(ROOMS)))
        for number, text in enumerate(ROOMS)
    ]
    parts = [rows] if len(names) == 1 else [rows[: len(ROOMS)], rows[len(ROOMS) :]]
    labelled = read_labelled([desk.put(name, table(part)) for name, part in zip(names, parts, strict=True)])
    assert [(note.text, note.votes) for note in labelled.notes] == [(text, 2) for text in ROOMS]
    assert [note.id for note in labelled.notes] == [str(number) for number in range(len(ROOMS))]
    assert len({note.group for note in labelled.notes}) == len(ROOMS)
    assert labelled.agreement is not None


def test_different_notes_of_one_number_belong_together_within_one_file_only(desk):
    files = [counted(desk, f"{name}.csv", 1, [f"{name} {text}" for text in ROOMS]) for name in ("ana", "ben")]
    assert len({note.group for note in read_labelled(files).notes}) == 2 * len(ROOMS)
    rows = [{"id": 7, "text": text, "label": "neither"} for text in ROOMS]
    assert len({note.group for note in desk.read("one.csv", table(rows)).notes}) == 1


def test_numbers_that_the_user_calls_ids_are_ids(desk):
    files = [counted(desk, f"{name}.csv", first, ["Room 4."]) for name, first in (("ana", 1), ("ben", 2))]
    assert [note.votes for note in read_labelled(files).notes] == [2]
    notes = read_labelled(files, LabelOptions(id_field="id")).notes
    assert [(note.id, note.group, note.votes) for note in notes] == [("1", "1", 1), ("2", "2", 1)]


def test_within_a_file_a_number_tells_notes_of_the_same_words_apart(desk):
    files = [counted(desk, name, first, ["No session."] * 2) for name, first in (("ana.csv", 1), ("ben.csv", 5))]
    labelled = read_labelled(files)
    assert [(note.id, note.votes) for note in labelled.notes] == [("1", 2), ("2", 2)]
    again = [{"id": 1, "text": "No session.", "label": "neither"}] * 2
    assert len(desk.read("ana.csv", table(again)).notes) == 1


def test_a_group_that_one_file_tells_is_the_notes(desk):
    files = [counted(desk, "ana.csv", 1, ROOMS), counted(desk, "ben.csv", 5, ROOMS, client="c1")]
    assert {note.group for note in read_labelled(files, LabelOptions(group_field="client")).notes} == {"c1"}


def test_one_id_with_other_words_is_another_note_of_that_group(desk):
    rows = [{"id": "c7", "text": text, "label": "neither"} for text in ("Room 4.", "Room 5.")]
    notes = desk.read("n.csv", table(rows)).notes
    assert [(note.id, note.group) for note in notes] == [("c7@n.csv:2", "c7"), ("c7@n.csv:3", "c7")]


def test_one_annotators_differing_answers_without_times_are_no_vote(desk, reasons, labels):
    rows = [{"id": "e1", "text": "Room 4.", "label": label} for label in ("neither", "rumination")]
    labelled = desk.read("n.csv", table(rows))
    assert labels(labelled) == {}
    assert reasons(labelled) == ["the same annotator gave it several labels"] * 2


def test_one_annotators_same_answer_counts_once(desk, reasons):
    rows = [{"id": "e1", "text": "Room 4.", "label": "neither"}] * 2
    labelled = desk.read("n.csv", table(rows))
    assert [note.votes for note in labelled.notes] == [1]
    assert reasons(labelled) == ["the same annotator gave it this label already"]


ANSWERS = st.lists(
    st.builds(
        Answer,
        where=st.integers(1, 99).map("f:{}".format),
        text=st.sampled_from(["Room 4.", "room 4.", "Room 5."]),
        annotator=st.sampled_from("abc"),
        names=st.lists(st.sampled_from(["reflection", "RUMINATION", "skipped"]), max_size=2).map(tuple),
        id=st.sampled_from([None, "e1", "e2"]),
        at=st.sampled_from([None, 1.0, 2.0]),
        question=st.sampled_from(["", "q"]),
    ),
    max_size=12,
)


@given(ANSWERS)
@settings(max_examples=300, deadline=None)
def test_every_answer_is_a_vote_or_set_aside(answers):
    options = LabelOptions(labels=label_map({"skipped": "skip"}))
    noted, set_aside = gather(answers, options)

    where = Counter(vote.where for each in noted for vote in each) + Counter(each.where for each in set_aside)
    assert where == Counter(answer.where for answer in answers)
    for each in noted:
        assert len({vote.annotator for vote in each}) == len(each)
        assert len({vote.key for vote in each}) == 1
    keys = [each[0].key for each in noted]
    assert all(key for key in keys)


def test_every_row_is_behind_a_vote_or_set_aside(desk):
    rows = [*plain(NOTES), {"text": "", "label": "x"}, {"label": "neither"}, {"text": "a", "label": None}]
    data = lines(rows) + b"{broken\n[1]\n"
    labelled = desk.read("n.jsonl", data)

    places = {vote.where for vote in labelled.votes} | {each.where for each in labelled.set_aside}
    assert places == {f"n.jsonl:{row}" for row in range(1, 9)}


@pytest.mark.parametrize("name", ["Reflection", " reflection ", "REFLECTION", "reflective", "Reflective"])
def test_names_are_compared_without_case_and_outer_space(name):
    assert label_map({})[fold(name)] is R


def test_settings_win_over_the_configuration():
    found = label_map({"Grübeln": "neither"}, ["gru\u0308beln=Rumination", "a = b=skip"])
    assert found[fold("GRÜBELN")] is U
    assert found[fold("a = b")] is None


@pytest.mark.parametrize(
    ("names", "given", "words"),
    [
        ({}, ["Grübeln"], "Grübeln maps no label"),
        ({}, ["=neither"], "=neither maps no label"),
        ({"x": "sad"}, [], "x is mapped to sad, which is no label. Map it to reflection, rumination, neither or skip."),
    ],
)
def test_a_map_to_no_label_is_an_error(names, given, words):
    with pytest.raises(ConfigError) as caught:
        label_map(names, given)
    assert words in str(caught.value)


def test_an_own_name_may_be_mapped_anew(desk, labels):
    rows = [{"id": "e1", "text": "Room 4.", "label": "neither"}]
    with pytest.raises(InputError):
        desk.read("n.csv", table([rows[0] | {"label": "none"}]))
    assert labels(desk.read("n.csv", table(rows), labels={"neither": "reflection"})) == {"e1": "reflection"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60),
        ("1970-01-01T00:01:00.5+00:00", 60.5),
        ("1970-01-01T00:01:00", 60),
        ("1970-01-01T01:01:00+01:00", 60),
        (60, 60),
        ("60", 60),
        (datetime(1970, 1, 1, 0, 1, tzinfo=UTC), 60),
        ("soon", None),
        (True, None),
        (float("nan"), None),
        (10**400, None),
    ],
)
def test_moments(value, seconds):
    assert seconds_in(value) == seconds
