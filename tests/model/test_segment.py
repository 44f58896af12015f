import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword_model.segment import Span, build_tokenizer, clauses, forgetting, pack, passages, sentences
from afterword_model.text import normalize


def cut(text):
    return [text[span.start : span.end] for span in sentences(text)]


CASES = {
    "plain": ["She left.", "I stayed.", "Why?", "Nobody knows!"],
    "pt": ["Pt. arrived late.", "He was tired."],
    "pt_then_pronoun": ["Sat with the pt.", "He was fine."],
    "f/u": ["Saw pt. at f/u.", "She was calmer."],
    "titles": ["Dr. Will Smith rang Mrs. Jones vs. the ward.", "Approx. 10 min. later he left."],
    "time": ["Session at 4:30.", "The 5.15 couple waited."],
    "p.m.": ["We met at 4.30 p.m. and talked.", "Then at 5 p.m.", "He left."],
    "number_at_the_end": ["He is 5.", "She is 6."],
    "dose": ["Meds 2.5 mg. b.i.d. as before.", "BP 120/80."],
    "initial": ["Talked to J. about it.", "J. was upset."],
    "initials": ["A. B. Smith rang.", "I told her."],
    "initial_then_pronoun": ["Met J.", "I was late."],
    "ends_in_i": ["So did I.", "She went quiet."],
    "quote": ['"I can\'t."', "She left the room."],
    "quote_runs_on": ['"Why?" he asked.', "I froze."],
    "brackets_run_on": ["She asked (twice!) why.", "I froze."],
    "ellipsis": ["I don't know... maybe nothing.", "Next week I ask."],
    "lower_case": ["i froze.", "he left.", "i should ring him"],
    "mixed_ends": ["What was I thinking?!", "No idea."],
    "etc": ["Rang, wrote, etc.", "Then home."],
    "no": ["Room no. 5 was cold.", "The answer was no.", "She left."],
    "latin": ["e.g. this one, i.e. that.", "Then home."],
    "days": ["See you Mon.", "She will come."],
    "sun": ["We lay in the sun.", "Maria left."],
    "sat": ["At last he sat.", "Silence followed."],
    "wed_and_mar": ["Here they wed.", "What does it mar.", "Home by six."],
    "day_then_no_name": ["Seen Sat.", "Nothing new."],
    "day_then_name_or_date": ["Seen Sat. Nov. 2 with Maria.", "Since Wed. Maria is calm.", "In capitals SUN. MORNING."],
    "day_in_lower_case": ["seen mon. with her mother.", "she was calm."],
    "lower_case_after_a_capital": ["They rang the phys. at noon.", "He came."],
    "lower_case_after_a_digit": ["5 of them came.", "nobody said."],
    "lower_case_after_a_quotation_mark": ['"Tired all day" it said.', "bloods next."],
    "numbered_in_line": ["1. Ring her.", "2. Write it down."],
}


@pytest.mark.parametrize("wanted", CASES.values(), ids=CASES)
def test_sentences_of_notes(wanted):
    assert cut(" ".join(wanted)) == wanted


LINES = {
    "bullets": ["- rang mother", "- wrote notes", "- cried in the car"],
    "short_lines": ["rang mother", "wrote notes", "cried in the car"],
    "numbered": ["1. Ring her.", "2) Write it down.", "3. Sleep."],
    "soap": ["S: pt reports low mood", "O: flat affect", "A: MDD, moderate", "P: f/u in 2 wks"],
    "turns": ["T: how are you", "C: fine", "T: really?"],
    "bullets_in_lower_case_after_long_lines": ["- " + "rang the mother of the boy and of the girl " * 2, "- wrote"],
    "heading": ["Supervision notes", "She asked me why."],
}


@pytest.mark.parametrize("wanted", LINES.values(), ids=LINES)
def test_line_breaks_part_items(wanted):
    wanted = [line.strip() for line in wanted]
    assert cut("\n".join(wanted)) == wanted


def test_hard_wrapped_prose_is_joined():
    text = (
        "I sat with her for the whole of the hour that we had\nand did not say what I wanted to say. She left\n"
        "at five and I drove home with the radio on.\nThen I slept."
    )
    assert cut(text) == [
        "I sat with her for the whole of the hour that we had\nand did not say what I wanted to say.",
        "She left\nat five and I drove home with the radio on.",
        "Then I slept.",
    ]


def test_a_blank_line_always_parts():
    text = "I sat with her for the whole of the hour that we had\n\nand then nothing"
    assert len(cut(text)) == 2


