"""Shards through Ray Data. What travels through Ray is names of files and counts; the notes' texts never do.

Each worker reads its file itself, so nothing of a note lies in Ray's object store, which Ray may write to disk.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from afterword_model.errors import AfterwordError, ConfigError
from afterword_serving.spread.shard import Shard
from afterword_serving.spread.work import Plan, Worker

ADDRESS = "RAY_ADDRESS"
"""Environment variable that names a running cluster; without it Ray is started on this machine, for this run alone."""
_STORE = 100 << 20
"""Bytes of Ray's object store on this machine: names and counts are all that lies in it."""
_ATTEMPTS = 3
"""Ray gives its helpers fifteen seconds to start, which a busy machine may not manage at first."""
_REACH_SECONDS = 10
"""Time a cluster gets to accept a connection; Ray itself would go on trying without end."""
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}


def check_ray() -> None:
    """Return when Ray is installed.

    Raises:
        ConfigError: it is not.
    """
    if find_spec("ray") is None or find_spec("ray.data") is None:
        raise ConfigError("--engine ray needs Ray, which is not installed: pip install '.[ray]' in Afterword's folder.")


def run_shards(shards: Sequence[Shard], plan: Plan, advance: Callable[[int], object]) -> None:
    """Have every shard classified by workers of Ray's.

    Args:
        shards: those still to do.
        plan: what workers must know.
        advance: told how many entries a finished shard held.

    Raises:
        AfterwordError: a shard could not be done, or Ray stopped; shards that are done stay done.
    """
    problems: list[str] = []
    with _ray() as ray:
        for done in _results(ray, shards, plan):
            if done["problem"]:
                problems.append(done["problem"])
            else:
                advance(done["entries"])
    if problems:
        more = f" The same or the like befell {len(problems) - 1} more." if len(problems) > 1 else ""
        raise AfterwordError(f"{problems[0]}{more} Shards that are done are kept; run again with --resume.")


def count_actors(cpus: int, shards: int) -> tuple[int, float]:
    """Return how many actors to start and how many processors each claims: never all, or nothing else of Ray's runs."""
    return max(1, min(shards, cpus - 1)), 1.0 if cpus > 1 else 0.5


class _Actor:
    """A worker as Ray Data calls it: with a batch of one shard."""

    def __init__(self, plan: Plan) -> None:
        self._worker = Worker(plan)

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        shards = [Shard.model_validate_json(shard) for shard in rows["shard"]]
        entries, problems = zip(*(self._worker.work(shard) for shard in shards), strict=True)
        return {"entries": list(entries), "problem": list(problems)}


def _results(ray: Any, shards: Sequence[Shard], plan: Plan) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    actors, claim = count_actors(int(ray.cluster_resources().get("CPU", 1)), len(shards))
    rows = [{"shard": shard.model_dump_json()} for shard in shards]
    done = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        _Actor,
        fn_constructor_args=(plan,),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=1),
        num_cpus=claim,
    )
    try:
        yield from done.iter_rows()
    except Exception as err:  # of many kinds; workers keep their own to themselves
        raise AfterwordError(
            f"Ray stopped ({type(err).__name__}). Shards that are done are kept; run again with --resume."
        ) from None


@contextmanager
def _ray() -> Iterator[Any]:
    """Give Ray, connected to the cluster that the environment names, else started here for this run alone."""
    os.environ.update(_SETTINGS)
    import ray
    import ray.data

    try:
        _start(ray)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.log_internal_stack_trace_to_stdout = False
        yield ray
    finally:
        ray.shutdown()


def _start(ray: Any) -> None:  # noqa: ANN401  # the module
    where = os.environ.get(ADDRESS)
    if where:
        _reach(where)
    here: dict[str, Any] = {
        "address": "local",
        "include_dashboard": False,
        "object_store_memory": _STORE,
        "_node_ip_address": "127.0.0.1",
    }
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **({} if where else here))
            return
        except Exception as err:  # of many kinds, none of which speaks of a note: nothing has been read yet
            ray.shutdown()
            if where or attempt == _ATTEMPTS:
                what = _unreached(where) if where else "Ray cannot be started here"
                raise AfterwordError(f"{what} ({type(err).__name__}). Its own log files say why.") from err


def _reach(where: str) -> None:
    """Return when something listens at `HOST:PORT` or `ray://HOST:PORT`, or when `where` is a word such as `auto`.

    Raises:
        AfterwordError: nothing does, or that is no address.
    """
    if where in ("auto", "local"):
        return
    try:
        place = urlsplit(where if "://" in where else f"//{where}")
        socket.create_connection((place.hostname or "", place.port or 0), timeout=_REACH_SECONDS).close()
    except (OSError, ValueError) as err:
        raise AfterwordError(
            f"{_unreached(where)} ({type(err).__name__}). Set {ADDRESS} to the HOST:PORT of a running cluster, or "
            "unset it to use this machine alone."
        ) from err


def _unreached(where: str) -> str:
    return f"The Ray cluster at {where} cannot be reached"
