import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from afterword_model import Classifier, Label, Prediction
from afterword_serving import batching
from afterword_serving.batching import Batcher, PredictionFailed, QueueFull
from afterword_serving.settings import Settings

ANSWER = Prediction(
    Label.NEITHER, {Label.REFLECTION: 0.0, Label.RUMINATION: 0.0, Label.NEITHER: 1.0}, sure=True, lean=0.5
)


@asynccontextmanager
async def speaking_to(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


def batcher(**options: Any) -> Batcher:
    usual: dict[str, Any] = {"batch_notes": 8, "wait_seconds": 0.05, "queue_notes": 64, "queue_characters": 1_000}
    return Batcher(**usual | options)


class Held:
    """A model that waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.batches: list[list[str]] = []

    def __call__(self, texts: list[str]) -> list[Prediction]:
        self.batches.append(texts)
        self.begun.set()
        assert self.go.wait(10)
        return [ANSWER] * len(texts)


async def begun(model: Held) -> None:
    assert await asyncio.to_thread(model.begun.wait, 10)


def test_concurrent_requests_share_batches_and_answer_as_alone(make_app, stand_in, classifier: Classifier):
    model = stand_in(classifier.predict)
    texts = [f"Why did I say that? On day {number} I will wait before I speak." for number in range(12)]

    async def ask() -> list[httpx.Response]:
        app = make_app(model, batch_wait_ms=200, batch_notes=12)
        async with speaking_to(app) as client:
            model.batches.clear()
            return await asyncio.gather(*(client.post("/predict", json={"text": text}) for text in texts))

    answers = [response.json()["predictions"][0] for response in asyncio.run(ask())]
    alone = classifier.predict(texts)
    assert model.batches == [12]
    assert [each["lean"] for each in answers] == pytest.approx([each.lean for each in alone])
    assert [each["label"] for each in answers] == [each.label for each in alone]


def test_the_loop_stays_free_while_the_model_works(make_app, stand_in, classifier: Classifier):
    held = Held()
    held.go.set()

    async def ask() -> None:
        app = make_app(stand_in(held))
        async with speaking_to(app) as client:
            held.go.clear()
            held.begun.clear()
            slow = asyncio.create_task(client.post("/predict", json={"text": "a"}))
            await begun(held)
            assert (await client.get("/health/live")).status_code == 200
            assert not slow.done()
            held.go.set()
            assert (await slow).status_code == 200

    asyncio.run(ask())


def test_a_full_queue_answers_busy_and_loses_nothing(make_app, stand_in):
    held = Held()
    held.go.set()

    async def ask() -> list[httpx.Response]:
        app = make_app(stand_in(held), queue_notes=4, max_notes=4, batch_notes=1, batch_wait_ms=0)
        async with speaking_to(app) as client:
            held.go.clear()
            held.begun.clear()
            asked = [asyncio.create_task(client.post("/predict", json={"text": "first"}))]
            await begun(held)
            asked += [asyncio.create_task(client.post("/predict", json={"text": str(number)})) for number in range(9)]
            done, _ = await asyncio.wait(asked[1:], timeout=5, return_when=asyncio.FIRST_COMPLETED)
            assert {task.result().status_code for task in done} == {503}
            held.go.set()
            return await asyncio.gather(*asked)

    answers = asyncio.run(ask())
    busy = [answer for answer in answers if answer.status_code == 503]
    assert len(busy) == 5
    assert sum(answer.status_code == 200 for answer in answers) == 5
    assert busy[0].headers["retry-after"] == "1"
    assert busy[0].json()["type"] == "urn:afterword:problem:busy"


def test_a_request_is_taken_whole_or_not_at_all():
    held = Held()

    async def ask() -> None:
        async with batcher(queue_notes=3, batch_notes=1) as box:
            first = asyncio.create_task(box.predict(["first"], held))
            await begun(held)
            rest = asyncio.create_task(box.predict(["a", "b"], held))
            await asyncio.sleep(0)
            with pytest.raises(QueueFull):
                await box.predict(["c", "d"], held)
            assert box.waiting == 2
            held.go.set()
            assert len(await first) + len(await rest) == 3

    asyncio.run(ask())


def test_long_notes_do_not_pile_up_but_one_request_is_always_taken():
    held = Held()

    async def ask() -> None:
        async with batcher(queue_characters=10, batch_notes=1) as box:
            first = asyncio.create_task(box.predict(["a" * 99], held))
            await begun(held)
            rest = asyncio.create_task(box.predict(["b" * 4, "c" * 4], held))
            await asyncio.sleep(0)
            with pytest.raises(QueueFull):
                await box.predict(["d" * 3], held)
            small = asyncio.create_task(box.predict(["e" * 2], held))
            await asyncio.sleep(0)
            held.go.set()
            assert len(await first) + len(await rest) + len(await small) == 4
            assert await box.predict(["f" * 99], held) == [ANSWER]

    asyncio.run(ask())


def test_as_many_ordinary_notes_wait_as_the_settings_say_and_one_request_as_large_as_they_allow():
    usual = Settings.read()
    assert usual.queue_characters >= usual.max_body_bytes
    assert usual.queue_characters >= usual.queue_notes * 1_900  # 350 words


def test_stopping_answers_what_was_accepted_and_takes_no_more():
    held = Held()

    async def ask() -> list[list[Prediction]]:
        async with batcher(batch_notes=2) as box:
            asked = [asyncio.create_task(box.predict([str(number)], held)) for number in range(9)]
            await begun(held)
            threading.Timer(0.2, held.go.set).start()
        assert not box.running
        with pytest.raises(QueueFull):
            await box.predict(["late"], held)
        assert all(task.done() for task in asked)
        return await asyncio.gather(*asked)

    assert asyncio.run(ask()) == [[ANSWER]] * 9
    assert sum(len(batch) for batch in held.batches) == 9


class Panic(BaseException):
    """As a library in another language throws it."""


@pytest.mark.parametrize("error", [ValueError("poison"), MemoryError(), Panic("poison")])
def test_one_bad_note_does_not_cost_its_neighbours(error: BaseException, caplog: pytest.LogCaptureFixture):
    def predict(texts: list[str]) -> list[Prediction]:
        if "poison" in texts:
            raise error
        return [ANSWER] * len(texts)

    async def ask() -> list[Any]:
        async with batcher() as box:
            asked = [box.predict(texts, predict) for texts in (["a"], ["b", "poison"], ["c"])]
            return await asyncio.gather(*asked, return_exceptions=True)

    good, bad, also_good = asyncio.run(ask())
    assert good == also_good == [ANSWER]
    assert isinstance(bad, PredictionFailed)
    assert bad.places == (1,)
    assert "poison" not in caplog.text + str(bad)
    assert type(error).__name__ in caplog.text


def test_an_answer_too_few_is_a_failure():
    async def ask() -> None:
        async with batcher() as box:
            with pytest.raises(PredictionFailed):
                await box.predict(["a", "b"], lambda texts: [])

    asyncio.run(ask())


def test_no_text_stays_once_it_is_answered():
    async def ask() -> list[Any]:
        async with batcher() as box:
            await box.predict(["a", "b"], lambda texts: [ANSWER] * len(texts))
            await asyncio.sleep(0.1)
            return [each for each in gc.get_objects() if type(each) is batching._Waiting]

    assert not asyncio.run(ask())


def test_notes_nobody_waits_for_are_not_predicted():
    held = Held()

    async def ask() -> None:
        async with batcher(batch_notes=1) as box:
            first = asyncio.create_task(box.predict(["first"], held))
            await begun(held)
            gone = asyncio.create_task(box.predict(["gone"], held))
            await asyncio.sleep(0)
            gone.cancel()
            held.go.set()
            await first

    asyncio.run(ask())
    assert held.batches == [["first"]]
