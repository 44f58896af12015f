"""POST /report: a journal file in, the page of `afterword classify --report` out."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Final, TypeVar, cast

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator
from starlette.responses import HTMLResponse

from afterword_model import Prediction
from afterword_serving.batching import QueueFull
from afterword_serving.entry import Entry
from afterword_serving.journals import ReadOptions
from afterword_serving.journals.dates import known_zone
from afterword_serving.journals.reader import Split
from afterword_serving.journals.readers import forget_names
from afterword_serving.limits import read_file
from afterword_serving.openapi import REPORT_BODY, problems
from afterword_serving.problems import Kind, ProblemError, busy
from afterword_serving.report import Options
from afterword_serving.report.page import policy
from afterword_serving.routes import CLOSED_PROBLEMS, Service
from afterword_serving.settings import Settings
from afterword_serving.uploads import Upload

Result = TypeVar("Result")

_PATIENCE: Final = 0.1
"""Seconds until a full queue is asked again."""
_READING: Final = (
    Kind.BAD_REQUEST,
    Kind.TOO_SLOW,
    Kind.TOO_LARGE,
    Kind.WRONG_MEDIA_TYPE,
    Kind.INVALID,
    Kind.NOTHING_READ,
    Kind.BUSY,
)


def report_router(settings: Settings) -> APIRouter:
    """Return the route; it makes as many reports at once as the settings say, each in a thread of its own."""
    router = APIRouter()
    threads = ThreadPoolExecutor(settings.reports_at_once, thread_name_prefix="afterword-report")
    free = asyncio.Semaphore(settings.reports_at_once)

    @router.post(
        "/report",
        responses=problems(*_READING, *CLOSED_PROBLEMS) | {200: {"description": "The report, one page."}},
        openapi_extra=REPORT_BODY,
        tags=["notes"],
        response_class=HTMLResponse,
    )
    async def report(
        request: Request,
        include_text: Annotated[bool, Query(description="Whether the page quotes titles and texts.")] = False,
        prompts: Annotated[bool, Query(description="Whether the page offers a question, once.")] = True,
        split: Annotated[Split, Query(description="Where a text file is cut into entries.")] = "whole",
        timezone: Annotated[
            str | None,
            AfterValidator(lambda zone: zone and known_zone(zone)),
            Query(description="IANA name of the zone for times that a journal tells without theirs, as Europe/London."),
        ] = None,
    ) -> HTMLResponse:
        """Read a journal export and answer with the page of `afterword classify --report`.

        The file is the body as it is: no form, no JSON. It is read in memory and dropped, and so is the page.
        """
        if free.locked():
            raise busy()
        options = Options(include_text=include_text, prompts=prompts, served=True)
        async with free:
            page = await _Making(request, settings, threads).page(
                ReadOptions(split=split, timezone=timezone or None), options
            )
        return HTMLResponse(page, headers={"content-security-policy": f"{policy()}; frame-ancestors 'none'"})

    return router


class _Making:
    """One report on its way: parts of the work go to a thread, the notes to one model, in the service's queue."""

    def __init__(self, request: Request, settings: Settings, threads: ThreadPoolExecutor) -> None:
        self._request, self._settings, self._threads = request, settings, threads
        self._service = cast(Service, request.app.state.service)
        self._model = self._service.champion.model
        self._first, self._behind = True, False
        """Whether the model has answered none of it yet; whether it waits for that, or behind the notes of others."""

    async def page(self, reading: ReadOptions, options: Options) -> str:
        """Return the page.

        Raises:
            ProblemError: the file cannot be read within the limits, the model was busy all the time, or the client
                went away.
        """
        upload = Upload(await read_file(self._request, self._settings), reading, options, self._settings)
        try:
            async with asyncio.timeout(self._settings.report_seconds):
                entries = await self._aside(upload.read)
                while entries:
                    predictions = await self._predict(entries)
                    entries = await self._aside(upload.count, entries, predictions)
                return await self._aside(upload.page, self._model.manifest)
        except TimeoutError:
            if self._behind:
                raise busy() from None
            raise ProblemError(
                Kind.TOO_LARGE,
                f"It could not be read within {self._settings.report_seconds:g} seconds; send fewer entries, "
                "or read it with `afterword classify --report`.",
            ) from None
        finally:
            upload.stop()
            forget_names()

    async def _predict(self, entries: Sequence[Entry]) -> list[Prediction | None]:
        """Return the predictions once there is room for them; notes of others come in between."""
        while True:
            if await self._request.is_disconnected():
                raise ProblemError(Kind.BAD_REQUEST, "The connection was closed before the report was made.")
            self._behind = self._first or self._service.batcher.waiting > 0
            try:
                found = await self._service.batcher.predict_each([entry.text for entry in entries], self._model.predict)
            except QueueFull:
                if not self._service.batcher.running:
                    raise busy() from None
                await asyncio.sleep(_PATIENCE)
            else:
                self._first = self._behind = False
                self._service.metrics.count_predictions(each for each in found if each is not None)
                return found

    async def _aside(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
