"""Whether what users name is in their labelled files: fields, and the annotator whose answer settles a note."""

import re
from collections.abc import Iterator, Sequence

from afterword_model.errors import ConfigError
from afterword_training.labelled.answer import Answer
from afterword_training.labelled.fields import Fields, find_field, mapping_in
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.sheet import Sheet

_MOST_SHOWN = 10
_PERSON = re.compile(r"[\w.@+/-]{1,100}(?: [\w.@+/-]{1,100}){0,2}")


def check_named(sheets: Sequence[Sheet], answers: Sequence[Answer], options: LabelOptions) -> None:
    """Return when the id's and the annotator's field, and the adjudicator, are in one file at least where named.

    Raises:
        ConfigError: one is in none; of an adjudicator, the message names the annotators there are.
    """
    for option, name in (("--id-field", options.id_field), ("--annotator-field", options.annotator_field)):
        if name and not any(_has(row.values, name) for sheet in sheets for row in sheet.rows):
            raise ConfigError(f"No row has a field named {name}. Check the name given with {option}.")
    if options.adjudicator and answers and all(answer.annotator != options.adjudicator for answer in answers):
        raise ConfigError(
            f"No annotator is called {options.adjudicator}.{_listed(answers)} Check the name given with --adjudicator."
        )


def _has(values: Fields, name: str) -> bool:
    return any(find_field(place, [name]) is not None for place in (values, *_within(values)))


def _within(values: Fields) -> Iterator[Fields]:
    """Yield the mappings that a row's fields hold, alone or in lists, as tools keep metadata and annotations there."""
    for value in values.values():
        for each in value if isinstance(value, list) else [value]:
            yield mapping_in(each)


def _listed(answers: Sequence[Answer]) -> str:
    """Return who annotated, in a sentence; what does not look like a name, or is a text, may be the wrong field's."""
    texts = {answer.text for answer in answers}
    people = list(dict.fromkeys(answer.annotator for answer in answers))
    shown = [name for name in people if _PERSON.fullmatch(name) and name not in texts][:_MOST_SHOWN]
    if not shown:
        return ""
    more = f" and {len(people) - len(shown)} more" if len(people) > len(shown) else ""
    return f" There {'is' if len(people) == 1 else 'are'} {', '.join(shown)}{more}."
