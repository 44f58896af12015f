import json

import pytest

from afterword_training.notes import Placed, Problem, read_notes

GOOD = {
    "id": "A-1",
    "text": "Next week I ask her first.",
    "label": "reflection",
    "slice": "plain",
    "role": "nurse",
    "author": "A",
    "pair": None,
    "markers": [{"span": "I ask her first", "kind": "next_step"}],
}


def read(tmp_path, *lines):
    file = tmp_path / "A.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(read_notes(file))


def line(**changes):
    return json.dumps({**GOOD, **changes})


def test_a_good_line_is_a_note_with_its_place(tmp_path):
    (placed,) = read(tmp_path, line())
    assert isinstance(placed, Placed)
    assert placed.where == "A.jsonl:1"
    assert placed.note.markers[0].span == "I ask her first"


def test_line_separators_within_a_text_do_not_part_it(tmp_path):
    (placed,) = read(tmp_path, json.dumps({**GOOD, "text": "I ask her first\u2028now\x85so"}, ensure_ascii=False))
    assert placed.note.text == "I ask her first\u2028now\x85so"


WRONG = {
    "not JSON": ("{'id': 1}", "is not JSON"),
    "empty line": ("", "is not JSON"),
    "a list": ("[1]", "is not a JSON object"),
    "too deep": ("[" * 100_000, "nested too deeply"),
    "label": (line(label="reflexion"), "label: input should be 'reflection'"),
    "slice": (line(slice="other"), "slice: should be one of"),
    "empty text": (line(text=""), "text: string should have at least 1"),
    "text is a number": (line(text=5), "text: input should be a valid string"),
    "lone surrogate": (line(text="a \ud800 b"), "text: "),
    "no pair": (json.dumps({key: value for key, value in GOOD.items() if key != "pair"}), "pair: field required"),
    "extra field": (line(secret="x"), "a field that is no part of a note"),
    "marker kind": (line(markers=[{"span": "ask", "kind": "step"}]), "markers.0.kind: input should be 'next_step'"),
    "marker without words": (line(markers=[{"span": "", "kind": "next_step"}]), "markers.0.span"),
    "words not in the text": (
        line(markers=[*GOOD["markers"], {"span": "I ask him", "kind": "next_step"}]),
        "words of marker 2 are not in the text",
    ),
}


@pytest.mark.parametrize(("bad", "words"), WRONG.values(), ids=WRONG)
def test_a_bad_line_is_told_by_place_and_fault(tmp_path, bad, words):
    first, problem = read(tmp_path, line(), bad)
    assert isinstance(first, Placed)
    assert isinstance(problem, Problem)
    assert str(problem).startswith("A.jsonl:2: ")
    assert words in str(problem)


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "CANARY"},
        {"slice": "CANARY"},
        {"text": "CANARY \ud800"},
        {"markers": [{"span": "CANARY", "kind": "next_step"}]},
        {"markers": [{"span": "I ask", "kind": "CANARY"}]},
        {"markers": "CANARY"},
        {"CANARY": 1},
    ],
)
def test_a_problem_never_repeats_what_the_line_held(tmp_path, changes):
    (problem,) = read(tmp_path, line(**changes))
    assert "CANARY" not in str(problem)


def test_a_file_that_is_no_text_is_one_problem(tmp_path):
    (tmp_path / "A.jsonl").write_bytes(b"\xff\xfe{}")
    (problem,) = read_notes(tmp_path / "A.jsonl")
    assert str(problem) == "A.jsonl: is not UTF-8 text (byte 0)."
