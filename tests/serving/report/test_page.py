import base64
import hashlib
import json
import re

import pytest
from tests.serving.report.pages import Parsed, page_of, row

from afterword_model import LABELS, Marker
from afterword_serving.report import words

HOSTILE = '</blockquote><script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }} \u202egnol & "quoted\''


def test_the_page_tells_the_counts(parsed, rows):
    counts = [sum(each["label"] == label for each in rows) for label in LABELS]
    said = [int(strong.text) for strong in parsed.all("strong") if strong.text.isdigit()]

    assert said == counts
    assert f"{len(rows)} entries from 1 January 1970 to 25 March 2026" in parsed.words
    assert "1 entry carries no date" in parsed.words
    assert "1 entry dated far from the others is left out" in parsed.words
    assert "The time of day is not known of 2 entries." in parsed.words


def test_charts_and_their_numbers_agree(parsed, rows):
    table = next(each for each in parsed.all("table") if "Share of each label, by week" in each.text)
    of_last_week = [each for each in rows if each["local_date"] in ("2026-03-25", "2026-03-28")]
    (last,) = of_last_week

    assert len(parsed.all("svg")) == 5
    shares = "".join("100%" if last["label"] == label else "0%" for label in LABELS)
    assert table.text.strip().splitlines()[-1] == f"23 Mar 20261{shares}"


def test_every_marker_is_explained_and_counted(parsed):
    for name, meaning in words.MARKER.values():
        assert name in parsed.words
        assert meaning in parsed.words
    assert set(words.MARKER) == set(Marker)


def test_the_offer_stands_in_one_place_and_can_be_switched_off(rows):
    offered, without = Parsed(page_of(rows)).words, Parsed(page_of(rows, prompts=False)).words

    assert offered.count(words.QUESTION) == offered.count(words.PERMISSION) == 1
    assert words.QUESTION not in without
    assert words.PERMISSION not in without
    assert "Entries without a next step yet" in without


def test_nothing_is_offered_where_nothing_lacks_a_step():
    assert words.QUESTION not in page_of([row("reflection"), row("neither")])


def test_limits_are_told_even_on_an_empty_page():
    parsed = Parsed(page_of([]))

    for name, what in words.LIMITS:
        assert f"{name} {what}" in parsed.words
    assert "0 entries." in parsed.words
    assert parsed.all("svg") == []


@pytest.mark.parametrize("word", ["diagnos", "patholog", "symptom", "disorder", "score", "bad", "poor", "fail"])
def test_wording_never_judges(parsed, word):
    told = parsed.words.replace("No diagnosis.", "").replace("That is no failing", "")

    assert word not in told.lower()


@pytest.mark.parametrize("label", LABELS)
def test_no_word_of_a_note_without_being_asked(label, canary):
    spans = [(kind, 0, 20) for kind in Marker]
    rows = [row(label, "2026-03-02", "20:00+00:00", spans=spans) for _ in range(3)]
    rows[0] |= {"text": canary, "title": canary}  # even if a row should hold them

    page = page_of(rows)

    assert not re.search("zorvexian|xylocanary|quaxolotl", page, re.IGNORECASE)


@pytest.mark.parametrize("label", ["reflection", "rumination"])
def test_the_words_are_there_when_asked_for(label, canary):
    made = row(label, spans=[("next_step", 0, len(canary))], text=canary, title="Tuesday")

    parsed = Parsed(page_of([made], include_text=True))

    assert canary in parsed.words
    assert "Tuesday" in parsed.words
    assert "keep it as carefully as the notes" in parsed.words
    assert "keep it as carefully" not in Parsed(page_of([made])).words


@pytest.mark.parametrize("label", ["reflection", "rumination"])
def test_hostile_words_stay_words(label):
    made = row(label, id=HOSTILE, spans=[("next_step", 0, len(HOSTILE))], text=HOSTILE, title=HOSTILE)
    harmless = Parsed(page_of([made | {"id": "a", "text": "a", "title": "a"}], include_text=True))

    parsed = Parsed(page_of([made], include_text=True))

    assert [each.tag for each in parsed.elements] == [each.tag for each in harmless.elements]
    assert parsed.words.count(" ".join(HOSTILE.split())) >= 3


def test_nothing_is_fetched_and_nothing_runs(parsed, page):
    assert not re.findall(r"(?:https?:)?//[a-z]|url\((?!#)|@import|javascript:", page)
    assert not parsed.all("script", "link", "img", "iframe", "object", "form", "a", "base", "image")
    for element in parsed.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in ("src", "style", "action")]
        assert element.attributes.get("href", "#").startswith("#")


def test_the_policy_allows_the_style_and_nothing_else(parsed):
    (style,) = parsed.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    policy = parsed.all("meta")[1].attributes["content"]

    assert policy == f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"


def test_pointers_inside_the_charts_lead_somewhere(parsed, page):
    ids = {element.attributes["id"] for element in parsed.elements if "id" in element.attributes}

    for target in re.findall(r'(?:href="#|url\(#)([^")]+)', page):
        assert target in ids


def test_only_the_first_steps_stand_in_the_open():
    rows = [row("reflection", f"2026-01-{n:02}", id=f"e{n}") for n in range(1, 29)]
    boxes = Parsed(page_of(rows)).all("input")

    assert len(boxes) == 28
    assert [("details" in box.parents) for box in boxes] == [False] * 12 + [True] * 16


def test_the_model_and_what_was_left_out_are_named(classifier):
    page = Parsed(page_of([row()], skipped=2, model=classifier.manifest)).words

    assert "with the model afterword-tiny 0.0.1" in page
    assert "2 items were left out" in page


def test_one_is_not_many():
    page = Parsed(page_of([row("rumination")], skipped=1)).words

    assert "1 entry of 2 March 2026." in page
    assert "1 entry goes over something" in page
    assert "1 item was left out" in page


def test_the_page_is_the_same_whatever_the_way_of_the_rows(rows, page):
    assert page_of(json.loads(json.dumps(rows))) == page
