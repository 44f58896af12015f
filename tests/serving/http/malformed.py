"""Malformed requests, drawn by chance: bytes as they go over the wire, each holding a word that must not come back."""

import io
import json
import random
import zipfile
from collections.abc import Callable

CANARY = "xylocanary"

_JSON = "application/json"
_FILE = "application/octet-stream"
_SCALARS = (
    *("null", "true", "NaN", "-Infinity", "1e999", "9" * 400, "-0", '""', '"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"'),
    *("[]", "{}", f'"{CANARY}"', "'a'", "\x00", "\ufeff", '"\U0001f600"', "0x1F", "01"),
)
_KEYS = ("text", "notes", "id", "by", CANARY, "", "__proto__", "Text", "text\\u0000")


def malformed(chance: random.Random) -> bytes:
    """Return one request, whole."""
    make = chance.choices([broken_json, wrong_json, mutated, wrong_head, file, not_http], [4, 4, 4, 3, 4, 1])[0]
    return make(chance)


def request(
    body: bytes, *, method: str = "POST", path: str = "/predict", media_type: str = _JSON, more: tuple[str, ...] = ()
) -> bytes:
    """Return a request with a body and its right length."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *more,
    ]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def broken_json(chance: random.Random) -> bytes:
    """Return what is no JSON: cut short, deeply nested, in another encoding, or bytes of any kind."""
    whole = json.dumps({"text": f"{CANARY} 😀", "notes": [{"id": "a", "text": "b"}]}, ensure_ascii=False).encode()
    deep = chance.randint(1, 30_000)
    bodies: list[Callable[[], bytes]] = [
        lambda: whole[: chance.randrange(len(whole))],
        lambda: b"[" * deep,
        lambda: b'{"text":' * deep,
        lambda: b'{"notes":' + b"[" * deep + b"]" * deep + b"}",
        lambda: CANARY.encode(chance.choice(["utf-16", "utf-32", "utf-7", "cp037"])),
        lambda: chance.randbytes(chance.randint(0, 400)),
        lambda: b'{"text": "' + "😀".encode() * chance.randint(1, 2_000),
        lambda: b'{"text": "\xed\xa0\x80"}',
    ]
    return request(chance.choice(bodies)())


def wrong_json(chance: random.Random) -> bytes:
    """Return what looks like JSON and is no request."""
    return request(_value(chance, 4).encode("utf-8", "surrogatepass"))


def mutated(chance: random.Random) -> bytes:
    """Return a request that was right until some bytes of its body were changed."""
    body = bytearray(json.dumps({"notes": [{"id": "a", "text": f"{CANARY}. Why?"}] * 3, "by": "sentence"}).encode())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body))
        body[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return request(bytes(body))


def wrong_head(chance: random.Random) -> bytes:
    """Return a request with something wrong before its body."""
    body = json.dumps({"text": CANARY}).encode()
    requests: list[Callable[[], bytes]] = [
        lambda: request(body, method=chance.choice(["GET", "PUT", "DELETE", "OPTIONS", "PATCH", CANARY.upper()])),
        lambda: request(body, path=f"/{CANARY}?{CANARY}=%00%ff"),
        lambda: request(body, path=chance.choice(["/predict/", "//predict", "/predict%00", "/../etc", "/REPORT"])),
        lambda: request(body, media_type=chance.choice(["", "text/plain", f"x/{CANARY}", _JSON + "; charset=utf-16"])),
        lambda: request(body, more=(f"Content-Encoding: {CANARY}",)),
        lambda: request(body, more=(f"Authorization: Bearer {CANARY}", f"X-Request-ID: {CANARY} \x7f")),
        lambda: request(body).replace(b"Host: localhost", f"Host: {CANARY}.example".encode()),
        lambda: request(body).replace(b"Host: localhost", b"Host: [::" + chance.randbytes(3).hex().encode()),
        lambda: request(b"", method="GET", path=f"/model?{CANARY}", more=(f"Cookie: {CANARY}",)),
    ]
    return chance.choice(requests)()


def file(chance: random.Random) -> bytes:
    """Return a file for a report that is damaged, hostile or named in odd ways."""
    name = chance.choice([f"{CANARY}.zip", f"../{CANARY}", "a.docx", "a.md", "a.csv", "%00.json", "", "a" * 300])
    if chance.random() < 0.1:
        name = chance.randbytes(8).decode("latin-1").replace("\r", "").replace("\n", "").replace("\x00", "")
    spelled = chance.choice([f'attachment; filename="{name}"', f"attachment; filename*=UTF-8''{name}", name])
    path = chance.choice(["/report"] * 4 + [f"/report?split={CANARY}", "/report?include_text=2&prompts="])
    media_type = _FILE if chance.random() < 0.9 else f"multipart/form-data; boundary={CANARY}"
    return request(_file_body(chance), path=path, media_type=media_type, more=(f"Content-Disposition: {spelled}",))


def not_http(chance: random.Random) -> bytes:
    """Return bytes that a server cannot take for a request."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.randint(1, 200)) + b"\r\n\r\n"
    return f"POST /predict HTTP/1.1\r\nHost: localhost\r\n{CANARY}\r\n\r\n".encode()


def _value(chance: random.Random, depth: int) -> str:
    if not depth or chance.random() < 0.3:
        return chance.choice(_SCALARS)
    inner = [_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if chance.random() < 0.4:
        return f"[{','.join(inner)}]"
    return "{" + ",".join(f'"{chance.choice(_KEYS)}":{value}' for value in inner) + "}"


def _file_body(chance: random.Random) -> bytes:
    bodies: list[Callable[[], bytes]] = [
        lambda: b"",
        lambda: chance.randbytes(chance.randint(1, 400)) + b"\x00",
        lambda: (
            chance.choice([b"%PDF-", b"PAR1", b"PK\x03\x04", b"PK\x05\x06", b"{\\rtf", b"<html>", b"bplist00"])
            + CANARY.encode()
            + chance.randbytes(40)
        ),
        lambda: b'{"text":' * chance.randint(1, 30_000),
        lambda: f'{{"{CANARY}": {_value(chance, 4)}}}'.encode("utf-8", "surrogatepass"),
        lambda: _zip(chance),
    ]
    return chance.choice(bodies)()


def _zip(chance: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        names = ["Journal.json", "word/document.xml", "[Content_Types].xml", "Entries/a.html", "a.zip", f"{CANARY}.md"]
        for name in chance.sample(names, chance.randint(0, 3)):
            archive.writestr(name, chance.choice([b"", b"\x00" * 4_000, b"{", b"<a>" * 200, chance.randbytes(60)]))
    whole = bytearray(stream.getvalue())
    for _ in range(chance.randint(0, 8)):
        whole[chance.randrange(len(whole))] = chance.randrange(256)
    return bytes(whole[: chance.randint(len(whole) // 2, len(whole))])
