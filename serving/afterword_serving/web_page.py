"""The page at /: what POST /predict says of a note is shown beside its words, and the report of a journal below."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib import resources
from typing import Final

from fastapi import APIRouter
from jinja2 import Environment, StrictUndefined
from starlette.responses import HTMLResponse, Response

from afterword_model.labels import LABELS, MARKERS
from afterword_serving.champion import Champion
from afterword_serving.report import words
from afterword_serving.report.page import style_hash
from afterword_serving.security import CLOSED_POLICY
from afterword_serving.settings import Settings

PAGE_POLICY: Final = (
    f"{CLOSED_POLICY}; script-src 'self'; style-src 'self' {style_hash()}; connect-src 'self'; frame-src blob:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The page's own script, its own style and a report's, requests to its own service, and no way from text to markup."""

FILES: Final = {
    "page.css": "text/css",
    **dict.fromkeys(("page.js", "sentences.js", "report.js"), "text/javascript"),
}
"""What the page asks for, with media types."""

_FOLDER: Final = resources.files("afterword_serving") / "templates"


def page_router(settings: Settings, champion: Champion) -> APIRouter:
    """Return the routes of the page and of its files; each is the same for everyone."""
    router = APIRouter()

    @lru_cache(maxsize=1)
    def page(model: str) -> Response:
        return HTMLResponse(_render(settings, model), headers={"content-security-policy": PAGE_POLICY})

    async def index() -> Response:
        return page(str(champion.model))

    page(str(champion.model))  # made before it is asked for
    router.add_api_route("/", index, include_in_schema=False)
    for name, kind in FILES.items():
        router.add_api_route(f"/{name}", _always(Response(_read(name), media_type=kind)), include_in_schema=False)
    return router


def _always(answer: Response) -> Callable[[], Awaitable[Response]]:
    async def give() -> Response:
        return answer

    return give


def _render(settings: Settings, model: str) -> str:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(_read("page.html")).render(
        labels=LABELS,
        apps=_apps() if settings.reports else [],
        largest=_size(settings.max_file_bytes),
        markers=MARKERS,
        model=model,
        settings=settings,
        words=words,
    )


def _apps() -> list[tuple[str, str]]:
    """Return what each app is called and where it exports."""
    from afterword_serving.journals import READERS  # slow to load

    return [(reader.app, reader.export) for reader in READERS if reader.name != "parquet"]


def _size(count: int) -> str:
    """Return a number of bytes in words, rounded down; in kB where that is less than one MB."""
    return (
        f"{count // 1_000_000:,}\N{NO-BREAK SPACE}MB" if count >= 1_000_000 else f"{count // 1_000}\N{NO-BREAK SPACE}kB"
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
