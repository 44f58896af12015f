"""From a stream of entries to tasks: classify, keep the candidates, choose."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from afterword_serving import batch
from afterword_serving.entry import Item
from afterword_serving.review.note import Note
from afterword_serving.review.passages import TORN, torn
from afterword_serving.review.pool import Pool, reasons_for
from afterword_serving.review.reasons import RANDOM, Reason, worth
from afterword_serving.review.select import select
from afterword_serving.review.task import Task, make_tasks
from afterword_serving.review.unlike import Familiar
from afterword_serving.tally import Tally


@dataclass(frozen=True)
class Search:
    """What is looked for."""

    limit: int = 100
    """Most tasks."""
    random_share: float = 0.1
    """Part of them that is drawn evenly from all notes."""
    seed: int = 0


@dataclass(frozen=True)
class Found:
    """The tasks, in the order to label them, and how many notes could not be among them for their language."""

    tasks: list[Task]
    not_english: int = 0


def find_tasks(
    items: Iterable[Item],
    classifier: batch.Predictor,
    search: Search,
    *,
    tally: Tally,
    advance: Callable[[int], object] | None = None,
) -> Found:
    """Return the notes most worth a label; the same input, model and search give the same ones.

    Args:
        items: what readers yield.
        classifier: asked for every entry, and again for the passages of long candidates.
        search: how many, and how.
        tally: counts everything met.
        advance: told how many entries were done since last time.
    """
    pool = Pool(search.limit, search.seed)
    batch.classify(items, classifier, pool, tally=tally, include_text=True, advance=advance)
    drawn = _draw(pool.sample, search)
    notes = _merged(pool.candidates, drawn)
    reasons = _reasons(notes, Familiar(pool.sample), torn(notes, classifier))
    positions = {note.position: index for index, note in enumerate(notes)}
    taken = [positions[note.position] for note in drawn]
    picked = select(notes, [worth(each) for each in reasons], search.limit - len(taken), chosen=taken)
    best = [(notes[index], reasons[index]) for index in picked]
    by_chance = [(notes[index], [RANDOM, *reasons[index]]) for index in taken]
    return Found(make_tasks(_interleaved(best, by_chance)), pool.not_english)


def _draw(sample: Sequence[Note], search: Search) -> list[Note]:
    """Return the random share, no text twice."""
    ordered = sorted(sample, key=lambda note: note.position)
    shuffled = Random(search.seed).sample(ordered, len(ordered))
    different = {note.text: note for note in reversed(shuffled)}
    return list(reversed(different.values()))[: round(search.limit * search.random_share)]


def _merged(candidates: Sequence[Note], drawn: Sequence[Note]) -> list[Note]:
    """Return all in the input's order; where two have one text, the drawn one stays."""
    by_text = {note.text: note for note in (*candidates, *drawn)}
    return sorted(by_text.values(), key=lambda note: note.position)


def _reasons(notes: Sequence[Note], familiar: Familiar, torn_ones: frozenset[int]) -> list[list[Reason]]:
    return [
        reasons_for(note, unlike) + ([TORN] if note.position in torn_ones else [])
        for note, unlike in zip(notes, familiar.reasons(notes), strict=True)
    ]


def _interleaved(
    best: list[tuple[Note, list[Reason]]], by_chance: list[tuple[Note, list[Reason]]]
) -> list[tuple[Note, list[Reason]]]:
    """Return both in one row, evenly mixed, so that whoever stops early has some of each."""
    placed = [((index + 0.5) / len(group), each) for group in (best, by_chance) for index, each in enumerate(group)]
    return [each for _, each in sorted(placed, key=lambda pair: pair[0])]
