"""From labelled files to notes that are ready for training, with word of everything that is not among them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from afterword_model.errors import ConfigError, InputError
from afterword_model.labels import LABELS
from afterword_training.labelled.agreement import Agreement, agreement
from afterword_training.labelled.answer import Answer, LabelledNote, SetAside, Vote
from afterword_training.labelled.fields import LABEL_FIELDS, TEXT_FIELDS, find_field
from afterword_training.labelled.files import LabelledFile, open_files, told_apart
from afterword_training.labelled.gather import gather
from afterword_training.labelled.label_map import SKIP, fold
from afterword_training.labelled.majority import decide
from afterword_training.labelled.named import check_named
from afterword_training.labelled.options import Format, LabelOptions
from afterword_training.labelled.sheet import Sheet, read_sheet
from afterword_training.labelled.tools import TOOLS

_MOST_SHOWN = 12
_LABEL_LIKE = re.compile(r"[\w-]{1,24}(?: [\w-]{1,24})?")


@dataclass(frozen=True)
class Labelled:
    """What labelled files hold. Every row is behind a vote or set aside, and every vote behind a note or set aside."""

    notes: tuple[LabelledNote, ...]
    set_aside: tuple[SetAside, ...]
    agreement: Agreement | None
    """None where no note has two annotators."""
    votes: tuple[Vote, ...] = ()
    """Every annotator's label, those of divided notes too."""
    notices: tuple[str, ...] = ()
    """What was assumed about a file, one sentence each."""
    formats: tuple[tuple[str, str], ...] = ()
    """Each file's name and format."""


def read_labelled(files: Sequence[Path], options: LabelOptions | None = None) -> Labelled:
    """Return what annotators agreed on in files as labelling tools export them; a folder or zip stands for its files.

    Raises:
        InputError: a file cannot be read, is no labelled file, or bears labels of unknown names, which are listed.
        ConfigError: it cannot be told which field holds the text or the label, or what was named is in no file.
    """
    options = options or LabelOptions()
    sheets, set_aside, formats = _sheets(files, options)
    answers: list[Answer] = []
    for sheet, name in zip(sheets, formats, strict=True):
        set_aside += sheet.set_aside
        read = list(TOOLS[name].read(sheet, options))
        answers += [item for item in read if isinstance(item, Answer)]
        set_aside += [item for item in read if isinstance(item, SetAside)]
    check_named(sheets, answers, options)
    _check_names(answers, options)
    votes, unused = gather(answers, options)
    decided = [decide(each) for each in votes]
    set_aside += unused + [item for item in decided if isinstance(item, SetAside)]
    return Labelled(
        notes=tuple(item for item in decided if isinstance(item, LabelledNote)),
        set_aside=tuple(set_aside),
        agreement=agreement([vote for vote in each if vote.annotator != options.adjudicator] for each in votes),
        votes=tuple(vote for each in votes for vote in each),
        notices=(*_assumed(sheets, formats), *_without_group(answers, options)),
        formats=tuple((sheet.file.name, name) for sheet, name in zip(sheets, formats, strict=True)),
    )


def _sheets(files: Sequence[Path], options: LabelOptions) -> tuple[list[Sheet], list[SetAside], list[Format]]:
    """Return the files' rows, what is no labelled file within a folder or zip, and the format of each file."""
    sheets: list[Sheet] = []
    set_aside: list[SetAside] = []
    formats: list[Format] = []
    for item in open_files(files):
        if isinstance(item, SetAside):
            set_aside.append(item)
            continue
        try:
            sheet, name = _sheet(item, options)
        except InputError as err:
            if item.given:
                raise
            set_aside.append(SetAside.of_file(item.name, err))
        else:
            sheets.append(sheet)
            formats.append(name)
    if not sheets:
        why = "".join(f" {item}" for item in set_aside[:1])
        raise InputError(f"There is no labelled file in {', '.join(path.name for path in files)}.{why}")
    apart = told_apart([sheet.file for sheet in sheets])
    return [replace(sheet, file=file) for sheet, file in zip(sheets, apart, strict=True)], set_aside, formats


def _sheet(file: LabelledFile, options: LabelOptions) -> tuple[Sheet, Format]:
    sheet = read_sheet(file, lines=options.format == "fasttext")
    name = options.format or next((name for name in TOOLS if TOOLS[name].matches(sheet)), None)
    if name == "table" and not (file.given or _has(sheet, options.text_field, TEXT_FIELDS)):
        name = None
    if name is None or not sheet.rows:
        what = "holds no row that can be read" if not sheet.rows else "is in none of the formats that can be read"
        raise InputError(f"{file.name} {what}. Known are {', '.join(TOOLS)}; --from says which it is.")
    if name == "table" and not (file.given or _has(sheet, options.label_field, LABEL_FIELDS)):
        raise InputError(f"{file.name} has no field named {options.label_field or ', '.join(LABEL_FIELDS)}.")
    return sheet, name


def _has(sheet: Sheet, asked: str | None, usual: Sequence[str]) -> bool:
    return find_field(sheet.columns, [asked] if asked else usual) is not None


def _check_names(answers: Iterable[Answer], options: LabelOptions) -> None:
    """Return when every label's name is known.

    Raises:
        InputError: some are not. A name is repeated only where it looks like one: the wrong field may have been read.
    """
    unknown: dict[str, list[tuple[str, Answer]]] = {}
    for answer in answers:
        for name in answer.names:
            if not options.knows(name):
                unknown.setdefault(fold(name), []).append((name, answer))
    if not unknown:
        return
    first = next(iter(unknown.values()))[0][1].where
    if len(unknown) > _MOST_SHOWN or not all(_looks_like_a_label(given) for given in unknown.values()):
        raise InputError(
            f"{len(unknown)} unknown labels were found, the first in {first}, and not all look like labels. "
            "Is it the right field? --label-field says which holds the label; --label NAME=LABEL maps a name."
        )
    names = ", ".join(f"{given[0][0]} ({len(given)} times)" for given in unknown.values())
    raise InputError(
        f"Unknown labels: {names}; the first in {first}. Map each to one of ours ({', '.join(LABELS)}) or to {SKIP}, "
        f'as in --label "{next(iter(unknown.values()))[0][0]}={LABELS[0]}".'
    )


def _looks_like_a_label(given: Sequence[tuple[str, Answer]]) -> bool:
    """Return whether a name is short, no answer's text, and of one word where only one answer bears it."""
    name = given[0][0]
    often = len(given) > 1 or " " not in name
    return often and bool(_LABEL_LIKE.fullmatch(name)) and all(fold(each.text) != fold(name) for _, each in given)


def _assumed(sheets: Sequence[Sheet], formats: Sequence[Format]) -> Iterator[str]:
    for sheet, name in zip(sheets, formats, strict=True):
        if sheet.guessed_encoding:
            yield f"{sheet.file.name} is not UTF-8 and was read as Windows-1252."
        if name == "doccano":
            yield (
                f"{sheet.file.name}: doccano does not tell which labels a person confirmed. "
                "If a model labelled some, export only the approved documents."
            )


def _without_group(answers: Sequence[Answer], options: LabelOptions) -> Iterator[str]:
    without = sum(answer.group is None for answer in answers)
    if not (options.group_field and without):
        return
    if without == len(answers):
        raise ConfigError(f"No row has a field named {options.group_field}. Check the name given with --group-field.")
    yield f"{without} answers have no {options.group_field}; each of their notes is a group by itself."
