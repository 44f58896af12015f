"""A plain endpoint as tutorials have it: FastAPI, a scikit-learn pipeline, no batches, no limits."""

import os
from typing import Any

import joblib
from fastapi import FastAPI
from pydantic import BaseModel

MODEL = "BENCH_HTTP_MODEL"
"""Variable that names the file of the pipeline."""


class Notes(BaseModel):
    """The texts of a request."""

    texts: list[str]


def create_app() -> FastAPI:
    """Return the endpoint; each request is one call of the pipeline in a thread of the pool."""
    app, pipeline = FastAPI(), joblib.load(os.environ[MODEL])

    @app.post("/predict")
    def predict(notes: Notes) -> list[dict[str, Any]]:
        rows = pipeline.predict_proba(notes.texts)
        return [dict(zip(pipeline.classes_, map(float, row), strict=True)) for row in rows]

    @app.get("/ready")
    def ready() -> bool:
        return True

    return app
