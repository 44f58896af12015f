"""nginx with the README's site, in front of a running service."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tests.serving.http.test_batching import ANSWER

from afterword_serving.security import new_key
from afterword_serving.settings import Settings

README = Path(__file__).parents[3] / "serving" / "README.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME = "notes.example.org"
KEY, ENTRY = new_key("proxy")

pytestmark = pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="needs nginx and openssl")


@contextmanager
def proxy(service: str, folder: Path) -> Iterator[tuple[httpx.Client, Path]]:
    """Run nginx in front of a service; give a client that asks it by its name, and nginx's log."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    configuration, log = folder / "nginx.conf", folder / "error.log"
    configuration.write_text(_configuration(service, folder, port, log), encoding="utf-8")
    command = [str(NGINX), "-p", str(folder), "-e", str(log), "-c", str(configuration)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr.replace("ignored in", "")
    trusted = ssl.create_default_context(cafile=str(folder / f"{NAME}.pem"))
    with subprocess.Popen(command) as process:
        try:
            _wait(port)
            headers = {"authorization": f"Bearer {KEY}", "host": NAME}
            with httpx.Client(
                base_url=f"https://localhost:{port}", verify=trusted, headers=headers, timeout=60
            ) as client:
                yield client, log
        finally:
            process.terminate()


def _configuration(service: str, folder: Path, port: int, log: Path) -> str:
    """Return the README's site between the lines that a main file has, with ports and certificate of the test."""
    pem, key = folder / f"{NAME}.pem", folder / f"{NAME}.key"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", str(key)]
    subprocess.run([*new, "-out", str(pem), *subject], check=True, capture_output=True)
    [site] = re.findall(r"```nginx\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for old, now in [
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (f"/etc/ssl/{NAME}.pem", str(pem)),
        (f"/etc/ssl/private/{NAME}.key", str(key)),
        ("127.0.0.1:8000", urlsplit(service).netloc),
    ]:
        assert old in site
        site = site.replace(old, now)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    return f"daemon off; pid {folder}/pid; error_log {log} info; events {{}} http {{ {places} {site} }}"


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def test_the_site_of_the_readme_runs(make_live: Callable[..., str], stand_in, tmp_path: Path):
    service = make_live(stand_in(lambda texts: [ANSWER] * len(texts)), api_keys=ENTRY)
    most = Settings.read()
    with proxy(service, tmp_path) as (client, log):
        assert client.get("/").status_code == 200
        assert client.get("/metrics").status_code == 404
        assert client.get("/health/ready").headers["strict-transport-security"]
        assert client.post("/predict", json={"text": "Why?"}, headers={"authorization": ""}).status_code == 401
        notes = [{"id": str(number), "text": "w " * 20_000} for number in range(most.max_body_bytes // 40_100)]
        answer = client.post("/predict", json={"notes": notes})
        assert len(answer.json()["predictions"]) == len(notes)
        assert len(answer.headers["x-request-id"]) == 32
        large = b'{"text": "Why?", "more": "' + b"a" * (most.max_file_bytes - 100) + b'"}\n'
        report = client.post("/report", content=large, headers={"content-type": "application/octet-stream"})
        assert report.status_code == 200, report.text
        too_large = client.post("/predict", content=b" " * 2_000_000, headers={"content-type": "application/json"})
        assert too_large.status_code == 413
        said = log.read_text()
        assert "buffered to a temporary file" not in said
        assert not [path for path in tmp_path.glob("*/*") if path.is_file()]
