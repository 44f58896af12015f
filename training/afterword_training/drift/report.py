"""What was compared, in plain words and tables."""

from itertools import accumulate

from afterword_training.drift.compare import Drift, Shift, Verdict, enough
from afterword_training.tables import table

_HEADLINES = {
    Verdict.STEADY: "Steady: the {now} recent notes and their answers look like the {before} of {whose}.",
    Verdict.MOVED: "Moved: the {now} recent notes or their answers differ from the {before} of {whose} in {names}.",
    Verdict.DRIFTED: "Drifted: the {now} recent notes or their answers differ much from the {before} of {whose} in "
    "{names}.",
    Verdict.TOO_FEW: "Too few notes: {now} recent ones beside {before} of {whose} do not tell in {names}.",
}
_ADVICE = {
    Verdict.STEADY: "",
    Verdict.MOVED: "Look again with later notes before you change anything.",
    Verdict.DRIFTED: "How often the model is right on such notes was not measured. Let `afterword review` choose a "
    "hundred of them, label them, and measure with `afterword-train evaluate --passages`.",
}
_UNKNOWN = {
    "length": "Length was not compared: the results do not tell it.",
    "vocabulary": (
        "Vocabulary was not compared: that needs results with texts (`afterword classify --include-text`), and a "
        "reference that lists words."
    ),
}


def headline(drift: Drift, whose: str) -> str:
    """Return the verdict on all figures in one sentence; `whose` names the notes of the reference."""
    names = [shift.name for shift in drift.shifts if shift.verdict is drift.verdict]
    return _HEADLINES[drift.verdict].format(
        now=drift.notes_now, before=drift.notes_before, whose=whose, names=", ".join(names)
    )


def drift_report(drift: Drift, whose: str) -> str:
    """Return the verdict, every figure with its own, and the words that changed, as Markdown."""
    parts = [headline(drift, whose), _advice(drift), _shifts(drift), _words(drift)]
    parts += [_UNKNOWN.get(name, f"No notes to compare in {name}.") for name in drift.unknown]
    parts.append(
        "The index (PSI) measures a change from 0 on: 0.1 matters, 0.25 matters much. Up to the value in brackets it "
        "may be chance, with so many notes. Drift does not tell whether answers are right; only labels do."
    )
    return "\n\n".join(filter(None, parts))


def _advice(drift: Drift) -> str:
    if drift.verdict is not Verdict.TOO_FEW:
        return _ADVICE[drift.verdict]
    wanted = [enough(shift) for shift in drift.shifts if shift.verdict is Verdict.TOO_FEW]
    known = [count for count in wanted if count is not None]
    if len(known) < len(wanted):
        return "The reference itself is too small to tell. Hold the results against earlier ones with --against."
    return f"About {max(known)} would. Give the results of more runs."


def _shifts(drift: Drift) -> str:
    rows = [
        (shift.name, _share(shift, shift.before), _share(shift, shift.now), _index(shift), str(shift.verdict))
        for shift in drift.shifts
    ]
    return table(("figure", "reference", "recent", "PSI (by chance)", "verdict"), rows)


def _index(shift: Shift) -> str:
    return f"{shift.psi:.2f} ({shift.chance:.2f})"


def _share(shift: Shift, counts: tuple[int, ...]) -> str:
    """Return the shares where there are few bins, else the bin in which the middle note lies."""
    if len(counts) == 2:
        return f"{counts[1] / sum(counts):.0%}"
    if len(counts) == 3:
        return ", ".join(f"{count / sum(counts):.0%} {name}" for name, count in zip(shift.bins, counts, strict=True))
    middle = next(at for at, so_far in enumerate(accumulate(counts)) if so_far * 2 >= sum(counts))
    return f"middle {shift.bins[middle]}"


def _words(drift: Drift) -> str:
    if not drift.words:
        return ""
    rows = [(shift.word, f"{shift.before:.0%}", f"{shift.now:.0%}") for shift in drift.words]
    return table(("notes with the word", "reference", "recent"), rows)
