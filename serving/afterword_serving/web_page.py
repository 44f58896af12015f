"""The page at /: a note is typed or pasted, and what POST /predict says of it is shown beside its words."""

from importlib import resources
from typing import Final

from fastapi import APIRouter
from jinja2 import Environment, StrictUndefined
from starlette.responses import HTMLResponse, Response

from afterword_model.labels import LABELS, MARKERS
from afterword_model.manifest import Manifest
from afterword_serving.report import words
from afterword_serving.security import CLOSED_POLICY
from afterword_serving.settings import Settings

PAGE_POLICY: Final = (
    f"{CLOSED_POLICY}; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The page's own script and style, requests to its own service, and no way from text to markup."""

_FOLDER: Final = resources.files("afterword_serving") / "templates"


def page_router(settings: Settings, manifest: Manifest) -> APIRouter:
    """Return the routes of the page and of its two files; each is the same for everyone."""
    router = APIRouter()
    page = HTMLResponse(_render(settings, manifest), headers={"content-security-policy": PAGE_POLICY})
    style = Response(_read("page.css"), media_type="text/css")
    script = Response(_read("page.js"), media_type="text/javascript")

    @router.get("/", include_in_schema=False)
    async def index() -> Response:
        return page

    @router.get("/page.css", include_in_schema=False)
    async def page_style() -> Response:
        return style

    @router.get("/page.js", include_in_schema=False)
    async def page_script() -> Response:
        return script

    return router


def _render(settings: Settings, manifest: Manifest) -> str:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(_read("page.html")).render(
        labels=LABELS,
        markers=MARKERS,
        model=manifest,
        settings=settings,
        words=words,
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
