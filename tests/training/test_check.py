import json
import shutil

import pytest

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, Label
from afterword_training.check import check_corpus
from afterword_training.config import Split

SPLIT = Split(validation=("L",), test=("H",))


@pytest.fixture
def copy(tiny_notes, tmp_path):
    return shutil.copytree(tiny_notes, tmp_path / "notes")


def rewrite(folder, author, change):
    file = folder / f"{author}.jsonl"
    notes = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    change(notes)
    file.write_text("".join(json.dumps(note) + "\n" for note in notes), encoding="utf-8")


def problems(folder, split=SPLIT):
    return [str(problem) for problem in check_corpus(folder, split)]


def test_a_sound_corpus_has_no_problems(tiny_notes):
    assert problems(tiny_notes) == []


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="Give the folder"):
        check_corpus(tmp_path, SPLIT)


def note(notes, at, **changes):
    notes[at].update(changes)


FAULTS = {
    "label": (lambda notes: note(notes, 25, label="x"), r"G.jsonl:26: label"),
    "span": (
        lambda notes: note(notes, 25, markers=[{"span": "zorvex", "kind": "next_step"}]),
        "G.jsonl:26: the words of marker 1 are not in the text.",
    ),
    "id": (lambda notes: note(notes, 25, id=notes[24]["id"]), "has the id of G.jsonl:25."),
    "text": (
        lambda notes: note(notes, 25, text="  " + notes[24]["text"].upper().replace(" ", "\n"), markers=[]),
        "has the text of G.jsonl:25.",
    ),
    "blank text": (lambda notes: note(notes, 25, text=" \n\u00a0\t", markers=[]), "G.jsonl:26: text: should hold more"),
    "text that cleaning empties": (
        lambda notes: note(notes, 25, text="\u200b<br>", markers=[]),
        "G.jsonl:26: text: should hold more",
    ),
    "author": (lambda notes: note(notes, 25, author="O"), "G.jsonl:26: author: should be the name of the file"),
    "pair of one": (lambda notes: note(notes, 25, pair="G-p99"), "G.jsonl:26: pair G-p99 does not hold two differing"),
    "pair of one label": (
        lambda notes: [note(notes, at, pair="G-p99") for at in (24, 25)],
        "G.jsonl:25: pair G-p99 does not hold two differing",
    ),
}


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found_where_it_is(copy, fault, words):
    rewrite(copy, "G", fault)
    (found,) = problems(copy)
    assert words in found
    assert found.startswith("G.jsonl:2")


def test_a_pair_of_two_authors_is_found(copy):
    rewrite(copy, "L", lambda notes: note(notes, 0, pair="G-p01", label="neither"))
    rewrite(copy, "L", lambda notes: note(notes, 1, pair=None))
    assert any("pair G-p01 has more than one author" in found for found in problems(copy))


def test_a_near_copy_in_another_part_is_found(copy):
    lines = (copy / "G.jsonl").read_text(encoding="utf-8").splitlines()
    text = max((json.loads(line)["text"] for line in lines), key=len)
    rewrite(copy, "H", lambda notes: note(notes, 20, text=text + " Yes.", markers=[]))
    (found,) = problems(copy)
    assert found.startswith("H.jsonl:21: ")
    assert "(test) is nearly G.jsonl:" in found
    assert "(train)" in found


def test_a_near_copy_between_held_out_parts_is_told_once(copy):
    text = "The quarterly figures for the unit went to the board on the third, with a note on the heating. " * 2
    rewrite(copy, "H", lambda notes: note(notes, 20, text=text, markers=[]))
    rewrite(copy, "L", lambda notes: note(notes, 20, text=text + "Yes.", markers=[]))
    (found,) = problems(copy)
    assert found.startswith("H.jsonl:21: ")


def test_a_near_copy_within_a_part_is_no_problem(copy):
    lines = (copy / "G.jsonl").read_text(encoding="utf-8").splitlines()
    text = json.loads(lines[0])["text"]
    rewrite(copy, "O", lambda notes: note(notes, 25, text=text + " Yes.", markers=[]))
    assert problems(copy) == []


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (Split(validation=("L",), test=("ZZ",)), "author ZZ is held out but wrote no note"),
        (Split(validation=("L", "H"), test=("H",)), "author H is in validation and in test"),
        (Split(validation=("L", "G"), test=("H", "O")), "no author is left for training"),
    ],
)
def test_a_split_that_cannot_work_is_found(tiny_notes, split, words):
    assert any(found.startswith("configuration: ") and words in found for found in problems(tiny_notes, split))


def without(label):
    def drop(notes):
        notes[:] = [{**each, "pair": None} for each in notes if each["label"] != label]

    return drop


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("part", "authors"), [("training", "GO"), ("validation", "L")])
def test_a_label_that_fitting_or_calibrating_would_miss_is_found(copy, part, authors, label):
    for author in authors:
        rewrite(copy, author, without(label))
    assert problems(copy) == [f"configuration: no {part} author wrote a note labelled {label}."]


@pytest.mark.parametrize("author", ["G", "H"])
def test_a_label_may_be_missing_from_one_of_the_training_authors_and_from_test(copy, author):
    rewrite(copy, author, without(Label.NEITHER))
    assert problems(copy) == []


def test_no_problem_repeats_a_text(copy, canary):
    def spoil(notes):
        for at in (20, 21, 22):
            note(notes, at, text=canary, markers=[])
        note(notes, 23, text=canary, markers=[{"span": "Zorvexian x", "kind": "next_step"}])
        note(notes, 24, label=canary)
        note(notes, 26, text=" ", role=canary, markers=[])
        note(notes, 27, author=canary)
        note(notes, 25, pair="G-p98")

    rewrite(copy, "G", spoil)
    rewrite(copy, "H", lambda notes: note(notes, 20, text=canary, markers=[]))
    with (copy / "O.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"text": "{canary}\n')
    found = "\n".join(problems(copy))
    assert found.count("\n") >= 8
    for word in ("Zorvexian", "marmalade", "Quaxolotl"):
        assert word not in found
