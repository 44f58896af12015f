"""Whether a text is English, asked of py3langid, which carries its model and never goes online."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_CODES = (
    "en af ar bg bn ca cs cy da de el es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kn ko lt lv mk ml mr ms "
    "mt ne nl no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh"
)
LANGUAGES = tuple(_CODES.split())
"""ISO 639-1 codes that compete with English; close pidgins and creoles are left out, so that they count as English."""

_LEAST_SHARE = 0.05
"""English has to fall below this share of the probability before a text counts as not English."""
_LEAST_LETTERS = 12
"""Letters from which on a text in Latin script is long enough to tell."""
_FOREIGN = re.compile("[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts in which English is not written; a few of them tell, where Latin ones prove nothing."""


def is_english(text: str) -> bool:
    """Return False only where the text is clearly in another language.

    A few Latin letters prove nothing, so a short text in them counts as English.
    """
    letters = sum(char.isalpha() for char in text)
    if letters and len(_FOREIGN.findall(text)) > letters / 2:
        return False
    if letters < _LEAST_LETTERS:
        return True
    return bool(dict(_identifier().rank(text[:5000]))["en"] >= _LEAST_SHARE)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
