"""Measures ways to use all processors for the shipped model, in turns, and tells which is the fastest.

    python -m tests.serving.measure.spreading [--notes 128] [--rounds 5] [-o serving/README.md]

Other work on the machine slows all ways, so they take turns and each is compared with the first of its round.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import joblib
import onnxruntime

from afterword_model import Classifier
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import AfterwordError
from afterword_model.reading import Reading
from afterword_training.documents import check_marks, fill

MARK = "spreading"
ROOT = Path(__file__).parents[3]
Way = Callable[[list[str]], object]
_worker: OnnxEncoder | None = None


class _ThreadsWithin(OnnxEncoder):
    """One window after another, each spread over threads by ONNX Runtime."""

    @property
    def _session(self) -> onnxruntime.InferenceSession:
        if not hasattr(self, "_opened"):
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = joblib.cpu_count()
            self._opened = onnxruntime.InferenceSession(self.network, options, providers=["CPUExecutionProvider"])
        return self._opened


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("-o", "--out", type=Path, help="document to write the table into as well")
    options = parser.parse_args()
    try:
        if options.out:
            check_marks(options.out, MARK)
    except AfterwordError as err:
        parser.error(str(err))
    texts = _texts(options.notes)
    settings = {name: value for name, value in _shipped().get_params(deep=False).items() if name != "threads"}
    with ProcessPoolExecutor(joblib.cpu_count(), initializer=_open, initargs=(settings,)) as pool:
        ways: dict[str, Way] = {
            "threads, a window each (shipped)": OnnxEncoder(**settings).transform,
            "one thread": OnnxEncoder(**settings, threads=1).transform,
            "threads within ONNX Runtime": _ThreadsWithin(**settings, threads=1).transform,
            "processes, a part of the notes each": lambda notes: list(pool.map(_read, _halves(notes))),
        }
        seconds = _take_turns(ways, texts, options.rounds)
    table = _table(seconds, options.notes, options.rounds)
    sys.stdout.write(table + "\n")
    if options.out:
        fill(options.out, MARK, table)


def _take_turns(ways: dict[str, Way], texts: list[str], rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for read in ways.values():
        read(texts[:8])
    for turn in range(rounds):
        for name, read in list(ways.items())[:: 1 if turn % 2 else -1]:
            began = time.perf_counter()
            read(texts)
            seconds[name].append(time.perf_counter() - began)
    return seconds


def _table(seconds: dict[str, list[float]], notes: int, rounds: int) -> str:
    first = next(iter(seconds.values()))
    lines = [
        f"The encoder alone on {joblib.cpu_count()} processors, {rounds} rounds of {notes} notes in turns, "
        "medians; where other work was running, only the last column says much:",
        "",
        "| way | notes a second | time, as a multiple of the first in the same round |",
        "| --- | ---: | ---: |",
    ]
    for name, taken in seconds.items():
        ratio = statistics.median(own / base for own, base in zip(taken, first, strict=True))
        lines.append(f"| {name} | {notes / statistics.median(taken):.0f} | {ratio:.2f} |")
    return "\n".join(lines)


def _shipped() -> Any:  # noqa: ANN401  # a step of a scikit-learn pipeline
    return Classifier.load().pipeline[0]


def _texts(count: int) -> list[str]:
    lines = (line for path in sorted((ROOT / "data" / "notes").glob("*.jsonl")) for line in path.open(encoding="utf-8"))
    return [json.loads(line)["text"] for line in islice(lines, 0, count * 40, 40)]


def _halves(notes: list[str]) -> list[list[str]]:
    count = joblib.cpu_count()
    return [notes[start::count] for start in range(count)]


def _open(settings: dict[str, Any]) -> None:
    global _worker
    _worker = OnnxEncoder(**settings, threads=1)


def _read(notes: list[str]) -> list[Reading]:
    assert _worker is not None
    return _worker.transform(notes)


if __name__ == "__main__":
    main()
