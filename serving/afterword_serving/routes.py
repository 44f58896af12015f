"""The paths of the service."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from afterword_model import Prediction
from afterword_serving.batching import Batcher, PredictionFailed, QueueFull
from afterword_serving.champion import Champion
from afterword_serving.limits import read_notes
from afterword_serving.metrics import Metrics
from afterword_serving.note_units import NoteUnit, units_of
from afterword_serving.openapi import PREDICT_BODY, problems
from afterword_serving.problems import FieldProblem, Kind, ProblemError, busy
from afterword_serving.schemas import (
    Health,
    ManyNotes,
    ModelCard,
    ModelName,
    NotePrediction,
    OneNote,
    PartPrediction,
    PredictResponse,
)
from afterword_serving.settings import Settings

Result = TypeVar("Result")

router = APIRouter()

ANY_PROBLEMS = (Kind.FAILED, Kind.WRONG_HOST)
CLOSED_PROBLEMS = (Kind.NO_KEY, Kind.TOO_OFTEN, *ANY_PROBLEMS)
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
    champion: Champion
    metrics: Metrics
    batcher: Batcher
    cutter: Executor
    """Where notes are cut into parts, off the event loop."""


@router.post("/predict", responses=problems(*_READING, *CLOSED_PROBLEMS), openapi_extra=PREDICT_BODY, tags=["notes"])
async def predict(request: Request) -> PredictResponse:
    """Label one note or several, or each passage or sentence of them; predictions keep their order."""
    service = _service(request)
    asked = await read_notes(request, service.settings)
    units = await _units(asked, service)
    model = service.champion.model
    try:
        predictions = await _while_connected(
            request, service.batcher.predict([unit.text for unit in units], model.predict)
        )
    except QueueFull:
        raise busy() from None
    except PredictionFailed as err:
        raise _failed(asked, [units[place].note for place in err.places]) from None
    service.metrics.count_predictions(predictions)
    return PredictResponse(
        model=ModelName(name=model.manifest.name, version=model.manifest.version),
        predictions=[_answer(unit, each) for unit, each in zip(units, predictions, strict=True)],
    )


@router.get("/model", responses=problems(*CLOSED_PROBLEMS), tags=["model"])
async def model(request: Request) -> ModelCard:
    """Tell what the model is and how good it measured."""
    return ModelCard.of(_service(request).champion.model.manifest)


@router.get(
    "/metrics",
    responses=problems(*CLOSED_PROBLEMS) | {200: {"content": {"text/plain": {}}}},
    tags=["running"],
    response_class=Response,
)
async def metrics(request: Request) -> Response:
    """Count requests, times, batch sizes, labels and the unsure, for Prometheus."""
    return Response(_service(request).metrics.render(), media_type=CONTENT_TYPE_LATEST)


@router.get("/health/live", responses=problems(*ANY_PROBLEMS), tags=["running"])
async def live() -> Health:
    """Tell that the process answers."""
    return Health(status="live")


@router.get("/health/ready", responses=problems(Kind.NOT_READY, *ANY_PROBLEMS), tags=["running"])
async def ready(request: Request) -> Health:
    """Tell whether notes are taken; a load balancer asks this."""
    if not _service(request).batcher.running:
        raise ProblemError(Kind.NOT_READY, "Try again in 1 second.", headers={"Retry-After": "1"})
    return Health(status="ready")


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


async def _units(asked: OneNote | ManyNotes, service: Service) -> list[NoteUnit]:
    if asked.by == "entry":
        return units_of(asked)
    units = await asyncio.get_running_loop().run_in_executor(service.cutter, units_of, asked)
    most = service.settings.queue_notes
    if len(units) > most:
        wrong = FieldProblem(where="by", problem=f"makes more than {most} {asked.by}s of the notes")
        raise ProblemError(Kind.INVALID, "Send fewer or shorter notes.", errors=[wrong])
    return units


async def _while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what `work` gives; it is cancelled where the client goes away before that. The body must have been read.

    Raises:
        ProblemError: the client went away.
    """
    doing, gone = asyncio.create_task(work), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait([doing, gone], return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise ProblemError(Kind.BAD_REQUEST, "The connection was closed before the notes were labelled.")
    finally:
        doing.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _answer(unit: NoteUnit, prediction: Prediction) -> NotePrediction:
    kind = PartPrediction if unit.place else NotePrediction
    return kind.of(unit.id, prediction, **unit.place)


def _failed(asked: OneNote | ManyNotes, notes: Iterable[int]) -> ProblemError:
    places = [f"notes[{note}].text" if isinstance(asked, ManyNotes) else "text" for note in dict.fromkeys(notes)]
    return ProblemError(
        Kind.FAILED,
        "Leave out what is listed under errors; the service's log says where the model failed.",
        errors=[FieldProblem(where=place, problem="could not be labelled") for place in places[:10]],
    )
