"""A journal file on the page, in a browser: chosen or dropped, sent, and its report shown in a frame."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.serving.http.browser import Tab
from tests.serving.http.page_driver import LOOP, STEP, needs_chromium, predict, read, seen

from afterword_serving.report import words
from afterword_serving.security import new_key

pytestmark = needs_chromium

MADE = "!document.querySelector('#report').hidden && frames[0].document.querySelector('svg') !== null"
TOLD = "!document.querySelector('#file-problem').hidden"
IN_FRAME = "frames[0].document.querySelector('main').innerText"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    rows = [{"id": "a", "text": STEP, "date": "2026-03-02"}, {"id": "b", "text": LOOP, "date": "2026-03-09"}]
    path = tmp_path / "it's (my) journal – März.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_file_is_dropped_and_its_report_fills_the_frame(page: Tab, journal: Path):
    page.drop(journal)
    page.wait_for("document.activeElement.id === 'make'")
    assert not [each for each in page.told("Network.requestWillBeSent") if "report?" in each["request"]["url"]]
    page.press("Enter", code=13, text="\r")
    page.wait_for(MADE)
    assert page.run("document.activeElement.id") == "report-heading"
    report = page.run(IN_FRAME)
    assert "2 entries from 2 March 2026 to 9 March 2026" in report
    assert words.QUESTION in report
    assert "Thursday" not in report
    page.wait_for(
        "document.querySelector('iframe').offsetHeight >= frames[0].document.querySelector('main').offsetHeight"
    )
    paper = "getComputedStyle(frames[0].document.body).fontFamily"
    assert page.run(paper) != page.run("getComputedStyle(document.createElement('p')).fontFamily")
    assert not page.run("frames[0].document.querySelector('script')")


def test_words_and_the_question_as_the_user_wants_them(page: Tab, journal: Path):
    read(page, LOOP)
    page.click("#dismiss")
    page.choose("#file", journal)
    page.click("#include-text")
    page.click("#make")
    page.wait_for(MADE)
    report = page.run(IN_FRAME)
    assert "On Thursday I will wait" in report
    assert words.QUESTION not in report


def test_the_report_can_be_put_away(page: Tab, journal: Path):
    page.choose("#file", journal)
    page.click("#make")
    page.wait_for(MADE)
    address = page.run("document.querySelector('#save-report').href")
    assert address.startswith("blob:")
    assert page.run("document.querySelector('#save-report').download") == "report.html"
    page.click("#stop")
    assert page.run("frames.length") == 0
    assert page.run("document.querySelector('#file').files.length") == 0
    assert page.run(f"fetch({json.dumps(address)}).then(() => 'kept', () => 'gone')") == "gone"
    page.events.clear()  # the browser logs that the blob is gone
    page.run("fetch('/page.js').then((response) => response.text())")


def test_the_keyboard_alone_will_do(page: Tab, journal: Path):
    page.choose("#file", journal)
    page.run("document.querySelector('#file').focus()")
    for wanted in ("include-text", "split", "make"):
        page.press("Tab", code=9)
        assert page.run("document.activeElement.id") == wanted
    page.press("Enter", code=13, text="\r")
    page.wait_for(MADE)
    for wanted in ("open-report", "save-report"):
        page.press("Tab", code=9)
        assert page.run("document.activeElement.id") == wanted


def test_what_cannot_be_read_is_told_kindly(page: Tab, tmp_path: Path):
    page.click("#make")
    page.wait_for(TOLD)
    assert seen(page, "#file-problem") == ["Choose a file first."]
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    page.choose("#file", tmp_path / "a.pdf")
    assert not seen(page, "#file-problem")
    page.click("#make")
    page.wait_for(TOLD)
    [told] = seen(page, "#file-problem")
    assert told.startswith("Nothing in the file could be read: the file holds 1 part of a format not read here")
    assert "a PDF; copy its text into a .docx or .txt file" in told
    assert page.run("document.activeElement.id") == "file"
    page.drop(tmp_path / "a.pdf", tmp_path / "a.pdf")
    page.wait_for("document.querySelector('#file-problem').textContent.startsWith('One file at a time')")


def test_a_file_that_is_too_large_is_not_sent(tab: Tab, make_live: Callable[..., str], stand_in: Any, tmp_path: Path):
    tab.open(f"{make_live(stand_in(predict), max_file_bytes=2_000_000)}/")
    (tmp_path / "a.zip").write_bytes(b"a" * 2_000_001)
    tab.choose("#file", tmp_path / "a.zip")
    tab.click("#make")
    tab.wait_for(TOLD)
    assert seen(tab, "#file-problem")[0].startswith("At most 2\xa0MB can be read here.")
    assert not [each for each in tab.told("Network.requestWillBeSent") if "report?" in each["request"]["url"]]


def test_a_key_is_asked_for_and_used(tab: Tab, make_live: Callable[..., str], stand_in: Any, journal: Path):
    key, entry = new_key("a")
    tab.open(f"{make_live(stand_in(predict), api_keys=entry)}/")
    tab.choose("#file", journal)
    tab.click("#make")
    tab.wait_for(TOLD)
    assert tab.run("document.activeElement.id") == "key"
    tab.type(key)
    tab.click("#make")
    tab.wait_for(MADE)
    assert not seen(tab, "#file-problem")
