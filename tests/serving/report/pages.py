"""Rows of results as a batch writes them, and a page taken apart."""

from html.parser import HTMLParser

from afterword_serving.report.aggregate import Aggregate
from afterword_serving.report.page import Options, render

VOID = frozenset({"meta", "input", "br", "img", "link"})
CHANCES = {"reflection": (0.8, 0.1), "rumination": (0.1, 0.8), "neither": (0.05, 0.05)}


def row(label="neither", day="2026-03-02", time=None, *, id="e1", sure=True, spans=(), **more):  # noqa: A002
    """Return a row; `time` as `21:05+01:00`."""
    reflection, rumination = CHANCES[label]
    return {
        "id": id,
        "label": label,
        "p_reflection": reflection,
        "p_rumination": rumination,
        "p_neither": 1 - reflection - rumination,
        "lean": reflection / (reflection + rumination),
        "sure": sure,
        "warnings": [],
        "written_at": f"{day}T{time}" if time else None,
        "local_date": day,
        "source_format": "csv",
        "source_file": "a.csv",
        "locator": "row 2",
        "title": None,
        "text": None,
        "evidence": [{"kind": kind, "start": start, "end": end} for kind, start, end in spans],
    } | more


class Element:
    def __init__(self, tag, attributes, parents):
        self.tag, self.attributes, self.parents = tag, attributes, parents
        self.text = ""


class Parsed(HTMLParser):
    """Every element of a page in order; fails where tags are not closed in turn."""

    def __init__(self, page):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(page)
        self.close()
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"{tag} has an attribute twice"
        element = Element(tag, dict(attributes), [each.tag for each in self._open])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.elements.append(Element(tag, dict(attributes), [each.tag for each in self._open]))

    def handle_endtag(self, tag):
        assert self._open.pop().tag == tag

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def all(self, *tags):
        return [element for element in self.elements if element.tag in tags]

    @property
    def words(self):
        (body,) = self.all("body")
        return " ".join(body.text.split())


def gathered(rows, *, include_text=False):
    aggregate = Aggregate(include_text=include_text)
    for each in rows:
        aggregate.add(each)
    return aggregate


def page_of(rows, *, include_text=False, prompts=True, **more):
    return render(
        gathered(rows, include_text=include_text), Options(include_text=include_text, prompts=prompts), **more
    )
