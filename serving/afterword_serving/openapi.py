"""The service described as OpenAPI: what FastAPI cannot know of requests read by hand, keys and problems."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from afterword_serving.limits import FILE_TYPE
from afterword_serving.problems import MEDIA_TYPE, Kind, Problem
from afterword_serving.schemas import PREDICT_REQUEST
from afterword_serving.settings import Settings

DESCRIPTION: Final = """\
Labels a clinician's note about their own work `reflection`, `rumination` or `neither`: does the thought produce a
learnable next step, or not? It says what words do, never what a person is; English only; not for diagnosis and not for
watching staff. Nothing that is sent is stored, logged or repeated."""

_REFS: Final = "#/components/schemas/{model}"
_REQUEST: Final = "PredictRequest"

PREDICT_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": _REFS.format(model=_REQUEST)}}},
    }
}
"""What to add to the operation that reads its notes by hand."""

REPORT_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A file as an app exports it, such as a zip.",
        "content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary", "minLength": 1}}},
    },
    "parameters": [
        {
            "name": "Content-Disposition",
            "in": "header",
            "description": "The file's name, which tells some formats: `attachment; filename*=UTF-8''journal.zip`.",
            "schema": {"type": "string"},
        }
    ],
}
"""What to add to the operation that reads a file."""


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Return `responses` for a route that may end in these kinds of problem."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(kind.title)
    return {status: {"description": "; or: ".join(words), "model": Problem} for status, words in titles.items()}


def describe(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI document of `app` under `settings`."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        license_info=app.license_info,
    )
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    for answer, status in [(answer, status) for each in operations for status, answer in each["responses"].items()]:
        if int(status) >= 400:
            [form] = answer["content"].values()
            answer["content"] = {MEDIA_TYPE: form}
    schema = PREDICT_REQUEST.json_schema(ref_template=_REFS)
    document["components"]["schemas"] |= _limited(schema.pop("$defs"), settings) | {_REQUEST: schema}
    if settings.api_keys:
        document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for operation in (each for each in operations if "401" in each["responses"]):
            operation["security"] = [{"key": []}]
    return document


def _limited(schemas: dict[str, Any], settings: Settings) -> dict[str, Any]:
    for name in ("OneNote", "Note"):
        schemas[name]["properties"]["text"]["maxLength"] = settings.max_characters
    schemas["ManyNotes"]["properties"]["notes"]["maxItems"] = settings.max_notes
    return schemas
