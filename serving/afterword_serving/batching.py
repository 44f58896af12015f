"""Gathers the notes of concurrent requests into batches for the model, off the event loop."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from types import TracebackType
from typing import Self

from afterword_model import Prediction
from afterword_model.errors import places

Predict = Callable[[list[str]], Sequence[Prediction]]

_log = logging.getLogger(__name__)


class QueueFull(Exception):
    """The queue has no room for these notes now."""


class PredictionFailed(Exception):
    """The model failed on some of the notes; `places` are theirs. Holds nothing of what it was given."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(f"the model failed on {len(places)} notes")
        self.places = tuple(places)


@dataclass(frozen=True, eq=False)
class _Waiting:
    text: str = field(repr=False)
    model: Predict
    answer: asyncio.Future[Prediction | None] = field(repr=False)


@dataclass(frozen=True)
class _Failure:
    """Where and how the model failed, without the words it failed on: an exception's message may quote them."""

    kind: str
    place: str


class Batcher:
    """One worker thread that predicts in batches; an async context manager that ends when all accepted is answered.

    A model may only run in one thread at a time. No more than `queue_notes` wait, and no more than `queue_characters`
    of them unless one call alone brings more. `on_batch` is told the size of each batch and its seconds.
    """

    def __init__(
        self,
        *,
        batch_notes: int,
        wait_seconds: float,
        queue_notes: int,
        queue_characters: int,
        on_batch: Callable[[int, float], None] = lambda size, seconds: None,
    ) -> None:
        self._batch_notes = batch_notes
        self._wait_seconds = wait_seconds
        self._on_batch = on_batch
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(queue_notes)
        self._most_characters = queue_characters
        self._characters = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="afterword-predict")
        self._worker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._worker = asyncio.create_task(self._work(), name="afterword-batches")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        worker, self._worker = self._worker, None
        await self._queue.join()
        if worker is not None:
            worker.cancel()
            await asyncio.wait([worker])
        self._thread.shutdown()

    @property
    def running(self) -> bool:
        """Whether notes are taken and answered."""
        return self._worker is not None and not self._worker.done()

    @property
    def waiting(self) -> int:
        """How many notes wait for the model."""
        return self._queue.qsize()

    async def predict(self, texts: Sequence[str], model: Predict) -> list[Prediction]:
        """Return one prediction a text, in order, all by the same model.

        Raises:
            QueueFull: there is no room for all of them, or the service is stopping; none was taken.
            PredictionFailed: the model failed on some of them.
        """
        results = await self.predict_each(texts, model)
        failed = [place for place, result in enumerate(results) if result is None]
        if failed:
            raise PredictionFailed(failed)
        return [result for result in results if result is not None]

    async def predict_each(self, texts: Sequence[str], model: Predict) -> list[Prediction | None]:
        """Return one prediction a text, in order, all by the same model; None for a text that it failed on.

        Raises:
            QueueFull: there is no room for all of them, or the service is stopping; none was taken.
        """
        characters = sum(map(len, texts))
        if not self.running or not self._has_room(len(texts), characters):
            raise QueueFull
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[Prediction | None]] = [loop.create_future() for _ in texts]
        for text, answer in zip(texts, answers, strict=True):
            self._queue.put_nowait(_Waiting(text, model, answer))
        self._characters += characters
        return await asyncio.gather(*answers)

    def _has_room(self, notes: int, characters: int) -> bool:
        if self._queue.maxsize - self._queue.qsize() < notes:
            return False
        return self._queue.empty() or self._characters + characters <= self._most_characters

    async def _work(self) -> None:
        while True:
            await self._next_batch()

    async def _next_batch(self) -> None:
        """Answer a batch; with its end goes all that held the texts, while `_work` waits for more."""
        batch = await self._gather()
        wanted = [item for item in batch if not item.answer.done()]
        for model, items in groupby(wanted, key=attrgetter("model")):
            await self._answer(model, list(items))
        for _ in batch:
            self._queue.task_done()

    async def _gather(self) -> list[_Waiting]:
        batch = [await self._next()]
        try:
            async with asyncio.timeout(self._wait_seconds):
                while len(batch) < self._batch_notes:
                    batch.append(await self._next())
        except TimeoutError:
            pass
        return batch

    async def _next(self) -> _Waiting:
        item = await self._queue.get()
        self._characters -= len(item.text)
        return item

    async def _answer(self, model: Predict, batch: list[_Waiting]) -> None:
        outcome = await asyncio.get_running_loop().run_in_executor(
            self._thread, self._attempt, model, [item.text for item in batch]
        )
        if isinstance(outcome, _Failure) and len(batch) > 1:
            for item in batch:  # one bad note must not cost its neighbours
                await self._answer(model, [item])
        elif isinstance(outcome, _Failure):
            _log.error("prediction failed: %s at %s", outcome.kind, outcome.place)
            _settle(batch[0].answer, None)
        else:
            for item, prediction in zip(batch, outcome, strict=True):
                _settle(item.answer, prediction)

    def _attempt(self, model: Predict, texts: list[str]) -> Sequence[Prediction] | _Failure:
        began = time.perf_counter()
        try:
            predictions = model(texts)
            if len(predictions) != len(texts):
                raise RuntimeError
        except BaseException as err:  # outermost in its thread; a panic in Rust is no Exception
            return _Failure(type(err).__name__, places(err)[0])
        self._on_batch(len(texts), time.perf_counter() - began)
        return predictions


def _settle(answer: asyncio.Future[Prediction | None], result: Prediction | None) -> None:
    if not answer.done():  # somebody still waits
        answer.set_result(result)
