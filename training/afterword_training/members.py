"""Networks trained from a published encoder, and the mean of their weights."""

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from afterword_training.augment import Example
from afterword_training.base_encoder import FoundEncoder
from afterword_training.checkpoint import Checkpoints, training_identity
from afterword_training.config import Encoder
from afterword_training.finetune import finetune
from afterword_training.network import NoteNetwork

log = logging.getLogger(__name__)

Logits = npt.NDArray[np.float32]

_STEPS = 200
"""Steps between two checkpoints."""


def train_members(
    found: FoundEncoder,
    examples: Sequence[Example],
    settings: Encoder,
    *,
    seed: int,
    work: Path | None = None,
    teacher_logits: Logits | None = None,
) -> NoteNetwork:
    """Return a network with the mean weights of `settings.members` trainings from one start.

    `teacher_logits` has shape `(len(examples), 3)`. With `work` an interrupted training goes on.

    Raises:
        InputError: a checkpoint is damaged.
        ConfigError: another process does the same training with the same `work`.
    """
    tokenizer = tokenizer_of(found)
    networks = []
    for member in range(settings.members):
        log.info("training %d of %d from %s", member + 1, settings.members, found.encoder.name)
        torch.manual_seed(seed)  # all start from the same heads, too: only then can weights be averaged
        network = NoteNetwork.from_base(str(found.folder), dropout=settings.dropout)
        network.freeze(settings.frozen_layers)
        member_seed = seed + member
        identity = training_identity(network, tokenizer, settings, examples, [], member_seed, teacher_logits)
        checkpoints = Checkpoints(work, identity, every=_STEPS) if work else None
        with checkpoints.alone() if checkpoints else nullcontext():
            networks.append(
                finetune(
                    network,
                    tokenizer,
                    examples,
                    settings,
                    seed=member_seed,
                    teacher_logits=teacher_logits,
                    checkpoints=checkpoints,
                )
            )
    return average(networks)


def average(networks: Sequence[NoteNetwork]) -> NoteNetwork:
    """Return the first of the networks, its weights now the mean of all: a uniform soup.

    Wortsman et al. (2022), https://arxiv.org/abs/2203.05482.
    """
    states = [network.state_dict() for network in networks]
    mean = {name: torch.stack([state[name].double() for state in states]).mean(0) for name in states[0]}
    networks[0].load_state_dict(mean)
    return networks[0].eval()


def tokenizer_of(found: FoundEncoder) -> Tokenizer:
    """Return the tokenizer of a published encoder, set to neither pad nor cut."""
    return whole(Tokenizer.from_file(str(found.folder / "tokenizer.json")))


def whole(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer, set as it is in use: it neither pads nor cuts, and "[SEP]" in a note is text."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    return tokenizer