def test_a_transcript_without_punctuation_is_cut_at_turning_words():
    text = "so i sat there and he kept talking about the dog " * 30
    parts = cut(text.strip())
    assert len(parts) > 3
    assert all(part.split()[0] in {"so", "and"} for part in parts)
    assert max(len(part.split()) for part in parts) < 80


NOTE_TEXT = st.text(
    st.sampled_from("abI .,!?\n-()\"'1:5/é😀\t") | st.characters(exclude_categories=["Cs"]), max_size=300
)


@settings(max_examples=100, deadline=None)
@given(NOTE_TEXT)
def test_sentences_hold_everything_but_white_space_in_order(raw):
    text = normalize(raw).text
    _assert_whole(text, sentences(text))


@settings(max_examples=100, deadline=None)
@given(NOTE_TEXT, st.integers(1, 20))
def test_passages_hold_everything_and_keep_to_the_limit(raw, most):
    text = normalize(raw).text
    spans = passages(text, max_words=most)
    _assert_whole(text, spans)
    assert all(1 <= len(text[span.start : span.end].split()) <= most for span in spans)


def _assert_whole(text, spans):
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        at = span.end
    assert not text[at:].strip()


def test_passages_break_at_paragraphs_once_they_are_full_enough():
    first, second = "I sat there. " * 8, "She left. " * 8
    text = f"{first.strip()}\n\n{second.strip()}"
    assert [text[span.start : span.end] for span in passages(text, max_words=30)] == [first.strip(), second.strip()]


def test_short_paragraphs_share_a_passage():
    text = "One thing.\n\nAnother thing."
    assert passages(text, max_words=30) == [Span(0, len(text))]


def test_a_sentence_too_long_is_cut_into_pieces():
    text = "word " * 25
    assert [len(text[span.start : span.end].split()) for span in passages(text, max_words=10)] == [10, 10, 5]


def test_no_text_has_no_parts():
    assert sentences("") == []
    assert passages("", max_words=5) == []
    assert pack("", [], max_words=5) == []


MARKS = [") ", '" ', "] ", "} ", "a. ) ) ", "ab" * 49 + " ", "." * 199_997 + "a b"]


@pytest.mark.parametrize(
    "unit", ["(", "[", '"', ".", "?!", "a.b", "it's", "no end ", "One. ", "line\n", "a\n\n", *MARKS]
)
def test_a_long_hostile_text_is_cut_quickly(unit):
    text = normalize(unit * (200_000 // len(unit))).text
    began = time.process_time()
    spans = sentences(text)
    assert time.process_time() - began < 5
    _assert_whole(text, spans)


def _kept_strings():
    with forgetting(build_tokenizer) as nlp:
        return set(nlp.vocab.strings)


def test_no_word_of_a_note_is_kept():
    before = _kept_strings()
    assert len(sentences("Rang Qwxyzzy. She was grblfx\n\n\n at 47:11.")) == 3
    assert _kept_strings() == before


def test_the_word_that_a_memory_zone_does_not_clear_stays_safe():
    for turn in range(5):
        assert sentences("IS_ALPHA") == [Span(0, 8)]
        sentences(" ".join(f"word{turn}x{at}" for at in range(300)))


def test_an_error_within_a_use_spoils_no_later_one():
    def fail():
        with forgetting(build_tokenizer) as nlp:
            nlp.make_doc("Qwxyzzy left.")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert cut("Qwxyzzy left. I stayed.") == ["Qwxyzzy left.", "I stayed."]
    assert "Qwxyzzy" not in _kept_strings()


def test_a_use_within_a_use_and_another_thread_have_a_tokenizer_of_their_own():
    def mine():
        with forgetting(build_tokenizer) as nlp:
            return nlp

    kept = mine()
    assert mine() is kept
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(mine).result() is not kept
    with forgetting(build_tokenizer) as outer, forgetting(build_tokenizer) as inner:
        assert inner is not outer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I froze, and then I asked her (badly) why", ["I froze, ", "and ", "then I asked her (", "badly) ", "why"]),
        ("no break at all here", ["no break at all here"]),
        ("one - two \u2014 three; four", ["one - ", "two \u2014 ", "three; ", "four"]),
        ("a well-known android", ["a well-known android"]),
    ],
)
def test_clauses_part_a_sentence_and_lose_nothing(text: str, expected: list[str]) -> None:
    found = clauses(text, Span(0, len(text)))
    assert [text[span.start : span.end] for span in found] == expected
