"""From the names that a team gives its labels to ours; letter case, `_`, `-` and outer space do not count."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS, Label

SKIP = "skip"
"""What a name maps to when answers with it are to be set aside, such as a choice "not sure"."""
_JOINTS = re.compile(r"[\s_-]+")
_ALSO = {"reflective": Label.REFLECTION, "ruminative": Label.RUMINATION}

LabelMap = Mapping[str, Label | None]
"""Folded name to label; None for those to be set aside."""


def fold(name: str) -> str:
    """Return the form of a label's name in which names are compared."""
    return _JOINTS.sub(" ", unicodedata.normalize("NFC", name.strip()).casefold())


OWN: LabelMap = MappingProxyType({str(label): label for label in LABELS} | _ALSO)
"""The names that need no map."""


def label_map(names: Mapping[str, str], settings: Iterable[str] = ()) -> LabelMap:
    """Return the names that need no map and those mapped by the team; `settings`, such as `Grübeln=rumination`, win.

    Raises:
        ConfigError: a setting has no `=`, or a name is mapped to something that is neither a label nor `skip`.
    """
    given = dict(names)
    for setting in settings:
        name, equals, value = setting.rpartition("=")
        if not (equals and name.strip()):
            raise ConfigError(
                f'{setting} maps no label. Write the name and what it means, such as "Grübeln=rumination".'
            )
        given[name] = value
    return MappingProxyType({**OWN, **{fold(name): _target(name, value) for name, value in given.items()}})


def _target(name: str, value: str) -> Label | None:
    wanted = fold(value)
    if wanted == SKIP:
        return None
    if wanted in LABELS:
        return Label(wanted)
    raise ConfigError(f"{name} is mapped to {value}, which is no label. Map it to {', '.join(LABELS)} or {SKIP}.")
