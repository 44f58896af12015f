"""Networks trained from a published encoder: the members whose weights are averaged, and their teacher."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS, Label
from afterword_training.augment import Example
from afterword_training.base_encoder import FoundEncoder, find_base_encoder
from afterword_training.checkpoint import Checkpoints, training_identity
from afterword_training.config import Encoder
from afterword_training.finetune import autocast, finetune
from afterword_training.network import NoteNetwork

log = logging.getLogger(__name__)

Logits = npt.NDArray[np.float32]

_STEPS = 200
"""Steps between two checkpoints."""
_READ_AT_ONCE = 32


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
    """
    tokenizer = tokenizer_of(found)
    fillers = [example.text for example in examples if example.label is Label.NEITHER]
    networks = []
    for member in range(settings.members):
        log.info("training %d of %d from %s", member + 1, settings.members, found.encoder.name)
        torch.manual_seed(seed)  # all start from the same heads, too: only then can weights be averaged
        network = NoteNetwork.from_base(str(found.folder), dropout=settings.dropout)
        member_seed = seed + member
        identity = training_identity(network, settings, examples, [], member_seed, teacher_logits)
        networks.append(
            finetune(
                network,
                tokenizer,
                examples,
                settings,
                fillers=fillers,
                seed=member_seed,
                teacher_logits=teacher_logits,
                checkpoints=Checkpoints(work, identity, every=_STEPS) if work else None,
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


def teach(
    examples: Sequence[Example], settings: Encoder, *, seed: int, folder: Path | None = None, work: Path | None = None
) -> Logits:
    """Return what a larger encoder, trained on the examples, answers to each: logits, shape `(n, 3)`, as `LABELS`.

    For knowledge distillation, Hinton et al. (2015), https://arxiv.org/abs/1503.02531. The teacher has seen the labels
    of the examples. `folder` holds its files; without it they are looked for.

    Raises:
        ConfigError: the settings name no teacher, or its files are not to be had.
        InputError: a checkpoint is damaged.
    """
    if settings.teacher is None:
        raise ConfigError("encoder.distill_weight is above 0, but [encoder.teacher] names no teacher. Set it to 0.")
    found = find_base_encoder(settings.teacher.base, folder)
    own = settings.model_copy(update={**settings.teacher.model_dump(), "members": 1, "distill_weight": 0.0})
    network = train_members(found, examples, own, seed=seed, work=work)
    return label_logits(network, tokenizer_of(found), [example.text for example in examples], own.max_tokens)


def label_logits(network: NoteNetwork, tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int) -> Logits:
    """Return the label logits of each text, cut at `max_tokens`: shape `(n, 3)`, in the order of `LABELS`."""
    ids = [encoding.ids[:max_tokens] for encoding in tokenizer.encode_batch(list(texts))]
    logits = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    for start in range(0, len(order), _READ_AT_ONCE):
        rows = order[start : start + _READ_AT_ONCE]
        batch = torch.nn.utils.rnn.pad_sequence([torch.tensor(ids[row]) for row in rows], batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(ids[row])) for row in rows], batch_first=True).long()
        with torch.no_grad(), autocast():
            logits[rows] = network(batch, mask).labels.float().numpy()
    return logits


def tokenizer_of(found: FoundEncoder) -> Tokenizer:
    """Return the tokenizer of a published encoder, set to neither pad nor cut."""
    return whole(Tokenizer.from_file(str(found.folder / "tokenizer.json")))


def whole(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer, set to neither pad nor cut."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
