"""From answers to notes: which answers are about one note, and which of an annotator's answers is the vote."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from afterword_model.labels import Label
from afterword_training.labelled.answer import Answer, SetAside, Vote
from afterword_training.labelled.options import LabelOptions

Key = tuple[str, str, int]
"""What makes a note one: its id, its words (case and spaces apart), and its number among those of one file alike."""
Seen = Mapping[tuple[str, str, str], dict[str, int]]
"""Of what one annotator says of the same words in one file: the number of each note, by its id or else its place."""


def gather(answers: Iterable[Answer], options: LabelOptions) -> tuple[list[list[Vote]], list[SetAside]]:
    """Return each note's votes, at least one and at most one an annotator, and the answers that are none.

    The same id with the same words is the same note, in whichever file. Where there are no ids, or none but numbers of
    rows and tasks, the first, second … note of the same words that an annotator has in a file is the first, second … of
    the others. All names of labels must be known.
    """
    notes: dict[Key, list[Answer]] = defaultdict(list)
    seen: Seen = defaultdict(dict)
    for answer in answers:
        notes[_key(answer, seen, options)].append(answer)
    ids = _ids(notes)
    votes: list[list[Vote]] = []
    set_aside: list[SetAside] = []
    for key, given in notes.items():
        group = _group(given, options)
        found = [item for own in _by_annotator(given) for item in _vote(own, ids[key], group, options)]
        set_aside += [item for item in found if isinstance(item, SetAside)]
        if own_votes := [item for item in found if isinstance(item, Vote)]:
            votes.append(own_votes)
    return votes, set_aside


def _key(answer: Answer, seen: Seen, options: LabelOptions) -> Key:
    words = " ".join(unicodedata.normalize("NFC", answer.text).casefold().split())
    if answer.id and not _is_number(answer.id, options):
        return answer.id, words, 0
    own = seen[answer.file, answer.annotator, words]
    return "", words, own.setdefault(answer.id or answer.where, len(own) + 1)


def _is_number(id: str, options: LabelOptions) -> bool:
    """Return whether an id may only number the rows or tasks of its file: a number that the user did not call an id."""
    return id.isdecimal() and not options.id_field


def _ids(notes: Mapping[Key, Sequence[Answer]]) -> dict[Key, str]:
    """Return an id for each note: the file's; with its place where several have that id; its place without one."""
    bearers = Counter(given[0].id for given in notes.values())
    return {key: _name(given[0], alone=bearers[given[0].id] == 1) for key, given in notes.items()}


def _name(first: Answer, *, alone: bool) -> str:
    return (first.id if alone else f"{first.id}@{first.where}") if first.id else first.where


def _group(answers: Sequence[Answer], options: LabelOptions) -> str | None:
    """Return the group that a note's answers tell, else its id; a number belongs to its file."""
    first = answers[0]
    told = next((answer.group for answer in answers if answer.group), None)
    return told or (f"{first.file}#{first.id}" if first.id and _is_number(first.id, options) else first.id)


def _by_annotator(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    own: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        own[answer.annotator].append(answer)
    yield from own.values()


def _vote(answers: Sequence[Answer], key: str, group: str | None, options: LabelOptions) -> Iterator[Vote | SetAside]:
    """Yield the vote of one annotator for one note, if the answers hold one, and the rest of them."""
    labelled: list[tuple[Answer, Label]] = []
    for answer, replaced in _newest(answers):
        if replaced:
            yield SetAside(answer.where, "the same annotator answered again later")
        elif isinstance(label := _label(answer, options), Label):
            labelled.append((answer, label))
        else:
            yield SetAside(answer.where, label)
    if len({label for _, label in labelled}) > 1:
        for answer, _ in labelled:
            yield SetAside(answer.where, "the same annotator gave it several labels")
        return
    for number, (answer, label) in enumerate(labelled):
        if number:
            yield SetAside(answer.where, "the same annotator gave it this label already")
        else:
            final = answer.final or answer.annotator == options.adjudicator
            yield Vote(answer.where, key, answer.text, label, answer.annotator, group, final)


def _newest(answers: Sequence[Answer]) -> list[tuple[Answer, bool]]:
    """Return each answer and whether a later one to the same question replaces it; without times none does."""
    last: dict[str, float] = {}
    for answer in answers:
        last[answer.question] = max(last.get(answer.question, 0.0), answer.at or 0.0)
    return [(answer, answer.at is not None and answer.at < last[answer.question]) for answer in answers]


def _label(answer: Answer, options: LabelOptions) -> Label | str:
    """Return the label of an answer, or why it has none."""
    if not answer.names:
        return answer.why_none
    labels = {options.label_of(name) for name in answer.names}
    if len(labels) > 1:
        return "several labels were chosen"
    label = labels.pop()
    return "its label is mapped to be skipped" if label is None else label
