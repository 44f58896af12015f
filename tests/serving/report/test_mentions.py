import pytest
from tests.serving.report.pages import row

from afterword_serving.report.mentions import KEPT, Mention, Newest, When

TEXT = "It was a long day. Next Tuesday I will ask her first. And then I wait. The bus was late."


def mention(*words, text=TEXT, day="2026-03-02", **more):
    spans = [("next_step", text.index(each), text.index(each) + len(each)) for each in words]
    made = row("reflection", day, spans=spans, text=text, title=None, **more)
    return Mention.of(made, When.of(made), include_text=True)


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (["Next Tuesday I will ask her first."], ["Next Tuesday I will ask her first."]),
        (["I will ask her first", "then I wait"], ["Next Tuesday I will ask her first.", "And then I wait."]),
        (["her"], ["Next Tuesday I will ask her first."]),
        (["long", "I will ask her first"], ["Next Tuesday I will ask her first."]),
        ([], []),
    ],
)
def test_a_step_is_told_in_whole_sentences(words, sentences):
    assert mention(*words).step_sentences == sentences


def test_sentences_are_told_without_marks_of_markup():
    text = "Hard day.  **On Friday** I&rsquo;ll  ask <i>how long</i> first."

    told = mention("Friday", "ask <i>how long</i> first", text=text).step_sentences

    assert told == ["On Friday I'll ask how long first."]


def test_without_text_there_are_no_words():
    made = row("reflection", spans=[("next_step", 0, 5)], text=TEXT)
    wordless = Mention.of(made, When.of(made), include_text=False)

    assert (wordless.step_sentences, wordless.shown_text) == ([], None)


def test_a_very_long_text_is_cut():
    shown = mention(text="word " * 50_000).shown_text

    assert len(shown) < 7_000
    assert shown.endswith("word […]")


def test_the_newest_are_kept_and_all_counted():
    newest = Newest()
    for n in range(KEPT + 20):
        newest.add(mention(day=f"2026-01-{1 + n % 28:02}", id=f"e{n}"))
    newest.add(mention(day=None, id="undated"))

    days = [kept.when.day for kept in newest]
    assert days == sorted(days, reverse=True)
    assert (len(days), newest.count, newest.left_out) == (KEPT, KEPT + 21, 21)
    assert None not in days


def test_undated_ones_keep_their_order_and_come_last():
    newest = Newest()
    for name, day in (("a", None), ("b", None), ("c", "2026-03-02")):
        newest.add(mention(day=day, id=name))

    assert [kept.id for kept in newest] == ["c", "a", "b"]
