"""Labelled notes as each tool exports them, in the shapes its exporter was seen to write; every text is invented."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import ClassLabel, Dataset, Features, Value

NAMES = ("reflection", "rumination", "neither")


class Said(NamedTuple):
    """One annotator's answer."""

    id: str
    text: str
    label: str
    annotator: str = "ana"


NOTES = [
    Said("e1", "I cut in too early; on Tuesday I count to three first.", "reflection"),
    Said("e2", "I keep hearing my own voice, and how useless it sounded… «été»\n\nAll night.", "rumination"),
    Said("e3", 'Room 4, eight people, "standing" group.', "neither"),
]
Export = Callable[[list[Said]], bytes]


def by_note(said: Iterable[Said]) -> dict[str, list[Said]]:
    notes: dict[str, list[Said]] = {}
    for each in said:
        notes.setdefault(each.id, []).append(each)
    return notes


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def lines(records: Iterable[Any]) -> bytes:
    return b"".join(dumps(record) + b"\n" for record in records)


def table(rows: list[dict[str, Any]], **style: Any) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), **style)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def annotation(said: Said, number: int = 1, **changes: Any) -> dict[str, Any]:
    value = {"choices": [said.label]}
    result = {"id": "r", "from_name": "label", "to_name": "text", "type": "choices", "origin": "manual", "value": value}
    return {
        "id": 30 + number,
        "completed_by": {"id": number, "email": f"{said.annotator}@example.org"},
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 4.2,
        "created_at": "2026-04-01T10:05:00.0Z",
        "updated_at": "2026-04-01T10:05:00.0Z",
        "result": [result],
    } | changes


def task(said: list[Said], number: int = 1, **changes: Any) -> dict[str, Any]:
    value = {"choices": ["neither"]}
    guess = {"from_name": "label", "to_name": "text", "type": "choices", "value": value}
    return {
        "id": number,
        "data": {"text": said[0].text, "entry_id": said[0].id},
        "annotations": [annotation(each, place) for place, each in enumerate(said)],
        "predictions": [{"model_version": "v2", "score": 0.8, "result": [guess]}],
        "drafts": [],
        "meta": {},
        "project": 3,
    } | changes


def label_studio(said: list[Said]) -> bytes:
    return dumps([task(each, number) for number, each in enumerate(by_note(said).values(), 1)])


def flat(said: list[Said]) -> list[dict[str, Any]]:
    return [
        {
            "annotation_id": 30 + number,
            "annotator": f"{each.annotator}@example.org",
            "created_at": "2026-04-01T10:05:00.0Z",
            "entry_id": each.id,
            "id": number,
            "label": each.label,
            "lead_time": 4.2,
            "text": each.text,
            "updated_at": "2026-04-01T10:05:00.0Z",
        }
        for number, each in enumerate(said, 1)
    ]


def choice(said: Said, **changes: Any) -> dict[str, Any]:
    return {
        "text": said.text,
        "meta": {"id": said.id},
        "_input_hash": -153,
        "_task_hash": -340,
        "options": [{"id": name, "text": name} for name in NAMES],
        "_view_id": "choice",
        "config": {"choice_style": "single"},
        "accept": [said.label],
        "answer": "accept",
        "_timestamp": 1775152800,
        "_annotator_id": f"notes-{said.annotator}",
        "_session_id": f"notes-{said.annotator}",
    } | changes


def classification(said: Said, **changes: Any) -> dict[str, Any]:
    return {
        "text": said.text,
        "meta": {"id": said.id},
        "label": said.label,
        "score": 0.63,
        "priority": 0.63,
        "spans": [],
        "answer": "accept",
        "_input_hash": -153,
        "_task_hash": f"task-{said.label}",
        "_session_id": f"notes-{said.annotator}",
    } | changes


def record(said: list[Said], **changes: Any) -> dict[str, Any]:
    return {
        "id": said[0].id,
        "fields": {"text": said[0].text},
        "metadata": {"month": "2026-04"},
        "suggestions": {"label": {"value": "neither", "score": 0.6, "agent": "model-v2"}},
        "responses": {"label": [{"value": each.label, "user_id": f"59f7-{each.annotator}"} for each in said]},
        "vectors": {},
        "status": "completed",
        "_server_id": "e0ba",
    } | changes


def flat_record(said: list[Said], **changes: Any) -> dict[str, Any]:
    return {
        "id": said[0].id,
        "status": "completed",
        "_server_id": "e0ba",
        "text": said[0].text,
        "month": "2026-04",
        "label.responses": [each.label for each in said],
        "label.responses.users": [f"59f7-{each.annotator}" for each in said],
        "label.responses.status": ["submitted" for _ in said],
        "label.suggestion": "neither",
        "label.suggestion.score": 0.6,
        "label.suggestion.agent": "model-v2",
    } | changes


