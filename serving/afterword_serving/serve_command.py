"""`afterword serve`: the service on this machine."""

import os
import socket
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from afterword_model.errors import ConfigError
from afterword_serving.app import create_app
from afterword_serving.champion import Model, load_model
from afterword_serving.connections import StoppingProtocol
from afterword_serving.logs import log_config
from afterword_serving.metrics import MULTIPROCESS_FOLDER
from afterword_serving.security import check_exposure, new_key
from afterword_serving.settings import PREFIX, Settings


def _print_key(context: click.Context, _: click.Parameter, name: str | None) -> None:
    if name is None or context.resilient_parsing:
        return
    key, entry = new_key(name)
    click.echo(f"Key, for its holder alone; it is not shown again:\n{key}\nEntry for AFTERWORD_API_KEYS:\n{entry}")
    context.exit()


def _setting(name: str, flag: str, **options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: ANN401
    field = Settings.model_fields[name]
    words = f"{field.description}  [default: {field.default}; {PREFIX}{name.upper()}]"
    return click.option(flag, name, default=None, help=words, **options)


@click.command()
@_setting("host", "--host")
@_setting("port", "--port", type=int)
@_setting("model", "--model", type=click.Path(path_type=Path))
@_setting("registry", "--registry", type=click.Path(path_type=Path))
@_setting("workers", "--workers", type=int)
@_setting("page", "--page/--no-page")
@_setting("docs", "--docs/--no-docs")
@_setting("log_level", "--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@click.option(
    "--new-key",
    metavar="NAME",
    callback=_print_key,
    is_eager=True,
    expose_value=False,
    help="Make an API key and stop.",
)
def serve(**flags: Any) -> None:  # noqa: ANN401
    """Answer notes over HTTP, on this machine alone unless API keys are set.

    \b
    afterword serve
    curl -s http://127.0.0.1:8000/predict -H 'Content-Type: application/json' \\
        -d '{"text": "On Thursday I will wait before I speak."}'

    Environment variables set these and more (serving/README.md lists them); flags win. Stops on Ctrl+C or SIGTERM once
    what it had accepted is answered.
    """  # noqa: D301
    settings = Settings.read(**flags)
    check_exposure(settings.host, settings.api_keys)
    model = load_model(settings)
    listening = _listen(settings.host, settings.port)
    with listening:
        _announce(listening, model, settings)
        app = create_app(model, settings) if settings.workers == 1 else None
        del model  # from now on the service alone keeps it, for as long as it is the champion
        if app is not None:
            _run_one(listening, app, settings)
        else:
            _run_many(listening, settings, flags)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise ConfigError(f"Cannot listen on {host}, port {port}: {reason}. Choose another with --port.") from err
    # Connections inherit it. asyncio sets it only where it made the socket itself, and without it head and body of each
    # answer go in two packets, the second of which waits some forty milliseconds for the first to be acknowledged.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _announce(listening: socket.socket, model: Model, settings: Settings) -> None:
    host, port = listening.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    keys = f"API keys: {len(settings.api_keys)}" if settings.api_keys else "no API key needed on this machine"
    click.echo(f"Afterword listens on {url} ({model}; {keys}). Ctrl+C stops it.", err=True)
    if settings.page:
        click.echo(f"The page for notes and journals: {url}/", err=True)
    if settings.docs:
        click.echo(f"How to ask it: {url}/docs", err=True)


def _run_one(listening: socket.socket, app: FastAPI, settings: Settings) -> None:
    server = uvicorn.Server(_server_config(app, settings))
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # raised again by the server once it has stopped in good order
        return
    if not server.started:
        raise ConfigError("The service could not start; the lines above say where.")


def _run_many(listening: socket.socket, settings: Settings, flags: dict[str, Any]) -> None:
    """Run several processes; they read their settings from the environment, so flags go there."""
    os.environ |= {f"{PREFIX}{name.upper()}": str(value) for name, value in flags.items() if value is not None}
    config = _server_config("afterword_serving.app:from_environment", settings)
    with tempfile.TemporaryDirectory(prefix="afterword-metrics-") as folder:
        os.environ[MULTIPROCESS_FOLDER] = folder
        Multiprocess(config, sockets=[listening]).run()


def _server_config(app: Any, settings: Settings) -> uvicorn.Config:  # noqa: ANN401
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        log_config=log_config(settings.log_level),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=partial(StoppingProtocol, head_seconds=settings.body_seconds),  # type: ignore[arg-type]  # called like it
        ws="none",
        timeout_worker_healthcheck=30,
        lifespan="on",
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
