"""How the page looks: no wider than a phone, and to be read in light and dark.

With AFTERWORD_PICTURES naming a folder, each look is saved there to be looked at.
"""

import json
import os
import re
from pathlib import Path

import pytest
from tests.serving.http.browser import Tab
from tests.serving.http.page_driver import LOOP, needs_chromium, read

pytestmark = needs_chromium

FOLDER = os.environ.get("AFTERWORD_PICTURES")


def show_all(page: Tab, folder: Path) -> None:
    """Have the page show a note with its sentences, and a report."""
    read(page, LOOP + " " + "unbroken" * 60)
    page.click("#sentences summary")
    page.wait_for("document.querySelectorAll('#sentence-list li').length > 1")
    journal = folder / "a.jsonl"
    journal.write_text(json.dumps({"id": "a", "text": LOOP, "date": "2026-03-02"}) + "\n", encoding="utf-8")
    page.choose("#file", journal)
    page.click("#make")
    page.wait_for("!document.querySelector('#report').hidden && frames[0].document.querySelector('svg') !== null")


def picture(page: Tab, name: str) -> None:
    if FOLDER:
        page.picture(Path(FOLDER) / f"{name}.png")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_at_the_side(page: Tab, tmp_path: Path, width: int):
    page.size(width, 800)
    page.scheme("light")
    show_all(page, tmp_path)
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert page.run("frames[0].document.documentElement.scrollWidth <= frames[0].innerWidth")
    picture(page, f"width-{width}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper(page: Tab, tmp_path: Path, scheme: str):
    page.size(1280, 800)
    page.scheme(scheme)
    show_all(page, tmp_path)
    picture(page, scheme)
    parts = ["body", ".soft", "#read", ".legend dd", "mark", "summary", ".apps dd"]
    colours = f"{json.dumps(parts)}.map((part) => getComputedStyle(document.querySelector(part)).color)"
    paper = page.run("getComputedStyle(document.body).backgroundColor")
    button = page.run("getComputedStyle(document.querySelector('#read')).backgroundColor")
    inks = page.run(colours)
    for ink, ground in zip(inks, [paper, paper, button, *[paper] * 4], strict=True):
        assert contrast(ink, ground) >= 4.5


def contrast(ink: str, ground: str) -> float:
    """Return the contrast of two `rgb(…)` colours as WCAG 2 counts it."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
