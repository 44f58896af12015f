"""The service as an ASGI application."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from afterword_model import Classifier
from afterword_serving.batching import Batcher
from afterword_serving.champion import Champion, Model, load_model
from afterword_serving.docs_page import docs_page
from afterword_serving.metrics import Metrics
from afterword_serving.middleware import Envelope, Gate, HeadAsGet
from afterword_serving.openapi import DESCRIPTION, describe
from afterword_serving.problems import install_handlers
from afterword_serving.routes import Service, router
from afterword_serving.security import check_exposure
from afterword_serving.settings import Settings
from afterword_serving.version import installed_version
from afterword_serving.web_page import page_router


def create_app(model: Classifier | Model, settings: Settings) -> FastAPI:
    """Return the service that answers with `model`; it takes notes once its lifespan has begun.

    With a registry in the settings, `model` is its champion as `load_model` gives it, until there is another.

    Raises:
        ConfigError: other machines could reach it without a key, or the classifier was never saved.
    """
    check_exposure(settings.host, settings.api_keys)
    metrics = Metrics()
    champion = Champion(model if isinstance(model, Model) else Model.of(model), settings, metrics)
    app = FastAPI(
        title="Afterword",
        version=installed_version(),
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0"},
        lifespan=_lifespan(champion),
        openapi_url=None,
        redirect_slashes=False,
        # Its records would hold paths, queries and the words of exceptions.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    batcher = _batcher(settings, metrics)
    cutter = ThreadPoolExecutor(1, thread_name_prefix="afterword-cut")
    app.state.service = Service(settings, champion, metrics, batcher, cutter)
    install_handlers(app)
    app.include_router(router)
    if settings.reports:
        from afterword_serving.report_routes import report_router  # all readers, slow to load

        app.include_router(report_router(settings))
    if settings.page:
        app.include_router(page_router(settings, champion))
    if settings.docs:
        _add_docs(app, settings)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Gate, keys=settings.api_keys, requests_per_minute=settings.requests_per_minute)
    app.add_middleware(Envelope, metrics=metrics)
    return app


def from_environment() -> FastAPI:
    """Return the service as the environment sets it; each process of a server calls this.

    Raises:
        ConfigError: a setting cannot be used.
        ArtifactError: the model cannot be used.
        RegistryError: the registry, or its champion, cannot be used.
    """
    settings = Settings.read()
    return create_app(load_model(settings), settings)


def _batcher(settings: Settings, metrics: Metrics) -> Batcher:
    batcher = Batcher(
        batch_notes=settings.batch_notes,
        wait_seconds=settings.batch_wait_ms / 1000,
        queue_notes=settings.queue_notes,
        queue_characters=settings.queue_characters,
        on_batch=lambda size, seconds: metrics.count_batch(size, seconds, waiting=batcher.waiting),
    )
    return batcher


def _lifespan(champion: Champion) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        champion.model.warm_up()
        async with app.state.service.batcher, champion.watched():
            yield

    return lifespan


def _add_docs(app: FastAPI, settings: Settings) -> None:
    document = describe(app, settings)
    page = docs_page(document)

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return JSONResponse(document)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return page
