"""What goes over HTTP, in and out."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Discriminator, FailFast, Field, Tag, TypeAdapter

from afterword_model import Label, Marker, Prediction
from afterword_model.manifest import BaseEncoder, Figure, Manifest
from afterword_model.prediction import Caution
from afterword_serving import units

_NO_NUL = "^[^\\u0000]*$"

_STEP = "I talked over her silence today. On Thursday I will count to ten before I say anything."
_LOOP = "Why did I say that to him? I keep going back to it. A good therapist would have known."

Text = Annotated[str, Field(pattern=_NO_NUL, description="The note, as plain text or Markdown.", repr=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Note(_Strict):
    """A note with the id its prediction is to carry."""

    id: Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_NUL, repr=False)]
    text: Text


By = Annotated[
    units.By,
    Field(description="What gets a prediction of its own: the note as it is, or each of its passages or sentences."),
]


class OneNote(_Strict):
    """A single note; its prediction has no id."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": _STEP}]})

    text: Text
    by: By = "entry"


class ManyNotes(_Strict):
    """Several notes; predictions come back in their order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"notes": [{"id": "a", "text": _STEP}, {"id": "b", "text": _LOOP}]}]}
    )

    notes: Annotated[list[Note], Field(min_length=1), FailFast()]  # of a million bad notes the first is told
    by: By = "entry"


def _form(value: object) -> str | None:
    keys = value.keys() & {"text", "notes"} if isinstance(value, dict) else set()
    return keys.pop() if len(keys) == 1 else None


PredictRequest = Annotated[
    Annotated[OneNote, Tag("text")] | Annotated[ManyNotes, Tag("notes")],
    Discriminator(_form, custom_error_type="one_form", custom_error_message="either text or notes"),
]
PREDICT_REQUEST: TypeAdapter[OneNote | ManyNotes] = TypeAdapter(PredictRequest)


class Span(BaseModel):
    """Characters `start` to `end` (exclusive) of the text as it was sent, and what they do.

    Counted in Unicode code points, as Python does; JavaScript and Java count UTF-16 units, where an emoji is two.
    """

    kind: Marker
    start: int
    end: int


class NotePrediction(BaseModel):
    """The answer for one note. Says what words do, never what a person is."""

    id: str | None = Field(description="The note's id; null for a note sent as `text`.")
    label: Label
    probabilities: dict[Label, float] = Field(
        description="Calibrated; they sum to 1, and the label is the most probable. A note without words is `neither` "
        "with 1."
    )
    lean: float = Field(description="P(reflection) / (P(reflection) + P(rumination)); 0.5 where both are 0.")
    sure: bool = Field(
        description="Whether the label's probability reaches the model's threshold and there are no `warnings`."
    )
    evidence: list[Span] = Field(description="In reading order; spans may overlap.")
    warnings: list[Caution] = Field(
        description="`empty`: no words to read. `not_english`, `few_words` (fewer than five) and `unfamiliar` (words "
        "unlike those the model learned from): read all the same. None of the four is ever sure."
    )

    @classmethod
    def of(cls, note_id: str | None, prediction: Prediction, **place: int) -> Self:
        """Return what goes over the wire for `prediction`; `place` is the start and end of a part."""
        return cls(
            id=note_id,
            label=prediction.label,
            probabilities=prediction.probabilities,
            lean=prediction.lean,
            sure=prediction.sure,
            evidence=[Span(kind=span.kind, start=span.start, end=span.end) for span in prediction.evidence],
            warnings=list(prediction.warnings),
            **place,
        )


class PartPrediction(NotePrediction):
    """The answer for a passage or sentence, read by itself; `id` is the note's, and evidence counts from `start`."""

    start: int = Field(description="Where the part begins in the note's text, in code points.")
    end: int = Field(description="Where it ends, exclusive.")


class ModelName(BaseModel):
    """The model that answered."""

    name: str
    version: str


_ANSWER: dict[str, Any] = {
    "model": {"name": "afterword", "version": "1"},
    "predictions": [
        {
            "id": "a",
            "label": "reflection",
            "probabilities": {"reflection": 0.94, "rumination": 0.04, "neither": 0.02},
            "lean": 0.96,
            "sure": True,
            "evidence": [{"kind": "next_step", "start": 33, "end": 86}],
            "warnings": [],
        }
    ],
}


class PredictResponse(BaseModel):
    """One prediction a note, in the order of the notes; with `by`, one a passage or sentence, in reading order."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    model: ModelName
    predictions: list[PartPrediction | NotePrediction]


class ModelCard(BaseModel):
    """The public part of the model's manifest."""

    name: str
    version: str
    created: datetime
    labels: tuple[Label, ...]
    threshold: float = Field(description="Probability from which a prediction is sure.")
    base_encoder: BaseEncoder | None = Field(description="The published encoder it was fine-tuned from, if any.")
    corpus_sha256: str
    model_sha256: str
    metrics: dict[str, Figure] = Field(description="Measured on authors kept out of training; 95 % intervals.")

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """Return what may be told of `manifest`: all but library versions and sizes."""
        return cls(**manifest.model_dump(include=set(cls.model_fields)))


class Health(BaseModel):
    """The service answers."""

    status: str = Field(examples=["live"])
