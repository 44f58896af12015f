"""A note on the page, in a browser: read, marked, told how sure, sentence by sentence."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.serving.http.browser import Tab
from tests.serving.http.page_driver import LOOP, REFUSED, SHOWN, STEP, needs_chromium, predict, read, seen

from afterword_model import Marker
from afterword_serving.report import words
from afterword_serving.security import new_key


@needs_chromium
def test_a_note_is_read_and_its_words_are_marked_by_code_points(page: Tab):
    read(page, STEP)
    assert seen(page, "#answer > *") == ["A next step is in it."]
    assert seen(page, "#marked mark") == ["On Thursday I will wait <b>10</b> breaths"]
    assert seen(page, "#legend dt") == [f"1 {words.MARKER[Marker.NEXT_STEP][0]}"]
    assert seen(page, "tr.likeliest .share") == ["90%"]
    assert seen(page, "#lean-number") == ["0.95"]
    assert seen(page, ".reading")[0].endswith("sure.")
    assert not seen(page, "#offer")
    assert page.run("document.activeElement.id") == "answer"
    shown = "Array.from(document.querySelectorAll('#marked .number, #marked .hidden')).forEach((e) => e.remove())"
    page.run(shown)
    assert page.run("document.querySelector('#marked').textContent") == STEP


@needs_chromium
def test_spans_that_overlap_are_both_marked(page: Tab):
    read(page, LOOP)
    assert seen(page, "#marked .over_analysis") == ["Why did I say that?", "A good teacher"]
    assert seen(page, "#marked .should_standard") == ["A good teacher", "would have known"]
    assert seen(page, "#marked .number") == ["2", "3"]
    styles = "Array.from(document.querySelectorAll('#legend .sample'), (e) => getComputedStyle(e).textDecoration)"
    without_colour = [re.sub(r"rgb\([^)]*\)|color\([^)]*\)", "", style) for style in page.run(styles)]
    assert len(without_colour) == len(set(without_colour)) == len(Marker)


@needs_chromium
def test_the_offer_is_made_once_and_can_be_declined(page: Tab):
    read(page, LOOP)
    [offer] = seen(page, "#offer")
    assert words.QUESTION in offer
    assert words.PERMISSION in offer
    page.click("#dismiss")
    assert not seen(page, "#offer")
    page.click("#clear")
    assert page.run("document.querySelector('#note').value + document.querySelector('#marked').textContent") == ""
    read(page, LOOP)
    assert not seen(page, "#offer")


@needs_chromium
@pytest.mark.parametrize(("text", "warning"), [("– – –", "empty"), ("Liebes Tagebuch, es war ein Tag.", "not_english")])
def test_a_warning_is_shown_and_nothing_is_offered(page: Tab, text: str, warning: str):
    read(page, text)
    assert len(seen(page, f"[data-warning={warning}]")) == len(seen(page, "[data-warning]")) == 1
    assert bool(seen(page, "#told")) == (warning != "empty")
    assert not seen(page, "#offer")


@needs_chromium
def test_what_could_be_read_either_way_is_said_to_be_so(page: Tab):
    read(page, "Why, why? Or perhaps I ask.")
    assert seen(page, "#unsure")
    assert seen(page, ".reading")[0].endswith("not sure.")
    assert seen(page, "#step-all-the-same")
    page.click("#clear")
    read(page, STEP)
    assert not seen(page, "#unsure, #step-all-the-same, #step-without-words")


@needs_chromium
def test_a_failure_is_told_and_the_note_is_still_there(page: Tab):
    page.click("#note")
    page.type("break me")
    page.click("#read")
    page.wait_for(REFUSED)
    assert seen(page, "#problem")[0].startswith("The service failed: text could not be labelled. ")
    assert page.run("document.querySelector('#note').value") == "break me"
    assert not seen(page, "#result")


@needs_chromium
def test_the_keyboard_alone_will_do(page: Tab):
    page.press("Tab", code=9)
    assert page.run("document.activeElement.id") == "note"
    page.press("Enter", code=13, modifiers=2)
    page.wait_for(REFUSED)
    assert page.run("document.activeElement.id") == "note"
    page.type(LOOP)
    page.press("Enter", code=13, modifiers=2)
    page.wait_for(SHOWN)
    for wanted in ("marked", "by-sentence", "dismiss"):
        page.press("Tab", code=9)
        assert page.run("document.activeElement.id") == wanted
    page.press("Enter", code=13, text="\r")
    assert not seen(page, "#offer")
    assert page.run("document.activeElement.id") == "answer"


@needs_chromium
def test_a_key_is_asked_for_and_used(tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]):
    key, entry = new_key("a")
    tab.open(f"{make_live(stand_in(predict), api_keys=entry)}/")
    tab.click("#note")
    tab.type(STEP)
    tab.click("#read")
    tab.wait_for(REFUSED)
    assert tab.run("document.activeElement.id") == "key"
    assert tab.run("document.querySelector('#note').value") == STEP
    tab.type(key)
    tab.click("#read")
    tab.wait_for(SHOWN)
    assert not seen(tab, "#problem")


@needs_chromium
def test_a_key_that_no_header_can_hold_is_one_the_service_does_not_know(
    tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]
):
    key, entry = new_key("a")
    tab.open(f"{make_live(stand_in(predict), api_keys=entry)}/")
    tab.click("#key")
    tab.type(f"{key}\N{ZERO WIDTH SPACE}")
    tab.click("#note")
    tab.type(STEP)
    tab.click("#read")
    tab.wait_for(REFUSED)
    assert seen(tab, "#problem") == ["The service does not know this key. Check it and try again."]
    assert tab.run("document.activeElement.id") == "key"


@needs_chromium
def test_a_note_cut_in_the_middle_of_a_character_is_read(page: Tab):
    page.run(f"document.querySelector('#note').value = {json.dumps(STEP)} + '\\ud83d'")
    page.click("#read")
    page.wait_for(SHOWN)
    assert page.run("document.querySelector('#marked').textContent").endswith("\N{REPLACEMENT CHARACTER}")


@needs_chromium
def test_a_note_that_is_too_long_is_not_sent(tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]):
    tab.open(f"{make_live(stand_in(predict), max_characters=1_000)}/")
    tab.click("#note")
    tab.type("😀" * 1_001)
    tab.click("#read")
    tab.wait_for(REFUSED)
    assert seen(tab, "#problem") == ["At most 1,000 characters can be read at once. Split the note."]
    assert not [event for event in tab.told("Network.requestWillBeSent") if "predict" in event["request"]["url"]]


READ = "document.querySelectorAll('#sentence-list li').length > 0"


@needs_chromium
def test_sentence_by_sentence(page: Tab):
    read(page, STEP)
    page.click("#sentences summary")
    page.wait_for(READ)
    assert seen(page, "#sentence-list li > p:first-child") == [
        "Too quick again 😀🙂 today.",
        "On Thursday I will wait <b>10</b> breaths, and say so.",
    ]
    assert seen(page, "#sentence-list .reading") == ["neither, sure, 90%", "reflection, sure, 90%"]
    page.click("#sentences summary")
    page.click("#sentences summary")
    asked = [event for event in page.told("Network.requestWillBeSent") if "predict" in event["request"]["url"]]
    assert len(asked) == 2
    page.click("#clear")
    assert not page.run(READ)
    assert not page.run("document.querySelector('#sentences').open")


@needs_chromium
def test_a_sentence_that_cannot_be_read_is_told_below_its_heading(page: Tab):
    read(page, "Thursday: On Thursday I will wait <b>10</b> breaths.")
    page.run("shownText = 'break me'")
    page.click("#sentences summary")
    page.wait_for("document.querySelector('#sentences-status').textContent.startsWith('The service failed')")
    assert not page.run(READ)
