"""The encoder step: normalised notes in, readings out, by one forward pass of an ONNX network.

The network takes `input_ids` and `attention_mask`, shape `(n, t)`, and gives `labels` `(n, 3)`, `markers` `(n, t, 7)`
and `pooled` `(n, h)`. Its bytes and the tokenizer's travel inside the estimator, and so inside `model.joblib`.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

import joblib
import numpy as np
import numpy.typing as npt
import onnxruntime
from sklearn.base import BaseEstimator, TransformerMixin
from tokenizers import Tokenizer

from afterword_model.label_head import LabelHead
from afterword_model.reading import Reading
from afterword_model.segment import sentences

Floats = npt.NDArray[np.float32]
Scores = tuple[Floats, Floats, Floats]
"""Label logits, marker logits and pooled vector of one window."""


@dataclass(frozen=True)
class _Window:
    """Tokens `start` to `end` (exclusive) of note `note`."""

    note: int
    start: int
    end: int
    ids: list[int] = field(repr=False)


class OnnxEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Reads notes with a fine-tuned encoder; one of more than `max_tokens` in passages of at most `passage_tokens`.

    Each window goes through the network by itself, `threads` of them at a time (None: one a processor), since the scale
    of int8 activations spans a whole batch: with neighbours in it, a note's scores would depend on them.

    A `head` is added to the network's own label logits, which so follow a team's notes while the network stays.
    """

    head: LabelHead | None = None
    """None too in artifacts that were saved before there was one."""

    def __init__(
        self,
        network: bytes,
        tokenizer: str,
        *,
        max_tokens: int,
        passage_tokens: int,
        threads: int | None = None,
        head: LabelHead | None = None,
    ) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.passage_tokens = passage_tokens
        self.threads = threads
        self.head = head

    def fit(self, X: Sequence[str], y: object = None) -> Self:  # noqa: ARG002  # the weights come fitted
        """Return itself; the network was trained before it came here."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is rebuilt on first use: open sessions cannot be pickled."""
        return {name: value for name, value in super().__getstate__().items() if name not in {"_session", "_tokenizer"}}

    def open(self) -> None:
        """Open the network and the tokenizer, and read an empty note with them: an unusable one raises here."""
        self.transform([""])

    def transform(self, X: Sequence[str]) -> list[Reading]:
        """Return one reading a note, in order."""
        encodings = self._tokenizer.encode_batch(list(X), add_special_tokens=False)
        windows = [
            window
            for note, (text, encoding) in enumerate(zip(X, encodings, strict=True))
            for window in self._windows(note, text, encoding)
        ]
        parts: list[list[tuple[_Window, Scores]]] = [[] for _ in X]
        for window, scores in zip(windows, self._scores(windows), strict=True):
            parts[window.note].append((window, scores))
        return [_reading(encoding, part) for encoding, part in zip(encodings, parts, strict=True)]

    def pieces(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Return the ids of each text's word pieces, without reading it."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]

    @property
    def vocabulary(self) -> int:
        """How many word pieces there are."""
        return int(self._tokenizer.get_vocab_size())

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(self.network, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_str(self.tokenizer)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.encode_special_tokens = True  # "[SEP]" or "[MASK]" in a note is text like any other
        return tokenizer

    def _windows(self, note: int, text: str, encoding: Any) -> Iterator[_Window]:  # noqa: ANN401  # tokenizers has no types
        first, last = self._tokenizer.encode("").ids
        for start, end in _borders(text, encoding.offsets, most=self.max_tokens - 2, room=self.passage_tokens - 2):
            yield _Window(note, start, end, [first, *encoding.ids[start:end], last])

    def _scores(self, windows: Sequence[_Window]) -> list[Scores]:
        threads = min(self.threads or joblib.cpu_count(), len(windows))
        _ = self._session  # opened once, before the threads ask for it
        if threads <= 1:
            return [self._run(window) for window in windows]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self._run, windows))

    def _run(self, window: _Window) -> Scores:
        ids = np.array([window.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        labels, markers, pooled = self._session.run(["labels", "markers", "pooled"], inputs)
        if self.head is not None:
            labels = labels + self.head(pooled)
        return labels[0], markers[0, 1:-1], pooled[0]


def _borders(text: str, offsets: Sequence[tuple[int, int]], *, most: int, room: int) -> list[tuple[int, int]]:
    """Return token ranges of windows: all at once up to `most` tokens, else whole sentences, about as many in each.

    None of several windows has more than `room` tokens. A blank line ends one that has a third of that, lest what one
    paragraph says be lost in the next. A sentence that is longer is cut into equal parts, the last of which what
    follows may join.
    """
    if len(offsets) <= most:
        return [(0, len(offsets))]
    ends = [end for _, end in offsets]
    parts = sentences(text)
    marks = [int(np.searchsorted(ends, part.end, side="right")) for part in parts]
    closes = ["\n\n" in text[part.end : after.start] for part, after in pairwise(parts)]
    count = -(-len(offsets) // room)
    fair = min(room, -(-len(offsets) // count) + room // 8)
    borders, start, reached = [], 0, 0
    for mark, after_blank in zip([*marks, len(offsets)], [False, *closes, False], strict=True):
        if reached > start and (mark - start > fair or (after_blank and reached - start >= room // 3)):
            borders.append((start, reached))
            start = reached
        *done, (start, reached) = _equal_parts(start, mark, room)
        borders += done
    return [*borders, (start, reached)] if reached > start else borders


def _equal_parts(start: int, end: int, most: int) -> list[tuple[int, int]]:
    count = max(1, -(-(end - start) // most))
    return list(pairwise(start + (end - start) * part // count for part in range(count + 1)))


def _reading(encoding: Any, parts: Sequence[tuple[_Window, Scores]]) -> Reading:  # noqa: ANN401  # tokenizers has no types
    offsets = encoding.offsets
    return Reading(
        passages=tuple((offsets[w.start][0], offsets[w.end - 1][1]) if w.end > w.start else (0, 0) for w, _ in parts),
        logits=np.stack([scores[0] for _, scores in parts]),
        pooled=np.stack([scores[2] for _, scores in parts]),
        tokens=np.array(offsets, dtype=np.int64).reshape(-1, 2),
        pieces=np.array(encoding.ids, dtype=np.int64),
        markers=np.concatenate([scores[1] for _, scores in parts]),
    )
