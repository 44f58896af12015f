"""The paths of the service."""

from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from afterword_model.manifest import Manifest
from afterword_serving.batching import Batcher, PredictionFailed, QueueFull
from afterword_serving.limits import read_notes
from afterword_serving.metrics import Metrics
from afterword_serving.openapi import PREDICT_BODY, problems
from afterword_serving.problems import FieldProblem, Kind, ProblemError
from afterword_serving.schemas import (
    Health,
    ManyNotes,
    ModelCard,
    ModelName,
    NotePrediction,
    OneNote,
    PredictResponse,
)
from afterword_serving.settings import Settings

router = APIRouter()

_ANY = (Kind.FAILED, Kind.WRONG_HOST)
_CLOSED = (Kind.NO_KEY, Kind.TOO_OFTEN, *_ANY)
_READING = (
    Kind.BAD_JSON,
    Kind.BAD_REQUEST,
    Kind.TOO_SLOW,
    Kind.TOO_LARGE,
    Kind.WRONG_MEDIA_TYPE,
    Kind.INVALID,
    Kind.BUSY,
)


@dataclass(frozen=True)
class Service:
    """What the routes of one app share."""

    settings: Settings
    manifest: Manifest
    metrics: Metrics
    batcher: Batcher


@router.post("/predict", responses=problems(*_READING, *_CLOSED), openapi_extra=PREDICT_BODY, tags=["notes"])
async def predict(request: Request) -> PredictResponse:
    """Label one note or several; one prediction a note, in order."""
    service = _service(request)
    asked = await read_notes(request, service.settings)
    notes: list[tuple[str | None, str]] = (
        [(note.id, note.text) for note in asked.notes] if isinstance(asked, ManyNotes) else [(None, asked.text)]
    )
    try:
        predictions = await service.batcher.predict([text for _, text in notes])
    except QueueFull:
        raise ProblemError(Kind.BUSY, "Try again in 1 second.", headers={"Retry-After": "1"}) from None
    except PredictionFailed as err:
        raise _failed(asked, err) from None
    service.metrics.count_predictions(predictions)
    return PredictResponse(
        model=ModelName(name=service.manifest.name, version=service.manifest.version),
        predictions=[NotePrediction.of(note_id, each) for (note_id, _), each in zip(notes, predictions, strict=True)],
    )


@router.get("/model", responses=problems(*_CLOSED), tags=["model"])
async def model(request: Request) -> ModelCard:
    """Tell what the model is and how good it measured."""
    return ModelCard.of(_service(request).manifest)


@router.get(
    "/metrics",
    responses=problems(*_CLOSED) | {200: {"content": {"text/plain": {}}}},
    tags=["running"],
    response_class=Response,
)
async def metrics(request: Request) -> Response:
    """Count requests, times, batch sizes, labels and the unsure, for Prometheus."""
    return Response(_service(request).metrics.render(), media_type=CONTENT_TYPE_LATEST)


@router.get("/health/live", responses=problems(*_ANY), tags=["running"])
async def live() -> Health:
    """Tell that the process answers."""
    return Health(status="live")


@router.get("/health/ready", responses=problems(Kind.NOT_READY, *_ANY), tags=["running"])
async def ready(request: Request) -> Health:
    """Tell whether notes are taken; a load balancer asks this."""
    if not _service(request).batcher.running:
        raise ProblemError(Kind.NOT_READY, "Try again in 1 second.", headers={"Retry-After": "1"})
    return Health(status="ready")


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


def _failed(asked: OneNote | ManyNotes, failed: PredictionFailed) -> ProblemError:
    places = [f"notes[{place}].text" if isinstance(asked, ManyNotes) else "text" for place in failed.places]
    return ProblemError(
        Kind.FAILED,
        "Leave out what is listed under errors; the service's log says where the model failed.",
        errors=[FieldProblem(where=place, problem="could not be labelled") for place in places[:10]],
    )
