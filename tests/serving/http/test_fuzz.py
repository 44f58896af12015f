"""Whatever is sent, the service answers as described and never with 500."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

BOUNDED = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
keys = st.sampled_from(["text", "notes", "id", "__proto__", ""]) | st.text(max_size=3)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
notes = st.fixed_dictionaries({"id": scalars, "text": scalars}, optional={"more": scalars})
bodies = (
    values | st.fixed_dictionaries({"text": scalars}) | st.fixed_dictionaries({"notes": st.lists(notes, max_size=4)})
)


def check(client: TestClient, body: bytes) -> None:
    response = client.post("/predict", content=body, headers={"content-type": "application/json"})
    assert response.status_code in {200, 400, 422}
    media_type = "application/json" if response.status_code == 200 else "application/problem+json"
    assert response.headers["content-type"] == media_type
    response.json()


@BOUNDED
@given(body=bodies)
def test_any_json(client: TestClient, body: Any):
    check(client, json.dumps(body).encode())


@BOUNDED
@given(body=st.binary(max_size=300))
def test_any_bytes(client: TestClient, body: bytes):
    check(client, body)


@BOUNDED
@given(body=bodies, data=st.data())
def test_json_with_a_byte_changed(client: TestClient, body: Any, data: st.DataObject):
    sent = bytearray(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    check(client, bytes(sent))


@BOUNDED
@given(text=st.text(max_size=200))
def test_any_text_is_a_note_unless_it_holds_nul(client: TestClient, text: str):
    response = client.post("/predict", json={"text": text})
    assert response.status_code == (422 if "\0" in text else 200)
    if response.status_code == 200:
        [prediction] = response.json()["predictions"]
        assert all(0 <= span["start"] < span["end"] <= len(text) for span in prediction["evidence"])
