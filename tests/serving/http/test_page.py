"""The page at /: what is served."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.serving.colours import contrast, palette

from afterword_serving.report import words
from afterword_serving.report.page import style_hash
from afterword_serving.security import new_key

FILES = ["/", "/page.css", "/page.js", "/sentences.js", "/report.js"]


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *[(ink, back, 4.5) for ink in ("ink", "soft", "link") for back in ("paper", "card", "offer")],
        *[(mark, "paper", 3.0) for mark in ("reflection", "rumination", "neither", "edge")],
    ],
)
def test_colours_stand_out(client, scheme: str, front: str, back: str, least: float):
    colours = palette(client.get("/page.css").text)[scheme]
    assert contrast(colours[front], colours[back]) >= least


@pytest.mark.parametrize(("most", "words"), [(50_000_000, "50\xa0MB"), (1_999_999, "1\xa0MB"), (999_999, "999\xa0kB")])
def test_it_says_how_large_a_file_may_be(make_client, most: int, words: str):
    page = make_client(max_file_bytes=most).get("/").text
    [file] = [attributes for _, attributes in Parsed(page).tags if attributes.get("id") == "file"]
    assert f"Up to {words} and" in page
    assert file["data-most-words"] == words


def test_it_promises_to_remember_nothing(client):
    assert "from now on" not in client.get("/").text


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
