import codecs
import io
import time

import pytest

from afterword_serving.entry import Entry, Notice
from afterword_serving.journals.decode import Utf8Stream
from afterword_serving.journals.tidy import printable, tidy, tidy_line

WORDS = "I asked Zoë – slowly – “why”. €5 🙂\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_every_marked_encoding_comes_out_as_utf8(mark, encoding):
    stream = Utf8Stream(io.BytesIO(mark + WORDS.encode(encoding)))

    assert stream.read().decode() == WORDS
    assert not stream.guessed


def test_windows_1252_is_guessed_and_said():
    words = "Caf\u00e9 \u2013 \u201cwhy\u201d cost \u20ac5"

    stream = Utf8Stream(io.BytesIO(words.encode("cp1252")))

    assert stream.read().decode() == words
    assert stream.guessed


def test_one_broken_byte_does_not_spoil_the_accents_around_it():
    stream = Utf8Stream(io.BytesIO("Zoë ".encode() + b"\xe9" + " Zoë".encode()))

    assert stream.read().decode() == "Zoë é Zoë"


class OneByteAtATime(io.BytesIO):
    def read(self, size=-1):
        return super().read(1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_character_cut_between_two_reads_stays_whole(encoding):
    assert Utf8Stream(OneByteAtATime(WORDS.encode(encoding))).read().decode() == WORDS


def test_a_file_cut_in_the_middle_of_a_character_still_ends():
    stream = Utf8Stream(io.BytesIO("voilà".encode()[:-1]))

    assert stream.read().decode().startswith("voil")
    assert stream.guessed


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\u200bb\ufeffc\ufffcd\x00e", "abcde"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("  \n a \n ", "a"),
        ("a\ud800b", "a\ufffdb"),
        ("\u200b \ufeff", ""),
    ],
)
def test_tidy(given, kept):
    assert tidy(given) == kept


@pytest.mark.parametrize("clean", [tidy, tidy_line, printable])
def test_a_character_with_very_many_marks_is_tidied_quickly(clean):
    began = time.process_time()
    assert clean("a" + "\u0301\u0323" * 99_999).startswith("\u1ea1")
    assert time.process_time() - began < 5


def test_a_line_is_one_line():
    assert tidy_line(" a\n\n b\t c ") == "a b c"


def test_a_file_name_cannot_steer_a_terminal():
    assert printable("a\x1b[31m\u202eb.md") == "a?[31m?b.md"


def test_the_guess_reaches_the_reader_of_the_file(lay, read):
    items = read(lay("a.txt", "Caf\u00e9 session, slow.".encode("cp1252")))

    assert [item.text for item in items if isinstance(item, Entry)] == ["Caf\u00e9 session, slow."]
    assert Notice("encoding_guessed", "a.txt") in items
