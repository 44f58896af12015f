"""The unit, the image and the proxy's site say what the service is and needs."""

import configparser
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_serving.serve_command import serve
from afterword_serving.settings import Settings

SERVING = Path(__file__).parents[3] / "serving"
UNIT = SERVING / "afterword.service"


def unit() -> dict[str, dict[str, list[str]]]:
    """Return the unit's keys with all their values; systemd lets a key stand several times."""
    sections: dict[str, dict[str, list[str]]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), defaultdict(list))
        elif line:
            key, equals, value = line.partition("=")
            assert equals
            section[key].append(value)
    return sections


def test_the_unit_is_well_formed():
    configparser.ConfigParser(strict=False, interpolation=None).read_string(UNIT.read_text(encoding="utf-8"))
    assert set(unit()) == {"Unit", "Service", "Install"}


def test_the_unit_runs_a_command_that_exists():
    [command] = unit()["Service"]["ExecStart"]
    program, verb, *flags = shlex.split(command)
    assert Path(program).name == "afterword"
    assert verb == serve.name
    assert CliRunner().invoke(serve, [*flags, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("LimitCORE", "0"),
        ("RestartPreventExitStatus", "2"),
    ],
)
def test_the_unit_is_hardened(key: str, value: str):
    assert unit()["Service"][key] == [value]


def test_the_unit_waits_longer_than_the_service_takes_to_stop():
    assert int(unit()["Service"]["TimeoutStopSec"][0]) > Settings.read().shutdown_seconds


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_the_unit_little_exposed():
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(UNIT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Unknown" not in result.stderr


def test_the_image_runs_as_a_plain_user_with_a_health_check():
    text = (SERVING / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    final = text.rpartition("\nFROM ")[2]
    steps = dict(re.findall(r"^([A-Z]+) +(.*)$", final, re.MULTILINE))
    assert not re.match(r"(?:root|0)\b", steps["USER"])
    assert "/health/ready" in steps["HEALTHCHECK"]
    assert steps["ENTRYPOINT"] == '["afterword", "serve"]'
    for name in re.findall(r"AFTERWORD_(\w+)=", steps["ENV"]):
        assert name.lower() in Settings.model_fields


def test_the_proxy_takes_as_much_as_the_service_and_keeps_it_in_memory():
    site = (SERVING / "README.md").read_text(encoding="utf-8")
    largest, file = map(int, re.findall(r"client_max_body_size (\d+)m;", site))
    [buffer] = map(int, re.findall(r"client_body_buffer_size (\d+)m;", site))
    assert buffer >= largest
    assert largest * 2**20 >= Settings.read().max_body_bytes
    assert file * 2**20 >= Settings.read().max_file_bytes
    assert "proxy_request_buffering off;" in site.partition("location = /report")[2].partition("}")[0]
