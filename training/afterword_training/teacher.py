"""A larger encoder, trained on the same notes, whose answers the small one learns from: knowledge distillation.

Its logits are kept beside its checkpoint, as `FOLDER/IDENTITY.npy`, for an interrupted training to go on from: numbers,
no texts.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from tqdm import trange

from afterword_model.durable import whole_file
from afterword_model.errors import ConfigError, InputError
from afterword_model.labels import LABELS
from afterword_training.augment import Example
from afterword_training.base_encoder import find_base_encoder
from afterword_training.checkpoint import weight_digests
from afterword_training.config import Encoder
from afterword_training.identity import identity_of
from afterword_training.members import Logits, tokenizer_of, train_members
from afterword_training.network import NoteNetwork
from afterword_training.precision import autocast

log = logging.getLogger(__name__)

_READ_AT_ONCE = 32


def teach(
    examples: Sequence[Example], settings: Encoder, *, seed: int, folder: Path | None = None, work: Path | None = None
) -> Logits:
    """Return what a larger encoder, trained on the examples, answers to each: logits, shape `(n, 3)`, as `LABELS`.

    For knowledge distillation, Hinton et al. (2015), https://arxiv.org/abs/1503.02531. The teacher has seen the labels
    of the examples. `folder` holds its files; without it they are looked for.

    Raises:
        ConfigError: the settings name no teacher, or its files are not to be had.
        InputError: what an interrupted training had kept is damaged.
    """
    if settings.teacher is None:
        raise ConfigError("encoder.distill_weight is above 0, but [encoder.teacher] names no teacher. Set it to 0.")
    found = find_base_encoder(settings.teacher.base, folder)
    own = settings.model_copy(update={**settings.teacher.model_dump(), "members": 1, "distill_weight": 0.0})
    network = train_members(found, examples, own, seed=seed, work=work)
    texts = [example.text for example in examples]
    kept = work / f"{identity_of(weight_digests(network), texts, own.max_tokens)[:16]}.npy" if work else None
    if kept and kept.is_file():
        return _read(kept, rows=len(texts))
    logits = label_logits(network, tokenizer_of(found), texts, own.max_tokens)
    if kept:
        with whole_file(kept) as file:
            np.save(file, logits)
    return logits


def label_logits(network: NoteNetwork, tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int) -> Logits:
    """Return the label logits of each text, cut at `max_tokens`: shape `(n, 3)`, in the order of `LABELS`."""
    ids = [encoding.ids[:max_tokens] for encoding in tokenizer.encode_batch(list(texts))]
    logits = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    bar = trange(0, len(order), _READ_AT_ONCE, desc="teacher reads", disable=None)
    for start in bar:
        rows = order[start : start + _READ_AT_ONCE]
        batch = torch.nn.utils.rnn.pad_sequence([torch.tensor(ids[row]) for row in rows], batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(ids[row])) for row in rows], batch_first=True).long()
        with torch.no_grad(), autocast():
            logits[rows] = network(batch, mask).labels.float().numpy()
    return logits


def _read(path: Path, *, rows: int) -> Logits:
    try:
        logits: Logits = np.load(path)
        if logits.shape != (rows, len(LABELS)):
            raise ValueError("other notes")
    except (OSError, EOFError, ValueError) as err:
        told = f"{path} is damaged ({type(err).__name__}). Delete that file to ask the teacher again."
        raise InputError(told) from err
    log.info("going on with what the teacher had answered")
    return logits
