"""Run by `test_processes`: commands that are killed at every point, and commands at the same time, in real processes.

Prints one line of JSON about what each left behind.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from afterword_model import artifact
from afterword_model.registry import SHIPPED, Registry
from afterword_training.registry import add, promote, reserve, rollback

CALLS = ((os, "fsync"), (os, "replace"), (os, "mkdir"), (shutil, "copyfile"), (shutil, "rmtree"))


def main(first: str, second: str, folder: str) -> None:
    """Try both, with two models that are saved already."""
    models = Path(first), Path(second)
    report = {"killed": killed(models, Path(folder)), "together": together(models[0], Path(folder) / "together")}
    sys.stdout.write(json.dumps(report))


def killed(models: tuple[Path, Path], folder: Path) -> list[dict[str, object]]:
    """Kill the adding and promoting of a second model before its first step, its second and so on."""
    start = folder / "start"
    promote(start, add(start, models[0]))
    outcomes: list[dict[str, object]] = []
    for point in range(1, 100):
        registry = Registry(folder / str(point))
        shutil.copytree(start, registry.folder)
        ended = _child(lambda at=registry.folder, point=point: _add_and_promote(at, models[1], point))
        left = {"champion": registry.load_champion()[0], "versions": _whole(registry)}
        promote(registry.folder, add(registry.folder, models[1]))
        after = {"champion": registry.pointer().champion, "versions": _whole(registry), "files": _files(registry)}
        outcomes.append({"killed": ended == -signal.SIGKILL, "left": left, "after": after})
        if ended == 0:
            break
    return outcomes


def together(model: Path, folder: Path) -> dict[str, object]:
    """Let four processes add, promote and go back at the same time, while this one reads."""
    children = [_fork(lambda: _retrain(model, folder)) for _ in range(4)]
    seen, reads, running = set(), 0, dict.fromkeys(children)
    while None in running.values():
        if folder.is_dir():
            seen.add(Registry(folder).load_champion()[0])
            reads += 1
        for child in [each for each, status in running.items() if status is None]:
            ended, status = os.waitpid(child, os.WNOHANG)
            running[child] = os.waitstatus_to_exitcode(status) if ended else None
        time.sleep(0.001)
    history = [turn.action for turn in Registry(folder).pointer().history]
    return {
        "statuses": list(running.values()),
        "seen": sorted(seen),
        "reads": reads,
        "versions": _whole(Registry(folder)),
        "promotions": history.count("promote"),
        "rollbacks": history.count("rollback"),
    }


def _retrain(model: Path, folder: Path) -> None:
    for _ in range(3):
        version = reserve(folder, "team")
        mine = folder.with_name(f"made-{version}")
        shutil.copytree(model, mine)
        manifest = artifact.verify(mine).model_copy(update={"version": version})
        (mine / artifact.MANIFEST).write_text(manifest.model_dump_json())
        promote(folder, add(folder, mine))
    rollback(folder)


def _add_and_promote(folder: Path, model: Path, point: int) -> None:
    calls = 0

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return wrapped

    for module, name in CALLS:
        setattr(module, name, counted(getattr(module, name)))
    promote(folder, add(folder, model))


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def _child(work: Callable[[], None]) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(_fork(work), 0)[1])


def _whole(registry: Registry) -> list[str]:
    return [name for name in registry.names() if name == SHIPPED or artifact.verify(registry.artifact(name))]


def _files(registry: Registry) -> list[str]:
    return sorted(path.name for path in [*registry.folder.iterdir(), *(registry.folder / "versions").iterdir()])


main(*sys.argv[1:])
