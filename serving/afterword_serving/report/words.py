"""What the report says: kind, plain, about words in notes and never about who wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from afterword_model.labels import LABELS, Label, Marker
from afterword_serving.report.bucket import Bucket
from afterword_serving.report.mentions import When
from afterword_serving.report.periods import Timeline, Unit
from afterword_serving.units import By

IDEA: Final = (
    "Nobody can be the “good therapist” all the time. Letting go of that standard takes nothing from the work: "
    "it leaves more of you in the room."
)
QUESTION: Final = "What would you try next time?"
PERMISSION: Final = "You were a person in that room, not a standard, and you may put this down for today."

MEANING: Final[Mapping[Label, str]] = {
    Label.REFLECTION: "The note arrives at something its writer could do, ask, try or change.",
    Label.RUMINATION: "The note goes over something past, or over oneself, and no next step has come of it yet.",
    Label.NEITHER: "Everyday things, facts, theory, contentment, kindness, or what somebody else thinks.",
}
NICKNAME: Final[Mapping[Label, str]] = {
    Label.REFLECTION: "hold a next step",
    Label.RUMINATION: "go over it, no step yet",
    Label.NEITHER: "do neither",
}
MARKER: Final[Mapping[Marker, tuple[str, str]]] = {
    Marker.NEXT_STEP: ("Next step", "Words that carry something to do, ask or try."),
    Marker.OVER_ANALYSIS: ("Going over it again", "Replays and whys: a moment that keeps coming back."),
    Marker.SHOULD_STANDARD: ("A rule for oneself", "Should, must, or what a good therapist would have done."),
    Marker.SELF_VERDICT: ("A verdict on oneself", "One moment becomes a sentence about the whole person."),
    Marker.CONCEALMENT: ("Keeping it hidden", "Not telling supervision or a colleague that something shook one."),
    Marker.PERMISSION_REFUSAL: ("No permission", "Rest, half a measure or a human reaction, not granted to oneself."),
    Marker.SELF_COMPASSION: ("Kindness to oneself", "A friendly word to oneself. It never counts against anyone."),
}
LIMITS: Final = (
    ("No diagnosis.", "This page says what words do. It does not say what a person is, or how a person is."),
    (
        "No measure of a clinician.",
        "No number here tells how good anyone’s work is. More rumination may mean a harder month, or more honesty.",
    ),
    (
        "Not for watching staff.",
        "It is for whoever wrote the notes, or for a team that has the writers’ consent.",
    ),
    (
        "Danger is outside its task.",
        "A note about self-harm, or about harm to anyone, is not recognised here and not assessed. "
        "Such a note needs a person: a colleague, a supervisor, an emergency line.",
    ),
    (
        "It errs.",
        "It reads English, without knowing you or the session. Where it and you disagree, you are the one who knows.",
    ),
)


@dataclass(frozen=True)
class Noun:
    """What the report calls the things it counts."""

    one: str
    many: str

    def count(self, number: int, one: str = "", many: str = "") -> str:
        """Return a number with the noun and what follows it, as `1 entry` or `2,000 entries carry`."""
        return count_words(number, f"{self.one} {one}".rstrip(), f"{self.many} {many}".rstrip())

    @property
    def title(self) -> str:
        """The many, as a heading begins with them."""
        return self.many.capitalize()

    @property
    def a(self) -> str:
        """The one, with its article."""
        return f"{'an' if self.one[0] in 'aeiou' else 'a'} {self.one}"


NOUNS: Final[Mapping[By, Noun]] = {
    "entry": Noun("entry", "entries"),
    "passage": Noun("passage", "passages"),
    "sentence": Noun("sentence", "sentences"),
}


def day_words(day: date) -> str:
    """Return a day as `3 March 2026`."""
    return f"{day.day} {day:%B} {day.year}"


def short_day(day: date) -> str:
    """Return a day as `3 Mar 2026`."""
    return f"{day.day} {day:%b} {day.year}"


def when_words(when: When) -> str:
    """Return when an entry was written, as far as is known."""
    if when.day is None:
        return "No date"
    time = f", {when.time:%H:%M}" if when.time else ""
    return f"{when.day:%a} {day_words(when.day)}{time}"


def count_words(count: int, one: str, many: str) -> str:
    """Return a number with its noun, as `1 item` or `2,000 items`."""
    return f"{count:,} {one if count == 1 else many}"


def percent(share: float | None) -> str:
    """Return a share as `25%`, or a dash when there is none."""
    return "–" if share is None else f"{share:.0%}"


def decimal(value: float | None) -> str:
    """Return a lean with two digits, or a dash when there is none."""
    return "–" if value is None else f"{value:.2f}"


def shares_alt(timeline: Timeline, noun: Noun) -> str:
    """Return the alternative text of the chart of shares."""
    halves = _halves(timeline)
    parts = [
        f"{label} {percent(first.shares[place])} in the first half and {percent(second.shares[place])} in the second"
        for place, label in enumerate(LABELS)
        for first, second in [halves]
    ]
    return f"Stacked bars, {_axis(timeline)}. Share of {noun.many}: {'; '.join(parts)}."


def lean_alt(timeline: Timeline) -> str:
    """Return the alternative text of the chart of lean."""
    first, second = (decimal(half.lean) for half in _halves(timeline))
    leans = [lean for period in timeline.periods if (lean := period.bucket.lean) is not None]
    span = f" It moves between {decimal(min(leans))} and {decimal(max(leans))}." if leans else ""
    return (
        f"A line of points, {_axis(timeline)}, from 0 (rumination) to 1 (reflection). "
        f"Lean {first} in the first half, {second} in the second.{span}"
    )


def unsure_alt(timeline: Timeline) -> str:
    """Return the alternative text of the chart of unsure entries."""
    first, second = (percent(half.unsure_share) for half in _halves(timeline))
    return f"Bars, {_axis(timeline)}. Unsure: {first} in the first half, {second} in the second."


def groups_alt(names: Mapping[int, str], groups: Mapping[int, Bucket], each: str, at: str, noun: Noun) -> str:
    """Return the alternative text of a chart of entries, a bar `each` weekday or hour; `at` says `in` or `on` one."""
    most = max(groups, key=lambda group: groups[group].entries)
    tops = []
    for place, label in enumerate(LABELS):
        top = max(groups, key=lambda group: groups[group].labels[place])
        if count := groups[top].labels[place]:
            tops.append(f"{label} {at.format(names[top])} ({count})")
    count_of_most = noun.count(groups[most].entries)
    return (
        f"Stacked bars, one {each}. Most {noun.many} were written {at.format(names[most])}: {count_of_most}. "
        f"Most of each label: {', '.join(tops)}."
    )


def period_words(unit: Unit, start: date) -> str:
    """Return the name of a period; of a week, its Monday."""
    names: dict[Unit, str] = {"week": day_words(start), "month": f"{start:%B} {start.year}", "year": str(start.year)}
    return names[unit]


def _axis(timeline: Timeline) -> str:
    first, last = (period_words(timeline.unit, timeline.periods[end].start) for end in (0, -1))
    of = "the week of " if timeline.unit == "week" else ""
    return f"one a {timeline.unit} from {of}{first} to {of}{last}"


def _halves(timeline: Timeline) -> tuple[Bucket, Bucket]:
    halves = Bucket(), Bucket()
    for place, period in enumerate(timeline.periods):
        halves[2 * place >= len(timeline.periods)].merge(period.bucket)
    return halves
