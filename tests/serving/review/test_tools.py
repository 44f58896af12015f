"""What each tool's documentation says it imports, as models that take nothing else."""

import csv
import io
import json
from typing import Annotated, Literal
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel, ConfigDict, Field

from afterword_serving.review.pool import reasons_for
from afterword_serving.review.reasons import RANDOM
from afterword_serving.review.task import make_tasks
from afterword_serving.review.tools import TOOLS
from afterword_serving.review.tools.label_studio import LABELLING_CONFIG

TEXTS = [
    "I keep replaying it… «été»\n\nNext time I ask.",
    '=HYPERLINK("x") {{text}} $text <b>\u2028 "quoted", 👩\u200d⚕️',
    "- one\r\n- two\t#three",
]
MODEL = "afterword-tiny 0.0.1"
Name = Literal["reflection", "rumination", "neither"]
Score = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Choices(Strict):
    choices: list[Name] = Field(min_length=1, max_length=1)


class LabelStudioResult(Strict):
    id: str
    from_name: Literal["label"]
    to_name: Literal["text"]
    type: Literal["choices"]
    value: Choices


class LabelStudioPrediction(Strict):
    model_version: str
    score: Score
    result: list[LabelStudioResult] = Field(min_length=1, max_length=1)


class About(Strict):
    why: str = Field(min_length=1)
    reasons: str
    date: str
    source: str
    file: str


class LabelStudioData(About):
    text: str
    entry_id: str


class LabelStudioTask(Strict):
    data: LabelStudioData
    predictions: list[LabelStudioPrediction] = Field(min_length=1, max_length=1)


class ProdigyOption(Strict):
    id: Name
    text: Name


class ProdigyConfig(Strict):
    choice_style: Literal["single"]


class ProdigyMeta(About):
    id: str
    suggestion: Name
    score: Score
    model: str


class ProdigyTask(Strict):
    text: str
    options: list[ProdigyOption] = Field(min_length=3, max_length=3)
    config: ProdigyConfig
    meta: ProdigyMeta


class ArgillaSuggestion(Strict):
    value: Name
    score: Score
    agent: str = Field(pattern=r"^[a-zA-Z0-9-_:./\s]+$")


class ArgillaRecord(Strict):
    id: str
    fields: dict[Literal["text"], str]
    metadata: dict[Literal["why", "reasons", "date", "source", "file"], Annotated[str, Field(min_length=1)]]
    suggestions: dict[Literal["label"], ArgillaSuggestion] = Field(min_length=1)
    responses: dict[str, str] = Field(max_length=0)
    vectors: dict[str, float] = Field(max_length=0)


class DoccanoDocument(About):
    text: str
    label: list[str] = Field(max_length=0)
    entry_id: str
    suggestion: Name
    score: Score
    model: str


def json_list(model, text):
    return [model.model_validate(each) for each in json.loads(text)]


def json_lines(model, text):
    assert text.endswith("\n")
    return [model.model_validate(json.loads(line)) for line in text.splitlines()]


@pytest.fixture
def tasks(make_note):
    notes = [
        make_note(0, TEXTS[0], p=(0.4, 0.5, 0.1), markers=["next_step"], date="2026-03-01"),
        make_note(1, TEXTS[1], p=(0.9, 0.05, 0.05), markers=["next_step"]),
        make_note(2, TEXTS[2], p=(0.3, 0.3, 0.4), file="b.zip/J.json"),
    ]
    return make_tasks([(note, [*([RANDOM] if note.position == 1 else []), *reasons_for(note, None)]) for note in notes])


def test_label_studio(tasks):
    read = json_list(LabelStudioTask, TOOLS["label-studio"](tasks, model=MODEL))

    assert [task.data.text for task in read] == TEXTS
    assert [task.data.entry_id for task in read] == ["e0", "e1", "e2"]
    assert [task.predictions[0].result[0].value.choices for task in read] == [
        ["rumination"],
        ["reflection"],
        ["neither"],
    ]
    assert [task.predictions[0].score for task in read] == [0.5, 0.9, 0.4]
    assert read[0].predictions[0].model_version == MODEL
    assert read[0].data.date == "2026-03-01"
    assert read[2].data.source == "b.zip/J.json, line 3"


