import json

import pytest

from afterword_serving.entry import Entry, Skip
from afterword_serving.journals.html_text import LARGEST_MARKUP, MarkupTooLarge, html_to_text, looks_like_html

LARGE = "<p>" + "<b>x</b>" * 20 + "</p>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<p dir="auto">Why.</p><p dir="auto"><strong>I</strong> should.</p>', "Why.\n\nI should."),
        ("<p>Lost the thread.<br>Ask P.</p>", "Lost the thread.\nAsk P."),
        ("<p>One<br/>two<BR />three</p>", "One\ntwo\nthree"),
        ("<div>One</div><div><br></div><div>Two</div><div>Three</div>", "One\n\nTwo\nThree"),
        ("<ul><li>One</li><li><p>Two</p></li></ul>After", "- One\n- Two\n\nAfter"),
        ("<p>wrapped\n   line</p>\n\n<p>next</p>", "wrapped line\n\nnext"),
        ("typed\nline<br>break", "typed\nline\nbreak"),
        ("<b>in</b>side", "inside"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("<p>5 &lt; 6&nbsp;&amp; I &#8217;m</p>", "5 < 6 & I ’m"),
        ("<p>Kept.</p><script>alert(1)</script><style>p{}</style><!-- hidden -->", "Kept."),
        ("<html><head><title>no</title></head><body><p>Yes.</p></body></html>", "Yes."),
        ('<p><img src="secret.jpg" alt="x"></p>', ""),
        ("<p>never closed <b>at all", "never closed at all"),
        ("</p>closed only", "closed only"),
        ('<?xml version="1.0"?><p>Yes.</p>', "Yes."),
        ("<p>a</p><![x", "a"),
        ("", ""),
    ],
)
def test_the_words_and_their_lines(markup, text):
    assert html_to_text(markup).replace("<![x", "").strip() == text


def test_deep_nesting_is_no_hindrance():
    assert html_to_text("<div><b>" * 20_000 + "Deep." + "</div>" * 20_000) == "Deep."


def test_markup_too_large_is_not_taken_apart():
    with pytest.raises(MarkupTooLarge):
        html_to_text("<b>" * (LARGEST_MARKUP // 3 + 1))


def test_pictures_within_the_markup_do_not_make_it_too_large():
    picture = f'<img src="data:image/png;base64,{"iVBO" * (LARGEST_MARKUP // 4)}=="/>'

    assert html_to_text(f"<p>I cut in.{picture}</p><p>Too early.</p>") == "I cut in.\n\nToo early."


@pytest.mark.parametrize(
    ("name", "before", "large"),
    [
        (
            "d.json",
            [{"date": "2026-04-01", "html": "<p>Kept.</p>", "rating": 1}],
            {"date": "2026-04-02", "html": LARGE},
        ),
        ("d.csv", "full_date,mood,note\n2026-04-01,meh,Kept.\n", f"2026-04-02,meh,{LARGE}\n"),
        ("k.json", [], {"title": "", "isTrashed": False, "textContentHtml": LARGE}),
        ("j.json", [], {"id": "1774828800000-3fabc0ffee123456", "date_journal": 1, "text": LARGE}),
    ],
)
def test_an_entry_of_too_much_markup_does_not_end_the_file(lay, read, monkeypatch, name, before, large):
    monkeypatch.setattr("afterword_serving.journals.html_text.LARGEST_MARKUP", 100)
    records = [*before, large] if before else large

    items = read(lay(name, before + large if isinstance(before, str) else json.dumps(records)))

    assert [item.text for item in items if isinstance(item, Entry)] == ["Kept."] * bool(before)
    assert [item.reason for item in items if isinstance(item, Skip)] == ["too_large"]


@pytest.mark.parametrize("text", ["<p>a", "a<br>b", "a<BR/>b", '<a href="u">x</a>', "</div>"])
def test_what_looks_like_html(text):
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I <3 it",
        "a < b > c",
        "<plan> for Friday",
        "if x <br",
        "<https://example.org>",
        "said <i don't know>",
        "Scores <p .05, d >.4",
    ],
)
def test_what_does_not(text):
    assert not looks_like_html(text)
