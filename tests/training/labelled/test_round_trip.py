"""The tasks that `afterword review` writes, labelled by two people in each tool, come back with their labels."""

import csv
import io
import json
from typing import Any

import pytest
from tests.training.labelled.exports import (
    Said,
    annotation,
    by_note,
    choice,
    dumps,
    flat_record,
    lines,
    parquet,
    zipped,
)

from afterword_model.labels import LABELS, Label
from afterword_serving.review.note import Note
from afterword_serving.review.task import make_tasks
from afterword_serving.review.tools import TOOLS
from afterword_training.labelled import LabelOptions, read_labelled

TEXTS = {
    "e1": "I keep replaying it… «été»\n\nNext time I ask.",
    "e2": '=HYPERLINK("x") {{text}} $text <b>\u2028 "quoted", 👩\u200d⚕️',
    "e3": "- one\r\n- two\t#three",
    "@e4": "@noon: room 4, eight people; nothing else.",
}
TRUTH = dict(zip(TEXTS, ("rumination", "reflection", "neither", "neither"), strict=True))
GROUPS = dict(zip(TEXTS, ("c1", "c2", "c2", None), strict=True))
MODEL = "afterword-tiny 0.0.1"


def written(tool: str) -> str:
    """Return the tasks as written for a tool; the model's guess is `reflection` for each."""
    sure = dict(zip(LABELS, (0.9, 0.05, 0.05), strict=True))
    notes = [
        Note(
            row, id, text, Label.REFLECTION, sure, True, frozenset(), "a.jsonl", f"line {row}", "2026-04-01", GROUPS[id]
        )
        for row, (id, text) in enumerate(TEXTS.items(), 1)
    ]
    return TOOLS[tool](make_tasks([(note, []) for note in notes]), model=MODEL)


def answers(id: str, text: str) -> list[Said]:
    return [Said(id, text, TRUTH[id], name) for name in ("ana", "ben")]


def in_label_studio() -> list[dict[str, Any]]:
    tasks = json.loads(written("label-studio"))
    for number, task in enumerate(tasks, 1):
        said = answers(task["data"]["entry_id"], task["data"]["text"])
        each = [annotation(one, place) for place, one in enumerate(said)]
        task |= {"id": number, "annotations": each, "drafts": [], "meta": {}, "project": 1}
    return tasks


def rows_of_label_studio() -> list[dict[str, Any]]:
    return [
        task["data"]
        | {
            "id": task["id"],
            "label": each["result"][0]["value"]["choices"][0],
            "annotator": each["completed_by"]["email"],
            "annotation_id": each["id"] + 10 * task["id"],
            "created_at": each["created_at"],
            "updated_at": each["updated_at"],
            "lead_time": 4.2,
        }
        for task in in_label_studio()
        for each in task["annotations"]
    ]


def as_csv(rows: list[dict[str, Any]], **style: Any) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, sorted(rows[0]), **style)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def in_prodigy() -> bytes:
    tasks = [json.loads(line) for line in written("prodigy").splitlines()]
    answered = []
    for number, task in enumerate(tasks):
        for one in answers(task["meta"]["id"], task["text"]):
            answered.append(choice(one, _input_hash=number, _task_hash=-number) | task)
    return lines(answered)


def in_argilla() -> list[dict[str, Any]]:
    return [
        record
        | {
            "responses": {
                "label": [
                    {"value": one.label, "user_id": one.annotator}
                    for one in answers(record["id"], record["fields"]["text"])
                ]
            },
            "status": "completed",
            "_server_id": "s",
        }
        for record in json.loads(written("argilla"))
    ]


def flat_in_argilla() -> list[dict[str, Any]]:
    said = [one for record in in_argilla() for one in answers(record["id"], record["fields"]["text"])]
    return [flat_record(each) for each in by_note(said).values()]


def in_doccano() -> bytes:
    """Return a member's file: doccano numbers the documents and spreads their metadata over the top level."""
    documents = [json.loads(line) for line in written("doccano").splitlines()]
    return lines(
        {"id": number, **document, "label": [TRUTH[document["entry_id"]]], "Comments": []}
        for number, document in enumerate(documents, 1)
    )


def in_a_spreadsheet(separator: str, encoding: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(written("csv").removeprefix("\ufeff"), newline="")))
    for row in rows:
        row["label"] = TRUTH[row["id"].removeprefix("'")].upper()
    return as_csv(rows, delimiter=separator).decode().encode(encoding)


LABELLED = {
    "label-studio json": lambda: {"p.json": dumps(in_label_studio())},
    "label-studio json_min": lambda: {"m.json": dumps(rows_of_label_studio())},
    "label-studio csv": lambda: {"p.csv": as_csv(rows_of_label_studio(), quoting=csv.QUOTE_NONNUMERIC)},
    "label-studio tsv": lambda: {"p.tsv": as_csv(rows_of_label_studio(), delimiter="\t")},
    "prodigy": lambda: {"p.jsonl": in_prodigy()},
    "argilla nested": lambda: {"records.json": dumps(in_argilla())},
    "argilla flat": lambda: {"flat.parquet": parquet(flat_in_argilla())},
    "doccano": lambda: {"d.zip": zipped({f"{name}.jsonl": in_doccano() for name in ("ana", "ben")})},
    "csv": lambda: {f"{name}.csv": in_a_spreadsheet(",", "utf-8-sig") for name in ("ana", "ben")},
    "csv from a spreadsheet": lambda: {
        "ana.csv": in_a_spreadsheet(";", "utf-8"),
        "ben.csv": in_a_spreadsheet("\t", "utf-16"),
    },
}


@pytest.mark.parametrize("tool", LABELLED)
def test_labelled_tasks_come_back_with_their_labels(desk, tool):
    labelled = read_labelled([desk.put(name, data) for name, data in LABELLED[tool]().items()])

    assert {note.id: (note.text, note.label, note.votes) for note in labelled.notes} == {
        id: (text, TRUTH[id], 2) for id, text in TEXTS.items()
    }
    assert [note.id for note in labelled.notes] == list(TEXTS)
    assert labelled.set_aside == ()
    assert labelled.agreement is not None
    assert labelled.agreement.alpha == pytest.approx(1)


@pytest.mark.parametrize("tool", TOOLS)
def test_tasks_that_nobody_labelled_give_no_note(desk, tool):
    """The model's guess is in each of them."""
    labelled = desk.read("tasks", written(tool).encode())

    assert labelled.votes == ()
    assert len(labelled.set_aside) == len(TEXTS)


@pytest.mark.parametrize("tool", sorted(LABELLED.keys() - {"argilla flat"}))
def test_the_file_that_a_note_came_from_can_be_its_group(desk, tool):
    files = [desk.put(name, data) for name, data in LABELLED[tool]().items()]
    labelled = read_labelled(files, LabelOptions(group_field="file"))
    assert {note.group for note in labelled.notes} == {"a.jsonl"}
    assert not any("have no file" in notice for notice in labelled.notices)


@pytest.mark.parametrize("tool", sorted(LABELLED.keys() - {"argilla flat"}))
def test_the_column_of_groups_that_review_was_given_can_be_their_group(desk, tool):
    files = [desk.put(name, data) for name, data in LABELLED[tool]().items()]
    labelled = read_labelled(files, LabelOptions(group_field="group"))
    assert [note.group for note in labelled.notes][:3] == ["c1", "c2", "c2"]
    assert labelled.notes[3].group not in {"c1", "c2"}
    assert any("have no group" in notice for notice in labelled.notices)
