"""Fine-tuning: from a base encoder and labelled notes to a network that reads notes."""

import logging
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS, MARKERS
from afterword_training.augment import Augmenter, Example
from afterword_training.checkpoint import Checkpoints, Stateful
from afterword_training.config import Encoder
from afterword_training.network import NoteNetwork
from afterword_training.precision import autocast

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """Tensors of one training step; marker targets are -1 where nothing is known."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    labels: torch.Tensor
    markers: torch.Tensor
    teacher: torch.Tensor | None
    weights: torch.Tensor | None
    """How much each note counts in the label loss; 1 on average over all notes."""


def finetune(
    network: NoteNetwork,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    settings: Encoder,
    *,
    seed: int,
    teacher_logits: npt.NDArray[np.float32] | None = None,
    weights: Sequence[float] | None = None,
    checkpoints: Checkpoints | None = None,
) -> NoteNetwork:
    """Train `network` in place on `examples` and return it, in evaluation mode.

    `teacher_logits` has shape `(len(examples), 3)`. Texts longer than `max_tokens` are cut there. `weights`, one an
    example, say how much each counts in the label loss beside the others. With `checkpoints` an interrupted training
    goes on where it was, and ends with the weights that an undisturbed one ends with.

    Raises:
        ConfigError: the settings want a teacher and there is none.
        InputError: a checkpoint is damaged.
    """
    if settings.distill_weight and teacher_logits is None:
        raise ConfigError("encoder.distill_weight is above 0, but there is no teacher to learn from. Set it to 0.")
    augment = Augmenter(settings.augment, examples, seed=seed)
    order = random.Random(seed)
    torch.manual_seed(seed)
    steps = settings.epochs * -(-len(examples) // settings.batch_size)
    shares = None if weights is None else torch.tensor(weights) / float(np.mean(weights))
    optimizer = _optimizer(network, settings)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _triangle(step, steps, settings.warmup))
    average = torch.optim.swa_utils.AveragedModel(network) if settings.average_last else None
    parts: dict[str, Stateful] = {"network": network, "optimizer": optimizer, "schedule": schedule}
    if average is not None:
        parts["average"] = average
    done = checkpoints.restore(parts) if checkpoints else 0
    network.train()
    step = 0
    with logging_redirect_tqdm(), _bar(steps, done) as bar:
        for epoch in range(settings.epochs):
            losses = []
            for batch in _batches(examples, tokenizer, settings, augment, order, teacher_logits, shares):
                step += 1
                if step <= done:  # drawn all the same, so that what follows is drawn as it would have been
                    continue
                losses.append(_step(network, batch, settings, optimizer, schedule))
                if average is not None and step > steps * (1 - settings.average_last):
                    average.update_parameters(network)
                if checkpoints:
                    checkpoints.note(step, parts, last=step == steps)
                bar.update()
            if losses:
                log.info("epoch %d of %d: mean loss %.4f", epoch + 1, settings.epochs, np.mean(losses))
    if average is not None:
        network.load_state_dict(average.module.state_dict())
    return network.eval()


def _step(
    network: NoteNetwork,
    batch: Batch,
    settings: Encoder,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    """Take one step down the loss, and return the loss before it."""
    optimizer.zero_grad()
    with autocast():
        loss = _loss(network, batch, settings)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return loss.item()


def _bar(steps: int, done: int) -> tqdm:
    return tqdm(total=steps, initial=done, unit=" steps", desc="training", disable=not sys.stderr.isatty())


def _optimizer(network: NoteNetwork, settings: Encoder) -> torch.optim.Optimizer:
    base: list[torch.nn.Parameter] = []
    heads: list[torch.nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        (base if name.startswith("encoder.") else heads).append(parameter)
    groups = [{"params": base, "lr": settings.learning_rate}, {"params": heads, "lr": settings.head_learning_rate}]
    return torch.optim.AdamW(groups, weight_decay=settings.weight_decay, fused=True)


def _triangle(step: int, steps: int, warmup: float) -> float:
    rise = max(1, int(steps * warmup))
    return (step + 1) / rise if step < rise else max(0.0, (steps - step) / max(1, steps - rise))


def _batches(
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    settings: Encoder,
    augment: Augmenter,
    order: random.Random,
    teacher_logits: npt.NDArray[np.float32] | None,
    shares: torch.Tensor | None,
) -> Iterator[Batch]:
    """Yield one epoch: shuffled, changed by `augment`, neighbours of like length in a batch."""
    changed = [augment(example) for example in examples]
    encodings = tokenizer.encode_batch([example.text for example in changed])
    indices = list(range(len(examples)))
    order.shuffle(indices)
    pool = settings.batch_size * 16
    groups: list[list[int]] = []
    for start in range(0, len(indices), pool):
        near = sorted(indices[start : start + pool], key=lambda i: len(encodings[i].ids))
        groups += [near[at : at + settings.batch_size] for at in range(0, len(near), settings.batch_size)]
    order.shuffle(groups)
    for group in groups:
        yield _batch(
            [changed[i] for i in group],
            [encodings[i] for i in group],
            settings.max_tokens,
            None if teacher_logits is None else teacher_logits[group],
            None if shares is None else shares[group],
        )


def _batch(
    examples: Sequence[Example],
    encodings: Sequence[object],
    max_tokens: int,
    teacher: npt.NDArray[np.float32] | None,
    weights: torch.Tensor | None,
) -> Batch:
    width = min(max_tokens, max(len(encoding.ids) for encoding in encodings))  # type: ignore[attr-defined]
    ids = torch.zeros(len(examples), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    markers = torch.full((len(examples), width, len(MARKERS)), -1.0)
    for row, (example, encoding) in enumerate(zip(examples, encodings, strict=True)):
        length = min(width, len(encoding.ids))  # type: ignore[attr-defined]
        ids[row, :length] = torch.tensor(encoding.ids[:length])  # type: ignore[attr-defined]
        mask[row, :length] = 1
        if example.spans_known:
            markers[row, :length] = _marker_targets(example, encoding.offsets[:length])  # type: ignore[attr-defined]
    labels = torch.tensor([LABELS.index(example.label) for example in examples])
    return Batch(ids, mask, labels, markers, None if teacher is None else torch.from_numpy(teacher), weights)


def _marker_targets(example: Example, offsets: Sequence[tuple[int, int]]) -> torch.Tensor:
    """Return 1 where a token overlaps a span of the kind, 0 elsewhere, -1 on special tokens: `(t, 7)`."""
    starts = torch.tensor([start for start, _ in offsets])
    ends = torch.tensor([end for _, end in offsets])
    targets = torch.zeros(len(offsets), len(MARKERS))
    for span in example.spans:
        targets[(starts < span.end) & (ends > span.start), MARKERS.index(span.kind)] = 1.0
    targets[starts == ends] = -1.0
    return targets


def _loss(network: NoteNetwork, batch: Batch, settings: Encoder) -> torch.Tensor:
    scores = network(batch.input_ids, batch.attention_mask)
    logits = scores.labels.float()
    each = functional.cross_entropy(logits, batch.labels, label_smoothing=settings.label_smoothing, reduction="none")
    loss = (each if batch.weights is None else each * batch.weights).mean()
    if batch.teacher is not None and settings.distill_weight:
        heat = settings.distill_temperature
        taught = functional.kl_div(
            (logits / heat).log_softmax(-1), (batch.teacher / heat).softmax(-1), reduction="batchmean"
        )
        loss = (1 - settings.distill_weight) * loss + settings.distill_weight * heat**2 * taught
    known = batch.markers >= 0
    if settings.marker_weight and known.any():
        more = torch.tensor(settings.marker_positive_weight)
        marked = functional.binary_cross_entropy_with_logits(
            scores.markers.float()[known], batch.markers[known], pos_weight=more
        )
        loss = loss + settings.marker_weight * len(MARKERS) * marked
    if settings.contrast_weight:
        loss = loss + settings.contrast_weight * _supervised_contrast(scores.pooled.float(), batch.labels)
    return loss


def _supervised_contrast(vectors: torch.Tensor, labels: torch.Tensor, heat: float = 0.1) -> torch.Tensor:
    """Return the supervised contrastive loss of Khosla et al. (2020), eq. 2, over one batch."""
    unit = functional.normalize(vectors, dim=-1)
    itself = torch.eye(len(labels), dtype=torch.bool)
    similarity = (unit @ unit.T / heat).masked_fill(itself, -1e9)
    same = (labels[:, None] == labels[None, :]) & ~itself
    log_share = similarity.log_softmax(-1)
    return -(log_share * same).sum(-1).div(same.sum(-1).clamp(min=1)).mean()
