"""The closing words of a run, for people: what was read, what was said, what was left out and why."""

from collections.abc import Iterator

from afterword_serving.entry import HARMLESS, NoticeKind, SkipReason
from afterword_serving.journals.readers import READERS
from afterword_serving.tally import Places, Tally

_SHOWN = 5

WHY: dict[SkipReason, str] = {
    "empty": "with no words in them",
    "media_only": "with pictures, sound or files only",
    "trashed": "from the app's waste bin",
    "template": "that are templates or drawings",
    "encrypted": "locked with a password: unlock or export again without one",
    "bad_json": "that are broken JSON",
    "bad_row": "whose row is broken",
    "no_text_column": "without a text column",
    "ambiguous_text_column": "with more than one text column",
    "no_id_column": "without the column named with --id-column",
    "no_date_column": "without the column named with --date-column",
    "no_group_column": "without the column named with --group-column",
    "unknown_format": "of a format not read here (`afterword formats` lists those that are)",
    "unreadable": "that could not be read",
    "unsafe_zip": "left closed because the zip looks unsafe",
    "too_large": "too large to be one entry",
    "not_classified": "that the model failed on",
}
"""What to say after the number of things left out."""
_NOTICE: dict[NoticeKind, str] = {
    "encoding_guessed": "was not UTF-8 and was read as Windows-1252: look whether accents are right",
    "bad_date": "had a date that could not be read; the entry was kept without one (write days as 2026-04-02)",
    "ambiguous_date": "has a date in its name that could be two days; the entry was kept without one",
    "bad_time_zone": "names a time zone that is not known; UTC was taken",
    "bad_front_matter": "has front matter that is not YAML; the text below it was kept",
}
_APPS = {reader.name: reader.app for reader in READERS}


def summarize(tally: Tally) -> str:
    """Return the summary, a few lines without a final line break."""
    return "\n".join([*_read(tally), *_answers(tally), *_skipped(tally), *_noticed(tally)])


def _read(tally: Tally) -> Iterator[str]:
    formats = ", ".join(f"{count} {_APPS.get(name, name)}" for name, count in tally.formats.most_common())
    yield f"Read {_entries(tally.entries)}" + (f" ({formats})." if formats else ".")


def _answers(tally: Tally) -> Iterator[str]:
    answers, total = tally.answers, tally.answers.total
    if not total:
        return
    units = "" if answers.by == "entry" else f" {answers.by}{'s' * (total != 1)}"
    if units:
        yield f"Labelled {total}{units}:"
    for label, count in answers.labels.items():
        yield f"  {label:<10} {count:>7}  {count / total:>4.0%}"
    doubtful = total - answers.sure
    yield f"Sure of {answers.sure} of {total}{units} ({answers.sure / total:.0%})." + (
        " The others could be read either way; your own reading counts." if doubtful else ""
    )


def _skipped(tally: Tally) -> Iterator[str]:
    for reason, places in sorted(tally.skipped.items(), key=lambda pair: pair[0] not in HARMLESS):
        yield f"Left out {places.count} {WHY[reason]}:"
        yield from _places(places)


def _noticed(tally: Tally) -> Iterator[str]:
    for kind, places in tally.notices.items():
        yield f"Please note: {places.count} {_NOTICE[kind]}:"
        yield from _places(places)


def _places(places: Places) -> Iterator[str]:
    yield from (f"  {where}" for where in places.where[:_SHOWN])
    if places.count > _SHOWN:
        yield f"  and {places.count - _SHOWN} more"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
