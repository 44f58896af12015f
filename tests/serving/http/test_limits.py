import json

import pytest
from starlette.testclient import TestClient

JSON = {"content-type": "application/json"}
UNPAIRED = b'{"text": "\\ud800"}'


def post(client: TestClient, body: bytes, **headers: str):
    return client.post("/predict", content=body, headers=JSON | headers)


def check(response, status: int, slug: str) -> dict:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"] == f"urn:afterword:problem:{slug}"
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"xylocanary",
        b'{"text": "xylocanary',
        b'{"text": "a"} trailing',
        b'{"text": "\x00"}',
        b'{"text": "\xff\xfe"}',
        '{"text": "a"}'.encode("utf-16"),
        UNPAIRED,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"text":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b"{'text': 'a'}",
    ],
)
def test_what_is_not_json(client: TestClient, body: bytes):
    check(post(client, body), 400, "bad-json")


@pytest.mark.parametrize(
    ("body", "where", "problem"),
    [
        (b"null", "the body", "either"),
        (b"NaN", "the body", "either"),
        (b"[]", "the body", "either"),
        (b"{}", "the body", "either"),
        (b"9" * 4_000, "the body", "either"),
        (b'{"text": "a", "notes": []}', "the body", "either"),
        (b'{"xylocanary": "a"}', "the body", "either"),
        (b'{"text": "a", "xylocanary": 1}', "the body", "not known"),
        (b'{"text": null}', "text", "not a string"),
        (b'{"text": 1e999}', "text", "not a string"),
        (b'{"text": ["xylocanary"]}', "text", "not a string"),
        (b'{"text": "a\\u0000b"}', "text", "NUL"),
        (b'{"notes": {}}', "notes", "not a list"),
        (b'{"notes": []}', "notes", "holds nothing"),
        (b'{"notes": ["xylocanary"]}', "notes[0]", "not an object"),
        (b'{"notes": [{"id": "a", "text": "b"}, {"id": 7, "text": "b"}]}', "notes[1].id", "not a string"),
        (b'{"notes": [{"id": "", "text": "b"}]}', "notes[0].id", "is empty"),
        (b'{"notes": [{"id": "\\u0000", "text": "b"}]}', "notes[0].id", "NUL"),
        (b'{"notes": [{"text": "b"}]}', "notes[0].id", "missing"),
        (b'{"notes": [{"id": "a"}]}', "notes[0].text", "missing"),
        (b'{"notes": [{"id": "a", "text": "b", "xylocanary": 1}]}', "notes[0]", "not known"),
        (json.dumps({"notes": [{"id": "x" * 201, "text": "b"}]}).encode(), "notes[0].id", "more than 200"),
    ],
)
def test_what_is_json_but_not_notes(client: TestClient, body: bytes, where: str, problem: str):
    response = post(client, body)
    errors = check(response, 422, "invalid")["errors"]
    assert any(error["where"] == where and problem in error["problem"] for error in errors), errors
    assert "xylocanary" not in response.text


def test_of_many_bad_notes_the_first_is_told(client: TestClient):
    body = json.dumps({"notes": [{"id": "a", "text": "b"}, *[{"id": 1}] * 200]}).encode()
    errors = check(post(client, body), 422, "invalid")["errors"]
    assert [error["where"] for error in errors] == ["notes[1].id", "notes[1].text"]


@pytest.mark.parametrize("form", ['{"text": "a", %s}', '{"notes": [{"id": "a", %s}]}'])
def test_of_very_many_unknown_fields_none_is_told_by_itself(client: TestClient, form: str):
    fields = ", ".join(f'"{number}": 1' for number in range(50_000))
    errors = check(post(client, (form % fields).encode()), 422, "invalid")["errors"]
    assert errors == [{"where": "the body", "problem": "has many fields that are not known"}]
    few = ", ".join(f'"{number}": 1' for number in range(20))
    assert len(check(post(client, (form % few).encode()), 422, "invalid")["errors"]) == 10


def test_too_many_notes_and_too_long(make_client):
    client = make_client(max_notes=2, max_characters=5)
    notes = [{"id": "a", "text": "12345"}, {"id": "b", "text": "123456"}]
    assert check(client.post("/predict", json={"notes": notes}), 422, "invalid")["errors"] == [
        {"where": "notes[1].text", "problem": "has more than 5 characters"}
    ]
    notes = [{"id": "a", "text": "1"}] * 3
    assert check(client.post("/predict", json={"notes": notes}), 422, "invalid")["errors"] == [
        {"where": "notes", "problem": "holds more than 2 notes"}
    ]
    assert client.post("/predict", json={"text": "😀" * 5}).status_code == 200
    errors = check(client.post("/predict", json={"text": "😀" * 6}), 422, "invalid")["errors"]
    assert errors == [{"where": "text", "problem": "has more than 5 characters"}]


def test_an_announced_body_too_large(make_client):
    client = make_client(max_body_bytes=1_000)
    assert check(post(client, "😀".encode() * 1_000), 413, "too-large")["detail"].startswith("Send at most 1000 bytes")


def test_a_streamed_body_is_cut_off_before_it_is_all_read(make_client):
    client = make_client(max_body_bytes=1_000)

    def chunks():
        yield b'{"text": "'
        for _ in range(100):
            yield b"a" * 100
        yield b'"}'

    check(client.post("/predict", content=chunks(), headers=JSON), 413, "too-large")


@pytest.mark.parametrize("length", ["x", "-1", "9" * 30])
def test_a_false_content_length_does_no_harm(client: TestClient, length: str):
    assert post(client, b'{"text": "a"}', **{"content-length": length}).status_code in {200, 413}


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/xylocanary"},
        {"content-type": ""},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json; charset*=utf-8''utf-8; charset*0=x"},
        {"content-encoding": "gzip"},
    ],
)
def test_what_is_not_plain_json(client: TestClient, headers: dict[str, str]):
    response = post(client, b'{"text": "a"}', **headers)
    check(response, 415, "wrong-media-type")
    assert "xylocanary" not in response.text


@pytest.mark.parametrize("path", ["/", "/page.js", "/docs", "/openapi.json", "/health/live", "/health/ready", "/model"])
def test_head_is_answered_as_get_is(client: TestClient, path: str):
    head, got = client.head(path), client.get(path)
    assert head.status_code == got.status_code == 200
    assert head.headers["content-type"] == got.headers["content-type"]


def test_head_is_told_like_get_where_there_is_only_post(client: TestClient):
    assert client.head("/predict").status_code == 405


def test_media_type_with_charset_is_taken(client: TestClient):
    assert post(client, b'{"text": "a"}', **{"content-type": "Application/JSON; charset=UTF-8"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/xylocanary", 404, "not-found"),
        ("GET", "/predict", 405, "wrong-method"),
        ("XYLO", "/predict", 405, "wrong-method"),
        ("POST", "/predict/", 404, "not-found"),
        ("GET", "/%00%ff", 404, "not-found"),
    ],
)
def test_paths_and_methods(client: TestClient, method: str, path: str, status: int, slug: str):
    response = client.request(method, path)
    check(response, status, slug)
    assert "xylocanary" not in response.text
    if status == 405:
        assert response.headers["allow"] == "POST"