def test_the_labelling_config_fits_the_tasks(tasks):
    config = ElementTree.fromstring(LABELLING_CONFIG)
    (text,), (choices,) = config.findall("Text"), config.findall("Choices")
    task = json_list(LabelStudioTask, TOOLS["label-studio"](tasks, model=MODEL))[0]
    result = task.predictions[0].result[0]

    assert (choices.get("name"), choices.get("toName"), choices.get("choice")) == ("label", "text", "single")
    assert (result.from_name, result.to_name) == (choices.get("name"), text.get("name"))
    assert text.get("value", "").removeprefix("$") in LabelStudioData.model_fields
    assert [choice.get("value") for choice in choices] == ["reflection", "rumination", "neither"]


def test_prodigy(tasks):
    read = json_lines(ProdigyTask, TOOLS["prodigy"](tasks, model=MODEL))

    assert [task.text for task in read] == TEXTS
    assert [(task.meta.id, task.meta.suggestion, task.meta.score) for task in read] == [
        ("e0", "rumination", 0.5),
        ("e1", "reflection", 0.9),
        ("e2", "neither", 0.4),
    ]
    assert [option.id for option in read[0].options] == ["reflection", "rumination", "neither"]


def test_argilla(tasks):
    read = json_list(ArgillaRecord, TOOLS["argilla"](tasks, model=MODEL))

    assert [(record.id, record.fields["text"]) for record in read] == list(zip(["e0", "e1", "e2"], TEXTS, strict=True))
    assert [record.suggestions["label"].value for record in read] == ["rumination", "reflection", "neither"]
    assert read[0].suggestions["label"].agent == MODEL


def test_argilla_gets_no_agent_that_its_server_refuses(tasks):
    read = json_list(ArgillaRecord, TOOLS["argilla"](tasks, model="São Paulo (v2) " + "x" * 300))

    assert read[0].suggestions["label"].agent.startswith("S_o Paulo _v2_ xxx")
    assert len(read[0].suggestions["label"].agent) == 200


def test_doccano(tasks):
    read = json_lines(DoccanoDocument, TOOLS["doccano"](tasks, model=MODEL))

    assert [(document.entry_id, document.text) for document in read] == list(
        zip(["e0", "e1", "e2"], TEXTS, strict=True)
    )
    assert [document.suggestion for document in read] == ["rumination", "reflection", "neither"]


def test_spreadsheet(tasks):
    mark, table = (written := TOOLS["csv"](tasks, model=MODEL))[0], written[1:]
    rows = list(csv.DictReader(io.StringIO(table, newline="")))

    assert mark == "\ufeff"
    assert [row["file"] for row in rows] == ["a.jsonl", "a.jsonl", "b.zip/J.json"]
    assert [row["text"] for row in rows] == [TEXTS[0], "'" + TEXTS[1], "'" + TEXTS[2]]
    assert {row["label"] for row in rows} == {""}
    assert [row["suggestion"] for row in rows] == ["rumination", "reflection", "neither"]
    assert [float(row["p_rumination"]) for row in rows] == [0.5, 0.05, 0.3]
    assert rows[1]["why"] == RANDOM.words
    assert rows[0]["model"] == MODEL


def test_all_tasks_tell_their_group_where_one_does(make_note):
    known, unknown = make_note(0, group="c7"), make_note(1)

    assert [task.about.get("group") for task in make_tasks([(unknown, [])])] == [None]
    assert [task.about.get("group") for task in make_tasks([(known, []), (unknown, [])])] == ["c7", ""]


@pytest.mark.parametrize("tool", ["label-studio", "prodigy", "argilla", "doccano"])
def test_json_is_ascii_so_that_no_reader_mistakes_its_encoding(tasks, tool):
    assert TOOLS[tool](tasks, model=MODEL).isascii()


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_is_told_why(tasks, tool):
    text = TOOLS[tool](tasks, model=MODEL)

    assert "called rumination, yet it shows a next step" in text
    assert RANDOM.words in text
