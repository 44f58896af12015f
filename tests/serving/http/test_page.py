"""The page at /: what is served, and what a browser makes of it."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.serving.http.browser import CHROMIUM, Tab, browser

from afterword_model import Evidence, Label, Marker, Prediction
from afterword_model.prediction import Caution
from afterword_serving.report import words
from afterword_serving.report.page import style_hash
from afterword_serving.security import new_key

FILES = ["/", "/page.css", "/page.js", "/sentences.js", "/report.js"]
SHOWN = "!document.querySelector('#result').hidden"
REFUSED = "!document.querySelector('#problem').hidden"


class Parsed(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_its_files_are_served_without_a_cookie(client):
    kinds = [client.get(path).headers["content-type"].partition(";")[0] for path in FILES]
    assert kinds == ["text/html", "text/css", *["text/javascript"] * 3]
    assert not any("set-cookie" in client.get(path).headers for path in FILES)


def test_only_its_own_script_and_style_run_and_only_its_own_service_is_asked(client):
    response = client.get("/")
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["style-src"] == f"'self' {style_hash()}"
    assert policy["frame-src"] == "blob:"
    assert policy["require-trusted-types-for"] == "'script'"
    for tag, attributes in Parsed(response.text).tags:
        assert tag != "style"
        assert tag != "script" or attributes["src"] in {"page.js", "sentences.js", "report.js"}
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", FILES)
def test_nothing_points_elsewhere_or_keeps_or_writes_markup(client, path: str):
    text = client.get(path).text
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub("// [A-Z]", "", text))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Storage|indexedDB|cookie", text)


def test_what_was_asked_is_not_repeated(client, canary: str):
    plain = [client.get(path).content for path in FILES]
    headers = {"x-canary": canary, "cookie": f"a={canary}", "referer": canary}
    assert [client.get(path, params={"q": canary}, headers=headers).content for path in FILES] == plain


def test_every_field_and_every_reference_has_its_counterpart(client):
    tags = Parsed(client.get("/").text).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for name in ("for", "aria-describedby", "aria-labelledby"):
        pointed = {attributes[name] for _, attributes in tags if name in attributes}
        assert pointed
        assert pointed <= set(ids)
    fields = [attributes for tag, attributes in tags if tag in {"textarea", "input", "select"}]
    assert {field["id"] for field in fields} == {a["for"] for tag, a in tags if tag == "label"}
    written = [field for field in fields if field["id"] in {"note", "key"}]
    assert all(field["autocomplete"] == "off" and field["spellcheck"] == "false" for field in written)


def test_it_says_where_the_limits_lie(client):
    page = client.get("/").text
    for name, _ in words.LIMITS:
        assert name in page


def test_the_key_is_asked_for_only_where_one_is_needed(make_client):
    def is_hidden(client: Any) -> bool:
        [part] = [a for _, a in Parsed(client.get("/").text).tags if a.get("id") == "key-part"]
        return "hidden" in part

    assert is_hidden(make_client())
    assert not is_hidden(make_client(api_keys=new_key("a")[1]))


def test_it_can_be_switched_off(make_client):
    client = make_client(page=False)
    assert {client.get(path).status_code for path in FILES} == {404}


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

STEP = "Too quick again 😀🙂 today. On Thursday I will wait <b>10</b> breaths, and say so."
LOOP = "👩‍🏫 Why did I say that? A good teacher would have known, always."


def predict(texts: list[str]) -> list[Prediction]:
    return [_answer(text) for text in texts]


def _answer(text: str) -> Prediction:
    if not text.strip("– "):
        return _prediction(Label.NEITHER, [], warnings=("empty",), sure=False)
    if "Liebes" in text:
        return _prediction(Label.RUMINATION, [], warnings=("not_english",), sure=False)
    if "break me" in text:
        raise ValueError(text)
    if "perhaps" in text:
        return _prediction(Label.RUMINATION, [_span(text, Marker.NEXT_STEP, "perhaps I ask")], sure=False)
    if "Thursday" in text:
        return _prediction(
            Label.REFLECTION, [_span(text, Marker.NEXT_STEP, "On Thursday I will wait <b>10</b> breaths")]
        )
    if "good teacher" in text:
        overlapping = ("Why did I say that? A good teacher", "A good teacher would have known")
        kinds = (Marker.OVER_ANALYSIS, Marker.SHOULD_STANDARD)
        spans = [_span(text, kind, part) for kind, part in zip(kinds, overlapping, strict=True)]
        return _prediction(Label.RUMINATION, spans)
    return _prediction(Label.NEITHER, [])


def _span(text: str, kind: Marker, part: str) -> Evidence:
    start = text.index(part)
    return Evidence(kind, start, start + len(part))


def _prediction(
    label: Label, evidence: list[Evidence], *, warnings: tuple[Caution, ...] = (), sure: bool = True
) -> Prediction:
    probabilities = {each: 0.9 if each == label else 0.05 for each in Label}
    lean = probabilities[Label.REFLECTION] / (probabilities[Label.REFLECTION] + probabilities[Label.RUMINATION])
    return Prediction(label, probabilities, sure, lean, tuple(evidence), warnings)


@pytest.fixture(scope="module")
def shared_tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def tab(shared_tab: Tab) -> Iterator[Tab]:
    """A tab that must have asked only this machine, stored nothing and met no error when the test is over."""
    shared_tab.events.clear()
    yield shared_tab
    assert not shared_tab.told("Runtime.exceptionThrown")
    entries = [entry["entry"]["text"] for entry in shared_tab.told("Log.entryAdded")]
    assert not [entry for entry in entries if "status of 401" not in entry and "status of 500" not in entry]
    asked = {event["request"]["url"] for event in shared_tab.told("Network.requestWillBeSent")}
    assert asked
    assert {url.split("/")[2].partition(":")[0] for url in asked} == {"127.0.0.1"}
    assert {"/" + url.split("/", 3)[3] for url in asked} <= {"/", "/page.css", "/page.js", "/predict", "/favicon.ico"}
    kept = "[localStorage.length, sessionStorage.length, document.cookie, location.href.split('/')[3]]"
    assert shared_tab.run(kept) == [0, 0, "", ""]


@pytest.fixture
def page(tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]) -> Tab:
    tab.open(f"{make_live(stand_in(predict))}/")
    return tab


def read(tab: Tab, text: str) -> None:
    tab.click("#note")
    tab.type(text)
    tab.click("#read")
    tab.wait_for(SHOWN)


def seen(tab: Tab, selector: str) -> list[str]:
    """Return the texts of the elements that are shown."""
    found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
    return tab.run(f"{found}.filter((e) => e.checkVisibility()).map((e) => e.textContent.trim())")  # type: ignore[no-any-return]


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
    for wanted in ("marked", "dismiss"):
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
def test_a_note_that_is_too_long_is_not_sent(tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]):
    tab.open(f"{make_live(stand_in(predict), max_characters=1_000)}/")
    tab.click("#note")
    tab.type("😀" * 1_001)
    tab.click("#read")
    tab.wait_for(REFUSED)
    assert seen(tab, "#problem") == ["At most 1,000 characters can be read at once. Split the note."]
    assert not [event for event in tab.told("Network.requestWillBeSent") if "predict" in event["request"]["url"]]


@needs_chromium
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_at_the_side(page: Tab, width: int):
    page.size(width, 800)
    read(page, LOOP + " " + "unbroken" * 60)
    assert page.run("document.documentElement.scrollWidth <= innerWidth")


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper(page: Tab, scheme: str):
    page.scheme(scheme)
    read(page, LOOP)
    colours = (
        "['body', '.soft', '#read', '.legend dd', 'mark'].map((s) => getComputedStyle(document.querySelector(s)).color)"
    )
    paper = page.run("getComputedStyle(document.body).backgroundColor")
    button = page.run("getComputedStyle(document.querySelector('#read')).backgroundColor")
    inks = page.run(colours)
    for ink, ground in zip(inks, [paper, paper, button, paper, paper], strict=True):
        assert contrast(ink, ground) >= 4.5


def contrast(ink: str, ground: str) -> float:
    """Return the contrast of two `rgb(…)` colours as WCAG 2 counts it."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
