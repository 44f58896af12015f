"""Run by `test_killed`: the same retraining, killed at one point after another and asked for again, in real processes.

Prints one line of JSON about what each left behind.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from types import ModuleType

from afterword_model import artifact
from afterword_model.registry import SHIPPED, Registry
from afterword_training import cli
from afterword_training.retrain import held_out, run

POINTS: tuple[tuple[ModuleType, str, int], ...] = (
    (held_out, "make", 2),
    (run, "publish_challenger", 1),
    (shutil, "copyfile", 4),
)
"""Where it is killed before the new model is in the registry: at such a call of a function."""


def main(folder: str, *command: str) -> None:
    """Kill it at every point, let the disk be full, kill it before it promotes, and let it come through."""
    registry = Registry(Path(folder))
    registry.load_champion()[1].predict(["Read once, so that no child has to read the word lists again."])
    report = {}
    for module, name, call in POINTS:
        report[name] = _attempt(registry, command, _killing(module, name, call))
    report["full"] = _attempt(registry, command, _full_disk)
    report["promote"] = _attempt(registry, command, _killing(run, "promote", 1))
    report["undisturbed"] = _attempt(registry, command, lambda: None)
    sys.stdout.write(json.dumps(report))


def _attempt(registry: Registry, command: tuple[str, ...], prepare: Callable[[], None]) -> dict[str, object]:
    said = registry.folder.with_name("said.txt")
    child = os.fork()
    if not child:
        _run(command, prepare, said)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    whole = [name for name in registry.names() if name == SHIPPED or artifact.verify(registry.artifact(name))]
    left = [path.name for path in (registry.folder / ".work").rglob("*") if path.suffix != ".lock"]
    return {
        "ended": ended,
        "said": said.read_text(encoding="utf-8"),
        "champion": registry.load_champion()[0],
        "versions": whole,
        "left": left,
    }


def _run(command: tuple[str, ...], prepare: Callable[[], None], said: Path) -> None:
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["afterword-train", *command]
    status = 1
    try:
        prepare()
        cli.main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _killing(module: ModuleType, name: str, wanted: int) -> Callable[[], None]:
    def prepare() -> None:
        calls, real = 0, getattr(module, name)

        def counted(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == wanted:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        setattr(module, name, counted)

    return prepare


def _full_disk() -> None:
    def copyfile(_: object, to: str) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC), str(to))

    shutil.copyfile = copyfile  # type: ignore[assignment]


main(*sys.argv[1:])
