import hashlib

import pytest

from afterword_model.errors import ConfigError
from afterword_serving.rate_limit import RateLimit
from afterword_serving.security import HEADERS, is_loopback, key_owner, names_loopback, new_key, parse_keys

CLOSED = [("POST", "/predict"), ("POST", "/report"), ("GET", "/model"), ("GET", "/metrics"), ("GET", "/nowhere")]
OPEN = [
    "/",
    "/page.css",
    "/page.js",
    "/sentences.js",
    "/report.js",
    "/docs",
    "/openapi.json",
    "/health/live",
    "/health/ready",
]


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "example.org", ""])
def test_other_machines_need_keys(make_app, host: str):
    with pytest.raises(ConfigError, match="AFTERWORD_API_KEYS"):
        make_app(host=host)
    _, entry = new_key("a")
    make_app(host=host, api_keys=entry)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_needs_none(make_app, host: str):
    assert is_loopback(host)
    make_app(host=host)


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1:80", "[::1]:8000", "[::1]"])
def test_host_headers_that_name_this_machine(host: str):
    assert names_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", "user@evil"]
)
def test_host_headers_that_do_not(client, host: str):
    assert not names_loopback(host)
    if host:
        assert client.post("/predict", json={"text": "a"}, headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "header",
    [
        {"x-forwarded-for": "10.0.0.7"},
        {"x-real-ip": "127.0.0.1"},
        {"forwarded": "for=10.0.0.7"},
        {"via": "1.1 proxy"},
        {"origin": "https://notes.example.org"},
        {"origin": "http://localhost.evil.example:8000"},
    ],
)
def test_what_came_through_a_proxy_is_refused_though_it_names_this_machine(client, header: dict[str, str]):
    response = client.post("/predict", json={"text": "a"}, headers={"host": "127.0.0.1:8000"} | header)
    assert response.status_code == 421
    assert response.json()["type"] == "urn:afterword:problem:wrong-host"
    assert client.get("/", headers=header).status_code == 421


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000", "null"])
def test_the_page_of_this_machine_may_ask(client, origin: str):
    assert client.post("/predict", json={"text": "a"}, headers={"origin": origin}).status_code == 200


def test_with_keys_a_proxy_may_tell_of_itself(make_client):
    key, entry = new_key("a")
    passed_on = {"x-forwarded-for": "10.0.0.7", "via": "1.1 proxy", "origin": "https://notes.example.org"}
    assert make_client(api_keys=entry).get("/model", headers=bearer(key) | passed_on).status_code == 200


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_everything_but_health_and_docs_needs_a_key(make_client, method: str, path: str):
    key, entry = new_key("intake")
    client = make_client(api_keys=entry)
    body = {"json": {"text": "a"}} if method == "POST" else {}
    answered = {200, 404} if path != "/report" else {415}
    wrong = [
        {},
        bearer(key[:-1]),
        bearer(key + "a"),
        bearer(""),
        {"authorization": key},
        {"authorization": f"Basic {key}"},
    ]
    digest = entry.partition(":")[2]
    for headers in [*wrong, bearer(digest), {"authorization": b"Bearer \xff"}]:
        response = client.request(method, path, headers=headers, **body)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    assert client.request(method, path, headers=bearer(key), **body).status_code in answered


@pytest.mark.parametrize("path", OPEN)
def test_health_and_pages_need_none(make_client, path: str):
    assert make_client(api_keys=new_key("a")[1]).get(path).status_code == 200


def test_with_keys_any_host_is_answered(make_client):
    key, entry = new_key("a")
    client = make_client(api_keys=entry, host="0.0.0.0")
    assert client.get("/model", headers=bearer(key) | {"host": "notes.example.org"}).status_code == 200


def test_keys_are_rotated_by_listing_the_new_beside_the_old():
    (old, old_entry), (new, new_entry) = new_key("intake"), new_key("intake")
    both, after = parse_keys(f"{old_entry}, {new_entry}"), parse_keys(new_entry)
    assert key_owner(f"Bearer {old}", both) == key_owner(f"bearer  {new}", both) == "intake"
    assert key_owner(f"Bearer {old}", after) is None


def test_a_new_key_is_long_and_its_entry_holds_only_the_hash():
    key, entry = new_key("a")
    assert len(key) >= 43
    assert entry == f"a:{hashlib.sha256(key.encode()).hexdigest()}"
    assert key not in entry
    with pytest.raises(ConfigError):
        new_key("no spaces")


@pytest.mark.parametrize(
    "text", ["secret", "a:secret", f"a:{'0' * 63}", f":{'0' * 64}", f"a b:{'0' * 64}", f"ok:{'0' * 64},hunter2"]
)
def test_a_key_in_the_wrong_form_is_refused_and_not_shown(make_app, text: str):
    with pytest.raises(ConfigError, match="AFTERWORD_API_KEYS.*entry [12]") as caught:
        make_app(api_keys=text)
    assert "secret" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_each_key_has_a_limit_of_its_own(make_client):
    (one, first), (two, second) = new_key("one"), new_key("two")
    client = make_client(api_keys=f"{first},{second}", requests_per_minute=3)
    assert [client.get("/model", headers=bearer(one)).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.get("/model", headers=bearer(one))
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.json()["type"] == "urn:afterword:problem:too-often"
    assert client.get("/model", headers=bearer(two)).status_code == 200


def test_the_limit_refills_evenly():
    now = 0.0
    limit = RateLimit(60, clock=lambda: now)
    assert [limit.wait_seconds("a") for _ in range(61)] == [0] * 60 + [1]
    now = 0.5
    assert limit.wait_seconds("a") == 1
    now = 1.1
    assert limit.wait_seconds("a") == 0
    now = 1_000
    assert [limit.wait_seconds("a") for _ in range(61)].count(0) == 60
    assert {RateLimit(0).wait_seconds("a") for _ in range(1_000)} == {0}


@pytest.mark.parametrize("path", ["/model", "/nowhere", "/docs", "/metrics"])
def test_every_answer_has_strict_headers(client, path: str):
    response = client.get(path, headers={"origin": "http://localhost:9"})
    assert set(HEADERS) <= set(response.headers)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_a_browser_on_another_site_gets_no_leave(client):
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    response = client.options("/predict", headers=headers)
    assert response.status_code == 421
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-DEF_1.2", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("é", False), ("", False)],
)
def test_request_id(client, given: str, kept: bool):
    answered = client.get("/health/live", headers={"x-request-id": given.encode()}).headers["x-request-id"]
    assert (answered == given) is kept
    assert len(answered) == 32 or kept
