import re
from itertools import pairwise

import numpy as np
import pytest
from tests.model.tokenizer import SPECIAL, word_pieces

from afterword_model.encoder import OnnxEncoder, _borders, _Window
from afterword_model.reading import Reading
from afterword_model.segment import sentences
from afterword_model.text import normalize

ROOM = 20
SHORT = "She spoke and I listened. "
LONG = "and then " * 30 + "we stopped. "


def tokens(text):
    return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


def borders(text, *, most=ROOM):
    return _borders(text, tokens(text), most=most, room=ROOM)


TEXTS = {
    "short sentences": SHORT * 30,
    "one overlong sentence": LONG,
    "overlong, then short": LONG + SHORT * 5,
    "short, then overlong": SHORT * 5 + LONG,
    "overlong in between": SHORT * 3 + LONG * 2 + SHORT * 3,
    "no sentences": "- " * 95,
    "paragraphs": (SHORT + "\n\n" + SHORT * 2 + "\n\n") * 9,
    "one over": "word " * (ROOM + 1),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_window_is_too_large_and_no_token_lost_or_read_twice(text):
    found = borders(text)
    assert found[0][0] == 0
    assert found[-1][1] == len(tokens(text))
    assert all(left[1] == right[0] for left, right in pairwise(found))
    assert all(0 < end - start <= ROOM for start, end in found)


def test_a_note_that_fits_is_one_window():
    text = SHORT * 5
    assert borders(text, most=30) == [(0, 30)]
    assert len(borders(text, most=29)) > 1
    assert borders("") == [(0, 0)]


def test_windows_end_where_sentences_do():
    text = SHORT * 30
    ends = {span.end for span in sentences(text)}
    assert all(text[tokens(text)[end - 1][0]] == "." for _, end in borders(text))
    assert len(borders(text)) < len(ends)


def test_a_blank_line_ends_a_window_that_is_a_third_full():
    paragraphs = "\n\n".join([SHORT, "Tea.", SHORT * 2, SHORT])
    assert [end - start for start, end in borders(paragraphs)] == [6, 14, 6]
    assert [end - start for start, end in borders(paragraphs.replace("\n\n", " "))] == [14, 12]


@pytest.mark.parametrize("count", [21, 40, 41, 61, 99])
@pytest.mark.parametrize("before", ["", SHORT])
def test_an_overlong_sentence_is_cut_into_equal_parts(count, before):
    first = len(tokens(before))
    sizes = [end - start for start, end in borders(before + "Word" + " word" * (count - 1)) if start >= first]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= 1


def test_what_follows_an_overlong_sentence_joins_its_last_part_if_it_fits():
    sizes = [end - start for start, end in borders("word " * 24 + ". Yes. " + SHORT * 3)]
    assert sizes[:2] == [12, 15]


@pytest.mark.parametrize("special", SPECIAL)
def test_a_special_token_in_a_note_is_text_like_any_other(special):
    encoder = OnnxEncoder(b"", word_pieces("met today"), max_tokens=16, passage_tokens=16)
    name = special.strip("[]")
    plain, with_special = encoder.pieces([f"met [ {name} ] today", f"met {special} today"])
    assert with_special.tolist() == plain.tolist()
    assert SPECIAL.index(special) not in set(with_special.tolist()) - {SPECIAL.index("[UNK]")}


def test_nothing_that_holds_a_note_shows_it(canary):
    ids = [31337, 4711]
    reading = Reading(
        ((0, 9),),
        np.zeros((1, 3), np.float32),
        np.zeros((1, 2), np.float32),
        np.array([(0, 4), (5, 9)]),
        np.array(ids),
        np.zeros((2, 7), np.float32),
    )
    for holder in (normalize(canary), reading, _Window(0, 0, 2, ids)):
        shown = repr(holder)
        assert "Zorvexian" not in shown
        assert "31337" not in shown


def test_holders_of_arrays_can_be_compared(canary):
    one, other = normalize(canary), normalize(canary)
    assert one == one
    assert one != other
    assert len({one, other}) == 2