def old_record(said: list[Said], **changes: Any) -> dict[str, Any]:
    responses = [{"user_id": f"59f7-{each.annotator}", "value": each.label, "status": "submitted"} for each in said]
    return {
        "text": said[0].text,
        "label": responses,
        "label-suggestion": "neither",
        "metadata": '{"month": "2026-04"}',
        "external_id": said[0].id,
    } | changes


def parquet(rows: list[dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def struct_of_lists(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"label": {key: [each[key] for each in row["label"]] for key in row["label"][0]}}


def document(said: Said, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "text": said.text,
        "entry_id": said.id,
        "suggestion": "neither",
        "label": [said.label],
        "Comments": ["sure"],
    } | changes


def documents(said: list[Said]) -> list[dict[str, Any]]:
    return [document(each, number) for number, each in enumerate(said, 1)]


def members(said: list[Said]) -> bytes:
    people = dict.fromkeys(each.annotator for each in said)
    own = {name: [each for each in said if each.annotator == name] for name in people}
    return zipped({f"{name}.jsonl": lines(documents(each)) for name, each in own.items()})


def joined(said: list[Said]) -> bytes:
    return table([row | {"label": "#".join(row["label"]), "Comments": "sure"} for row in documents(said)])


def cats(said: Said) -> dict[str, Any]:
    scores = {name.upper(): float(name == said.label) for name in NAMES}
    return {"text": said.text, "cats": scores, "meta": {"id": said.id, "annotator": said.annotator}}


def fast_text(said: list[Said]) -> bytes:
    return "".join(f"__label__{each.label} {' '.join(each.text.split())}\n" for each in said).encode()


def plain(said: list[Said]) -> list[dict[str, Any]]:
    return [each._asdict() for each in said]


def numbered(said: list[Said]) -> bytes:
    """Return what `datasets` writes of a column of numbered labels."""
    names = ClassLabel(names=list(NAMES))
    features = Features({"id": Value("string"), "text": Value("string"), "label": names, "annotator": Value("string")})
    stream = io.BytesIO()
    rows = Dataset.from_list([row | {"label": NAMES.index(row["label"])} for row in plain(said)], features)
    pq.write_table(rows.data.table.replace_schema_metadata(features.arrow_schema.metadata), stream)
    return stream.getvalue()


EXPORTS: dict[str, tuple[str, str, Export]] = {
    "label-studio json": ("label-studio", "project.json", label_studio),
    "label-studio json_min": ("label-studio", "min.json", lambda said: dumps(flat(said))),
    "label-studio csv": ("label-studio", "ls.csv", lambda said: table(flat(said), quoting=csv.QUOTE_NONNUMERIC)),
    "label-studio tsv": ("label-studio", "ls.tsv", lambda said: table(flat(said), delimiter="\t")),
    "prodigy choice": ("prodigy", "choice.jsonl", lambda said: lines(choice(each) for each in said)),
    "prodigy classification": ("prodigy", "cls.jsonl", lambda said: lines(classification(each) for each in said)),
    "argilla nested": (
        "argilla",
        "records.json",
        lambda said: dumps([record(each) for each in by_note(said).values()]),
    ),
    "argilla flat": (
        "argilla",
        "flat.json",
        lambda said: dumps([flat_record(each) for each in by_note(said).values()]),
    ),
    "argilla flat parquet": (
        "argilla",
        "flat.parquet",
        lambda said: parquet([flat_record(each) for each in by_note(said).values()]),
    ),
    "argilla 1": ("argilla", "v1.jsonl", lambda said: lines(old_record(each) for each in by_note(said).values())),
    "argilla 1 parquet": (
        "argilla",
        "v1.parquet",
        lambda said: parquet([struct_of_lists(old_record(each)) for each in by_note(said).values()]),
    ),
    "doccano zip": ("doccano", "doccano.zip", members),
    "doccano jsonl": ("doccano", "ana.jsonl", lambda said: lines(documents(said))),
    "doccano json": ("doccano", "ana.json", lambda said: dumps(documents(said))),
    "doccano csv": ("doccano", "ana.csv", joined),
    "spacy": ("spacy", "train.jsonl", lambda said: lines(map(cats, said))),
    "fasttext": ("fasttext", "train.txt", fast_text),
    "csv": ("table", "notes.csv", lambda said: table(plain(said))),
    "tsv": ("table", "notes.tsv", lambda said: table(plain(said), delimiter="\t")),
    "semicolons": ("table", "excel.csv", lambda said: table(plain(said), delimiter=";")),
    "jsonl": ("table", "notes.jsonl", lambda said: lines(plain(said))),
    "json": ("table", "notes.json", lambda said: dumps(plain(said))),
    "parquet": ("table", "notes.parquet", lambda said: parquet(plain(said))),
    "numbered parquet": ("table", "classes.parquet", numbered),
}
"""Each kind of export: the format it is told to be, a usual file name, and its writer."""

ONE_ANNOTATOR = frozenset({"doccano jsonl", "doccano json", "doccano csv", "fasttext"})
"""Exports that cannot tell several annotators apart."""
