"""What no command, killed or not, can do to a registry; see `processes`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked"),
]


@pytest.fixture(scope="module")
def outcome(make_artifact, tmp_path_factory) -> dict[str, Any]:
    script = Path(__file__).with_name("processes.py")
    done = subprocess.run(
        [sys.executable, script, make_artifact("1"), make_artifact("2"), tmp_path_factory.mktemp("registries")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "model"), str(ROOT / "training")])},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_killed_at_any_point_the_registry_is_as_before_or_as_wanted(outcome):
    *killed, last = outcome["killed"]
    assert len(killed) > 10
    assert all(each["killed"] for each in killed)
    assert not last["killed"]
    states = [(each["left"]["champion"], each["left"]["versions"]) for each in outcome["killed"]]
    before = ("team-1", ["shipped", "team-1"])
    added = ("team-1", ["shipped", "team-1", "team-2"])
    wanted = ("team-2", ["shipped", "team-1", "team-2"])
    assert states == sorted(states)
    assert set(map(str, states)) == set(map(str, (before, added, wanted)))


def test_after_a_kill_the_same_command_comes_through_and_nothing_is_left_over(outcome):
    last = outcome["killed"][-1]["after"]
    assert last["champion"] == "team-2"
    assert [each["after"] for each in outcome["killed"]] == [last] * len(outcome["killed"])


def test_at_the_same_time_nothing_is_lost_and_every_reader_finds_a_whole_champion(outcome):
    together = outcome["together"]
    assert together["statuses"] == [0] * 4
    assert together["versions"] == ["shipped", *sorted(f"team-{number}" for number in range(1, 13))]
    assert (together["promotions"], together["rollbacks"]) == (12, 4)
    assert together["reads"] > 4  # fewer than changes where the machine is busy
    assert set(together["seen"]) <= set(together["versions"])
