"""Evidence by rule: spaCy `SpanRuler` patterns, the yardstick of the learned marker head."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, cast

from sklearn.base import BaseEstimator
from spacy.language import Language
from spacy.pipeline.span_ruler import SpanRuler
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from afterword_model.labels import Marker
from afterword_model.prediction import Evidence
from afterword_model.segment import build_tokenizer, forgetting

PHRASES: dict[Marker, tuple[str, ...]] = {
    Marker.NEXT_STEP: (
        "next time|week|session|month|term|lesson|shift|visit i",
        "from now|today on|forward , i",
        "on|this|until|till|by monday|tuesday|wednesday|thursday|friday i",
        (
            "i 'll|will ask|try|tell|start|stop|bring|check|write|wait|say|"
            "practise|practice|book|ring|phone|raise|take|put|keep|leave|count|use"
        ),
        (
            "i 'm|am going to ask|try|tell|start|stop|bring|check|write|wait|say|"
            "practise|practice|book|ring|phone|raise|take|put|keep|leave"
        ),
        "i now|always|have|'ve started|decided|asked|begun|learned to",
        "i now ask|start|stop|check|write|wait|say|open|put|keep|leave",
    ),
    Marker.OVER_ANALYSIS: (
        "why did|do|could|ca|can|does i|n't",
        "i keep|kept going|replaying|hearing|thinking|seeing|wondering|asking|turning|coming",
        "ca|can|could n't|not stop|quit going|replaying|hearing|thinking|seeing|wondering|picturing",
        "over|round|again and over|round|again",
        "what if i",
    ),
    Marker.SHOULD_STANDARD: (
        "i should|must|ought",
        (
            "a|any good|decent|competent|real|proper|better|normal therapist|"
            "counsellor|counselor|nurse|clinician|doctor|teacher|psychologist|one"
        ),
        "i 'm|am supposed|meant to",
    ),
    Marker.SELF_VERDICT: (
        (
            "i 'm|am|was a|an|no|not|just|the|so fraud|failure|coward|impostor|"
            "imposter|disgrace|fake|idiot|good|cut|problem"
        ),
        "i 'm|am useless|hopeless|stupid|incompetent|pathetic|worthless|ridiculous|terrible|rubbish",
        "such a|an fraud|failure|coward|fool|idiot|disgrace",
        "wrong with me",
        "who|what kind|sort of",
    ),
    Marker.CONCEALMENT: (
        "i did|have|do|ca|wo n't|not tell|told|say|said|mention|mentioned|bring|brought|admit|write|put",
        "nobody|noone knows|knew|saw|noticed|needs",
        "no one knows|knew|saw|noticed|needs",
        "no - one knows|knew|saw|noticed|needs",
        "i said|told it|him|her|them was|i|it 's|fine|okay|ok|was",
        "left|kept|leave|keep it|that|this out of",
    ),
    Marker.PERMISSION_REFUSAL: (
        "i do|ca|have|did n't|not get|deserve|earned|allow|let|afford",
        "no right|business to",
        "not allowed|entitled to",
    ),
    Marker.SELF_COMPASSION: (
        "it|that 's|is human|enough",
        "i did what|my i|best could|.",
        "be|being kind|kinder|gentle|gentler to|with myself",
        "i 'm|am allowed|only",
    ),
}
"""Word patterns by marker, each followed by the rest of its clause; `|` parts alternatives for one token."""

_CLAUSE_ENDS = frozenset({".", ";", "!", "?", "\n", "\n\n", ":", "(", ")"})
_LONGEST_TAIL = 18


class RuleMarkers(BaseEstimator):  # type: ignore[misc]
    """Finds markers with `PHRASES`; keeps no state, so an artifact that holds it stays small."""

    def find(self, texts: Sequence[str], features: Any) -> list[list[Evidence]]:  # noqa: ANN401, ARG002
        """Return the spans that match, the longest of those that overlap, in reading order."""
        with forgetting(_build_ruler) as nlp:
            return [_evidence(doc) for doc in nlp.pipe(texts)]


def _evidence(doc: Doc) -> list[Evidence]:
    spans = filter_spans([_with_rest_of_clause(found) for found in doc.spans["ruler"]])
    return [Evidence(Marker(span.label_), span.start_char, span.end_char) for span in spans]


def _build_ruler() -> Language:
    nlp = build_tokenizer()
    ruler = nlp.add_pipe("span_ruler")
    cast(SpanRuler, ruler).add_patterns(
        [
            {"label": str(marker), "pattern": [{"LOWER": {"IN": word.split("|")}} for word in phrase.split()]}
            for marker, phrases in PHRASES.items()
            for phrase in phrases
        ]
    )
    return nlp


def _with_rest_of_clause(found: Span) -> Span:
    """Return the span up to the end of its clause; as part of a pattern, that would cost exponential time."""
    rest = found.doc[found.end : found.end + _LONGEST_TAIL]
    words = sum(1 for _ in takewhile(lambda token: token.lower_ not in _CLAUSE_ENDS, rest))
    return Span(found.doc, found.start, found.end + words, label=found.label_)
