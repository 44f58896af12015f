import re
from importlib import resources
from itertools import pairwise

import pytest
from tests.serving.colours import contrast, palette
from tests.serving.report.pages import Parsed, page_of, row


def test_language_title_and_width_are_told(parsed):
    (html,), (title,) = parsed.all("html"), parsed.all("title")
    (viewport,) = [meta for meta in parsed.all("meta") if meta.attributes.get("name") == "viewport"]

    assert html.attributes["lang"] == "en"
    assert title.text
    assert viewport.attributes["content"] == "width=device-width, initial-scale=1"


@pytest.mark.parametrize("empty", [False, True])
def test_headings_leave_out_no_level(rows, empty):
    parsed = Parsed(page_of([] if empty else rows))
    levels = [int(heading.tag[1]) for heading in parsed.all("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_ids_are_used_once_and_those_pointed_at_exist(parsed):
    ids = [element.attributes["id"] for element in parsed.elements if "id" in element.attributes]

    assert len(ids) == len(set(ids))
    for element in parsed.elements:
        assert element.attributes.get("aria-labelledby", ids[0]) in ids


def test_every_chart_says_in_words_what_it_shows(parsed):
    alts = [svg.attributes["aria-label"] for svg in parsed.all("svg")]

    assert all(svg.attributes["role"] == "img" for svg in parsed.all("svg"))
    assert all(len(alt) > 60 and re.search(r"\d", alt) and alt.endswith(".") for alt in alts)
    assert len(set(alts)) == len(alts)


def test_behind_every_chart_lie_its_numbers(parsed):
    order = [element.tag for element in parsed.all("svg", "details", "table", "section")]

    for place, tag in enumerate(order):
        if tag == "svg":
            assert order[place + 1 : place + 3] == ["details", "table"]


def test_tables_have_a_caption_and_headers_a_direction(parsed):
    assert len(parsed.all("table")) == len(parsed.all("caption"))
    assert all(caption.text.strip() for caption in parsed.all("caption"))
    assert {header.attributes.get("scope") for header in parsed.all("th")} == {"row", "col"}


def test_what_can_be_scrolled_can_be_reached_and_has_a_name(parsed):
    boxes = [div for div in parsed.all("div") if div.attributes.get("class") == "scroll"]

    assert boxes
    assert all(box.attributes["tabindex"] == "0" and box.attributes["aria-label"] for box in boxes)


def test_boxes_to_tick_have_labels(parsed):
    assert parsed.all("input")
    assert all("label" in box.parents for box in parsed.all("input"))


def test_what_opens_says_what_it_opens():
    rows = [row("rumination", f"2026-03-0{day}", text="Again.", title=None) for day in (1, 2)]
    names = [" ".join(each.text.split()) for each in Parsed(page_of(rows, include_text=True)).all("summary")]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *[(ink, back, 4.5) for ink in ("ink", "soft", "link") for back in ("paper", "card", "offer")],
        *[(mark, "card", 3.0) for mark in ("reflection", "rumination", "neither-edge", "unsure")],
    ],
)
def test_colours_stand_out(scheme, front, back, least):
    colours = palette((resources.files("afterword_serving.report") / "report.css").read_text(encoding="utf-8"))[scheme]

    assert contrast(colours[front], colours[back]) >= least
