import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword_model.text import compose, normalize

ANY_TEXT = st.text(st.characters(), max_size=200)  # surrogates too
MARKUP = st.lists(
    st.sampled_from(
        [
            "**",
            "*",
            "_",
            "__",
            "`",
            "```",
            "[a]",
            "](",
            "(http://x.y)",
            "<b>",
            "</p>",
            "<br>",
            "&amp;",
            "&lt;",
            "#",
            "- ",
        ]
        + [
            "\n",
            "\r\n",
            " ",
            "word",
            "e\u0301",
            "\u200b",
            "“",
            "…",
            "!",
            "[",
            "]",
            ")",
            ">",
            "\ufeff",
            "\ud83d",
            "~~",
            "\U0001f60a",
            "\ufe0f",
        ]
    ),
    max_size=40,
).map("".join)

CASES = {
    "nfc": ("cafe\u0301 ran", "café ran"),
    "nfc_two_marks": ("a\u0323\u0302b", "ậb"),
    "nfc_mark_without_class": ("\u09c7\u09be!", "\u09cb!"),
    "nfc_mark_behind_zero_width": ("e\u200b\u0301 ran", "\u00e9 ran"),
    "nfc_mark_as_entity": ("e&#769; ran", "\u00e9 ran"),
    "hangul": ("\u1112\u1161\u11ab.", "한."),
    "lone_surrogate": ("a\ud800b", "a\ufffdb"),
    "windows_lines": ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    "line_separators": ("one\u2028two\x0cthree", "one\ntwo\nthree"),
    "zero_width": ("s\u200bhe\ufeff le\xadft", "she left"),
    "control": ("a\x00b\x1bc", "abc"),
    "html_break": ("one<br/>two</p>three", "one\ntwo\nthree"),
    "html_tag": ('<p class="x">He <strong>left</strong></p>', "He left"),
    "html_tag_with_attributes": ("<a href=http://x.org/?a=b target='_blank'>It</a> <li checked>left", "It left"),
    "words_are_no_tag": ("I said <i don't know>. Scores <p .05, d >.4", "I said <i don't know>. Scores <p .05, d >.4"),
    "less_than_is_no_tag": ("BP < 120 and > 80", "BP < 120 and > 80"),
    "entity": ("Tom &amp; I&nbsp;left &#8217;", "Tom & I left '"),
    "entity_of_control": ("a&#8203;b&#8232;c", "ab\nc"),
    "escaped_tag_is_literal": ("I wrote &lt;b&gt; there", "I wrote <b> there"),
    "no_entity": ("R&D; Q&A", "R&D; Q&A"),
    "quotes": ("\u201cIt\u2019s\u201d \u00abno\u00bb", '"It\'s" "no"'),
    "hyphen": ("follow\u2010up \u2013 done", "follow-up \u2013 done"),
    "ellipsis": ("well\u2026", "well..."),
    "image": ("a ![pic](dayone-moment://123) b", "a b"),
    "link": ("see [the guide](https://x.org/a) now", "see the guide now"),
    "brackets_stay": ("she [the client](not the nurse) left", "she [the client](not the nurse) left"),
    "heading": ("# Monday\ntext", "Monday\ntext"),
    "quote_of_quote": ("> > she said\n>> so", "she said\nso"),
    "rule_line": ("one\n---\ntwo", "one\n\ntwo"),
    "fence": ("```text\ncode\n```", "code"),
    "fence_within_a_line": ("```Next week I wait.```", "Next week I wait."),
    "fence_of_many_lines": ("```I keep hearing it.\nWhy did I say that?```", "I keep hearing it.\nWhy did I say that?"),
    "emoji_at_a_word": ("I'll wait😊 then✅ring", "I'll wait 😊 then ✅ ring"),
    "emoji_between_words": ("failed😭😭why ❤️yes 👩🏽‍⚕️no 1️⃣one", "failed 😭😭 why ❤️ yes 👩🏽⚕️ no 1️⃣ one"),
    "emoji_by_themselves": ("well, 😊. 👍🏽!", "well, 😊. 👍🏽!"),
    "checkbox": ("- [x] ring her\n* [ ] write", "- ring her\n- write"),
    "bullet": ("• rang\n* wrote", "- rang\n- wrote"),
    "bold": ("so **very** tired, __really__, ~~no~~", "so very tired, really, no"),
    "italic": ("*she* left _him_ there", "she left him there"),
    "snake_case_stays": ("a file_name_here 2*3*4", "a file_name_here 2*3*4"),
    "code": ("call `her` now", "call her now"),
    "spaces": ("a \t\u00a0 b", "a b"),
    "line_edges": ("a  \n   b", "a\nb"),
    "blank_lines": ("a\n \n\n\nb", "a\n\nb"),
    "ends": ("  \n a \n ", "a"),
}


