import pytest

from afterword_serving.checkpoint import Checkpoint
from afterword_serving.review.pool import FEWEST, SAMPLE, Pool
from afterword_serving.rows import make_row

HARD = "<46 44 10> {next_step} Note "


@pytest.fixture
def fill(make_entry, scripted):
    def run(texts, limit=1, seed=0):
        pool = Pool(limit, seed)
        for start in range(0, len(texts), 128):
            entries = [make_entry(start + n, text) for n, text in enumerate(texts[start : start + 128])]
            predictions = scripted.predict([each.text for each in entries])
            rows = [make_row(*pair, include_text=True) for pair in zip(entries, predictions, strict=True)]
            pool.write(rows, Checkpoint())
        return pool

    return run


def test_it_keeps_the_notes_worth_most_and_no_more_than_its_size(fill):
    texts = [f"Easy {n}." for n in range(4000)]
    for n in range(13, 4000, 400):
        texts[n] = f"{HARD}{n}."

    pool = fill(texts)

    assert len(pool.candidates) == FEWEST
    assert len(pool.sample) == SAMPLE
    assert {note.position for note in pool.candidates} >= set(range(13, 4000, 400))


def test_a_small_journal_is_kept_whole_and_in_order(fill):
    pool = fill([f"Easy {n}." for n in range(300)])

    assert [note.position for note in pool.candidates] == list(range(300))
    assert len(pool.sample) == 300


def test_more_candidates_are_kept_for_more_tasks():
    assert Pool(200, 0).size == 2000
    assert Pool(10_000, 0).size == 30_000


def test_a_text_is_kept_once(fill):
    pool = fill(["Copied.", "Other.", "Copied."] * 50)

    assert [note.text for note in pool.candidates] == ["Copied.", "Other."]


def test_a_copy_of_a_note_that_fell_out_may_come_in_again(fill):
    easy = [f"Easy {n}." for n in range(FEWEST)]
    pool = fill([*easy, *(f"{HARD}{n}." for n in range(FEWEST - 1)), *easy])

    assert len({note.text for note in pool.candidates}) == FEWEST
    assert sum(note.text.startswith(HARD) for note in pool.candidates) == FEWEST - 1


def test_the_sample_is_drawn_from_all_of_the_stream(fill):
    pool = fill([f"Note {n}." for n in range(4000)])

    quarters = [sum(q * 1000 <= note.position < (q + 1) * 1000 for note in pool.sample) for q in range(4)]
    assert all(180 < quarter < 320 for quarter in quarters)


def test_the_seed_decides_the_sample(fill):
    texts = [f"Note {n}." for n in range(2000)]

    one, same, other = ([note.position for note in fill(texts, seed=seed).sample] for seed in (1, 1, 2))
    assert one == same != other


def test_notes_without_words_or_in_another_language_are_passed_over(fill):
    pool = fill(["…", "bonjour", "Rain."])

    assert [note.text for note in pool.candidates] == [note.text for note in pool.sample] == ["Rain."]
    assert pool.not_english == 1
