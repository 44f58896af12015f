import random

import pytest

from afterword_serving.entry import Skip
from afterword_serving.review import Search, find_tasks
from afterword_serving.review.task import NEXT_IN_LINE, make_tasks
from afterword_serving.tally import Tally

WORDS = ["turbine", "parsnip", "ledger", "comet", "walrus", "violin", "saffron", "glacier", "lantern", "puzzle"]


@pytest.fixture
def find(scripted, make_entry):
    def run(texts, tally=None, file=lambda n: "a.jsonl", **search):
        items = [make_entry(n, text, file(n)) if isinstance(text, str) else text for n, text in enumerate(texts)]
        return find_tasks(items, scripted, Search(**search), tally=tally or Tally())

    return run


def easy(count):
    draw = random.Random(5)
    return [" ".join(draw.sample(WORDS, 5)) + f" {n}" for n in range(count)]


def test_hard_notes_are_found_and_told_why(find):
    texts = easy(60)
    texts[7] = "<46 44 10> {next_step} We spoke of her brother."
    texts[31] = "<10 85 5> {next_step} {self_verdict} He forgot the hour."

    found = find(texts, limit=2, random_share=0)

    assert [task.id for task in found.tasks] == ["e7", "e31"]
    assert found.tasks[0].why.startswith("unsure: reflection 46%, rumination 44%")
    assert "called rumination, yet it shows a next step" in found.tasks[1].why
    assert found.tasks[1].reasons[0] == "disagreement"


def test_a_long_note_whose_passages_pull_apart(find):
    long = "<85 5 10> {next_step} " + "I will ask him first. " * 20 + "\n\n<5 85 10> " + "Why did I say it again? " * 16
    calm = (
        "<85 5 10> {next_step} " + "I will ask him first. " * 20 + "\n\n<85 5 10> " + "I will wait for her then. " * 16
    )

    found = find([*easy(10), long, calm], limit=12, random_share=0)

    whys = {task.id: task.why for task in found.tasks}
    assert "its passages pull apart" in whys["e10"]
    assert "its passages pull apart" not in whys["e11"]


def test_a_share_is_drawn_at_random_and_mixed_in(find):
    texts = [f"<45 44 11> {text}" for text in easy(50)] + easy(200)

    found = find(texts, limit=20, random_share=0.25)

    drawn = [index for index, task in enumerate(found.tasks) if task.reasons[0] == "random"]
    assert len(found.tasks) == 20
    assert len(drawn) == 5
    assert drawn[0] < 5
    assert drawn[-1] > 14
    assert any(task.note.position >= 50 for task in found.tasks if task.reasons[0] == "random")
    assert len({task.id for task in found.tasks}) == 20


@pytest.mark.parametrize(("share", "drawn"), [(0, 0), (1, 20)])
def test_none_or_all_at_random(find, share, drawn):
    found = find(easy(60), limit=20, random_share=share)

    assert sum("random" in task.reasons for task in found.tasks) == drawn


def test_the_same_again_and_another_seed(find):
    texts = easy(200)

    ids = [[task.id for task in find(texts, limit=20, random_share=0.5, seed=seed).tasks] for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]


def test_a_text_is_a_task_once_though_it_is_drawn_too(find):
    found = find(["<45 44 11> Copied words."] * 40 + easy(5), limit=40, random_share=0.5)

    texts = [task.note.text for task in found.tasks]
    assert len(texts) == len(set(texts)) == 6


def test_ids_that_several_notes_bear_are_told_apart(scripted, make_entry):
    items = [make_entry(1, "A comet.", "ana.csv"), make_entry(1, "A walrus.", "bo.csv"), make_entry(2, "A violin.")]

    found = find_tasks(items, scripted, Search(), tally=Tally())

    assert {task.id for task in found.tasks} == {"e1#0", "e1#1", "e2"}


def test_every_task_says_why(find):
    found = find(easy(30), limit=30, random_share=0.1)

    assert len(found.tasks) == 30
    assert all(task.why for task in found.tasks)
    assert any(task.why == NEXT_IN_LINE for task in found.tasks)


def test_what_cannot_be_read_or_classified_is_counted_and_the_rest_is_done(scripted, make_entry):
    class Fragile:
        def predict(self, texts):
            if any("poison" in text for text in texts):
                raise ValueError(texts)
            return scripted.predict(texts)

    tally = Tally()
    items = [make_entry(0, "poison"), Skip("bad_json", "a.jsonl, line 2"), make_entry(2, "A comet.")]
    found = find_tasks(items, Fragile(), Search(), tally=tally)

    assert [task.id for task in found.tasks] == ["e2"]
    assert set(tally.skipped) == {"bad_json", "not_classified"}


@pytest.mark.parametrize("texts", [[], ["…"], ["bonjour"]])
def test_nothing_to_pick(find, texts):
    assert find(texts).tasks == []


def test_ids_of_tasks_are_unique_even_where_notes_are_named_so(make_note):
    notes = [make_note(0, id="d"), make_note(1, id="d#2"), make_note(2, id="d"), make_note(3, id="e")]

    ids = [task.id for task in make_tasks([(note, []) for note in notes])]

    assert len(set(ids)) == 4
    assert (ids[0], ids[3]) == ("d#0", "e")