@pytest.mark.parametrize(("raw", "wanted"), CASES.values(), ids=CASES)
def test_each_rule_gives_the_plain_form(raw, wanted):
    assert normalize(raw).text == wanted


@pytest.mark.parametrize(("raw", "wanted"), CASES.values(), ids=CASES)
def test_each_rule_keeps_the_way_back(raw, wanted):
    note = normalize(raw)
    words = [word for word in re.finditer(r"[a-z]+", note.text) if raw.count(word.group()) == 1]
    for word in words:
        start, end = note.raw_span(*word.span())
        assert raw[start:end] == word.group()


def test_a_span_over_removed_marks_covers_them_in_the_text_as_given():
    raw = "I was **so\u200b** tired"
    note = normalize(raw)
    assert note.text == "I was so tired"
    start, end = note.raw_span(6, 14)
    assert raw[start:end] == "so\u200b** tired"


def test_a_composed_character_leads_back_to_all_its_parts():
    note = normalize("cafe\u0301 ran")
    assert note.raw_span(3, 4) == (3, 5)


def test_a_character_composed_last_leads_back_to_all_its_parts():
    note = normalize("a **cafe\u200b\u0301** ran")
    assert note.text == "a caf\u00e9 ran"
    assert note.raw_span(5, 6) == (7, 10)
    assert note.raw_span(7, 10) == (13, 16)


def test_a_character_with_too_many_marks_keeps_them_all_in_order_and_in_place():
    raw = "xa" + "\u0301\u0323" * 40 + "b"
    note = normalize(raw)
    assert sorted(unicodedata.normalize("NFD", note.text.replace("\u034f", ""))) == sorted(raw)
    assert unicodedata.is_normalized("NFC", note.text)
    assert normalize(note.text).text == note.text
    assert note.raw_span(1, 2) == (1, 32)
    assert note.raw_span(len(note.text) - 1, len(note.text)) == (len(raw) - 1, len(raw))
    assert list(note.starts) == sorted(note.starts)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=["L", "M", "N", "Z"]), max_size=30))
def test_composing_is_unicode_nfc(raw):
    assert compose(raw) == unicodedata.normalize("NFC", raw)


def test_links_go_before_their_marks_are_stripped():
    assert normalize("**[the guide](https://x.org/a_b_c)** helped").text == "the guide helped"


def test_entities_go_before_quotes_and_spaces():
    assert normalize("she said &ldquo;no&rdquo;&nbsp;&nbsp;twice").text == 'she said "no" twice'


@pytest.mark.parametrize("raw", ["", " ", "\n\n", "\u200b", "---", "**", "<br>"])
def test_nothing_but_marks_leaves_next_to_nothing(raw):
    note = normalize(raw)
    assert len(note.starts) == len(note.ends) == len(note.text) <= 2


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY_TEXT, MARKUP))
def test_any_text_keeps_a_place_for_every_character(raw):
    note = normalize(raw)
    assert len(note.starts) == len(note.ends) == len(note.text)
    assert all(0 <= start < end <= len(raw) for start, end in zip(note.starts, note.ends, strict=True))
    assert list(note.starts) == sorted(note.starts)
    assert list(note.ends) == sorted(note.ends)
    note.text.encode("utf-8")
    if note.text:
        start, end = note.raw_span(0, len(note.text))
        assert 0 <= start < end <= len(raw)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT)
def test_white_space_and_invisible_characters_take_one_form(raw):
    text = normalize(raw).text
    assert text == text.strip()
    assert "  " not in text
    assert "\n\n\n" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\ufeff\u2028\ud800-\udfff]", text)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_characters="*_~`[]<>&#-+", exclude_categories=["Cs"]), max_size=200))
def test_a_normalised_text_without_markup_comes_back_unchanged(raw):
    once = normalize(raw).text
    assert normalize(once).text == once


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=["L", "M", "N"]), max_size=60))
def test_letters_come_out_as_unicode_nfc(raw):
    kept = re.sub("[\u200b-\u200f]", "", raw)
    assert unicodedata.is_normalized("NFC", normalize(kept).text)


@pytest.mark.parametrize(
    "unit",
    [
        "*",
        "**a ",
        "[",
        "[a](",
        "<",
        "<b ",
        "&",
        "&amp;",
        "_a ",
        "`a",
        "\n",
        "\n# ",
        "- [ ] ",
        "a" + "\u0301\u0323" * 99_999,
    ],
)
def test_a_long_hostile_text_is_normalised_quickly(unit):
    raw = unit * (200_000 // len(unit))
    began = time.process_time()
    normalize(raw)
    assert time.process_time() - began < 5
