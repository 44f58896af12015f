"""Comparison: several ways to label notes on the same splits, in one run, as one table."""

import logging
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from datasets import Dataset
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from afterword_model.errors import AfterwordError, ConfigError, InputError
from afterword_training.config import load_config
from afterword_training.corpus import corpus_sha256, load_corpus
from afterword_training.metrics import (
    Indices,
    Probabilities,
    Scored,
    accuracy,
    expected_calibration_error,
    macro_f1,
    two_way_accuracy,
)
from afterword_training.peers import PEERS, make_peer
from afterword_training.peers.base import Answers, Peer, Setup
from afterword_training.peers.report import Measured, NotMeasured, Row, results_page
from afterword_training.train import Parts, split_corpus

log = logging.getLogger(__name__)

CORES = 2
_IDLE = 0.5
"""Load average up to which times can be trusted."""
_ABSOLUTE = re.compile(r"(?<!\S)(?:/[^/\s]+)+/([^/\s]+)")
"""A path of this machine; the page names only its last part."""
_PASSES = 3
"""Passes over the test notes; their median is the speed."""


@dataclass(frozen=True)
class Comparison:
    """What is compared, and on what; paths as they were given."""

    config: Path
    notes: Path
    peers: tuple[str, ...] = tuple(PEERS)
    model: Path | None = None
    base: Path | None = None
    limit: int | None = None
    """Notes of each part at most, for a quick trial."""


def compare(comparison: Comparison, out: Path | None = None) -> str:
    """Return the page of results; with `out` it is also written there, anew after each peer, so that none is lost.

    A peer whose package is missing, or that fails, is listed as such.

    Raises:
        AfterwordError: a peer is unknown, or configuration or notes cannot be used.
    """
    unknown = [name for name in comparison.peers if name not in PEERS]
    if unknown or not comparison.peers:
        raise ConfigError(f"There is no peer called {', '.join(unknown) or 'nothing'}; known are {', '.join(PEERS)}.")
    if out is not None and not out.parent.is_dir():
        raise ConfigError(f"There is no folder {out.parent} to write {out.name} to. Make it, or give another with -o.")
    config = load_config(comparison.config)
    parts = _parts(comparison, split_corpus(load_corpus(comparison.notes), config.split), config.seed)
    setup = Setup(config, corpus_sha256(comparison.notes), comparison.base, comparison.model, CORES)
    rows: list[Row] = []
    page, load = "", _load()
    with _cores(CORES) as cores:
        for name in comparison.peers:
            log.info("%s: fitting on %d notes", name, len(parts.train))
            rows.append(measure(name, setup, parts))
            page = results_page(rows, command=spell(comparison), parts=parts, cores=cores, load=load)
            if out is not None:
                out.write_text(page, encoding="utf-8")
    return page


def measure(name: str, setup: Setup, parts: Parts) -> Row:
    """Return the figures of one peer, or why there are none."""
    try:
        with redirect_stdout(sys.stderr):  # what other packages print is no part of the result
            return _measured(make_peer(name, setup), parts)
    except AfterwordError as err:
        return NotMeasured(name, _ABSOLUTE.sub(r"\1", str(err)))
    except ImportError as err:
        return NotMeasured(name, f"{err.name or name} cannot be imported. Install the extra `bench`.")
    except Exception as err:  # foreign packages raise anything; one that fails must not end the others' run
        log.info("%s: failed", name)
        return NotMeasured(name, f"{type(err).__name__} in {_place(err)}.")


def _measured(peer: Peer, parts: Parts) -> Measured:
    seconds = peer.train(parts.train, parts.validation)
    temperature = None
    if peer.answers is Answers.RAW:
        temperature = fit_temperature(peer.predict_proba(parts.validation["text"]), np.array(parts.validation["label"]))
    found = peer.predict_proba(parts.test["text"])
    scored = Scored(
        np.array(parts.test["label"]),
        scale(found, temperature) if temperature else found,
        np.array(parts.test["author"]),
    )
    return Measured(
        title=peer.title,
        accuracy=accuracy(scored),
        macro_f1=macro_f1(scored),
        ece=None if peer.answers is Answers.SCORES else expected_calibration_error(scored),
        two_way_accuracy=two_way_accuracy(scored),
        notes_per_second=notes_per_second(peer, list(parts.test["text"])),
        megabytes=peer.megabytes(),
        train_seconds=seconds,
        temperature=temperature,
        settings=peer.settings,
        distributions=peer.distributions,
    )


def fit_temperature(probabilities: Probabilities, truth: Indices) -> float:
    """Return the temperature that gives the true labels the least log loss (Guo et al. 2017)."""
    labels = range(probabilities.shape[1])

    def loss(logarithm: float) -> float:
        return float(log_loss(truth, scale(probabilities, float(np.exp(logarithm))), labels=labels))

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def scale(probabilities: Probabilities, temperature: float) -> Probabilities:
    """Return the probabilities with their logarithms divided by `temperature`."""
    return np.asarray(softmax(np.log(probabilities.clip(1e-9)) / temperature, axis=1))


def notes_per_second(peer: Peer, texts: Sequence[str], *, passes: int = _PASSES) -> float:
    """Return the median speed over several passes."""
    speeds = []
    for _ in range(passes):
        start = time.perf_counter()
        peer.predict_proba(texts)
        speeds.append(len(texts) / (time.perf_counter() - start))
    return statistics.median(speeds)


def spell(comparison: Comparison) -> str:
    """Return the command line of a comparison; of folders outside the project, only the name."""
    options = {
        "config": comparison.config,
        "notes": comparison.notes,
        "peers": ",".join(comparison.peers),
        "model": comparison.model,
        "base": "FOLDER" if comparison.base else None,
        "limit": comparison.limit,
    }
    words = [f"--{name} {_short(value)}" for name, value in options.items() if value is not None]
    return " ".join(["afterword-train compare", *words])


def _short(value: object) -> str:
    return value.name if isinstance(value, Path) and value.is_absolute() else str(value)


def _parts(comparison: Comparison, parts: Parts, seed: int) -> Parts:
    for name, part in vars(parts).items():
        if not len(part):
            raise InputError(f"{comparison.notes} holds no {name} notes of the authors in {comparison.config}.")
    return Parts(**{name: _some(part, comparison.limit, seed) for name, part in vars(parts).items()})


def _some(notes: Dataset, limit: int | None, seed: int) -> Dataset:
    if limit is None or len(notes) <= limit:
        return notes
    drawn = np.random.default_rng(seed).choice(len(notes), limit, replace=False)
    return notes.select(sorted(int(row) for row in drawn))


@contextmanager
def _cores(wanted: int) -> Iterator[int]:
    """Keep this process on `wanted` cores where the system can, and yield how many it then has."""
    if not hasattr(os, "sched_setaffinity"):
        with threadpool_limits(wanted):
            yield min(wanted, os.cpu_count() or wanted)
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:wanted])
    try:
        with threadpool_limits(wanted):
            yield len(os.sched_getaffinity(0))
    finally:
        os.sched_setaffinity(0, before)


def _load() -> float | None:
    """Return how many processes already want a core, averaged over a minute; None where the system does not say."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    if load is not None and load > _IDLE:
        log.warning(
            "this machine is busy (load %.1f): speeds and training times will come out worse than they are", load
        )
    return load


def _place(err: BaseException) -> str:
    """Return where an error was raised; its message stays unsaid, as it may quote a note."""
    trace = err.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    file = Path(trace.tb_frame.f_code.co_filename)
    return f"{file.parent.name}/{file.name}, line {trace.tb_lineno}"
