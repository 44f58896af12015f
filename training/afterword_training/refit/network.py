"""The modes that train a network: from the champion's weights, or from the base encoder."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from afterword_model import Classifier
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_model.manifest import BaseEncoder
from afterword_model.reading import Reading
from afterword_training.augment import Example
from afterword_training.base_encoder import find_base_encoder
from afterword_training.checkpoint import Checkpoints, training_identity
from afterword_training.config import Encoder, Retrain
from afterword_training.corpus import examples_of
from afterword_training.finetune import finetune
from afterword_training.fit_encoder import assemble, exported
from afterword_training.labelled import LabelledNote
from afterword_training.members import tokenizer_of, whole
from afterword_training.network import NoteNetwork
from afterword_training.refit.refitted import Refitted, calibration_of
from afterword_training.refit.restore import restore_network
from afterword_training.refit.team import labels_of_team, normalized, part_team, read, some_of, witnesses
from afterword_training.train import Parts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Start:
    """What is trained: a network with its tokenizer, by which settings, and where its encoder came from."""

    network: NoteNetwork
    tokenizer: Tokenizer
    settings: Encoder
    base: BaseEncoder


def refit_network(
    notes: Sequence[LabelledNote],
    corpus: Parts,
    champion: Classifier,
    settings: Retrain,
    encoder: Encoder,
    *,
    from_base: bool,
    seed: int,
    base: Path | None,
    work: Path,
) -> Refitted:
    """Return a challenger of which the whole network was trained; see `refit` for what is what.

    Groups of the team that are held back set the temperature, beside the corpus's validation authors.

    Raises:
        ConfigError: the champion is no encoder, or the base encoder is not to be had.
        InputError: a checkpoint is damaged.
    """
    torch.manual_seed(seed)
    start = _from_base(encoder, base) if from_base else _from_champion(champion, settings, encoder)
    team = part_team(notes, settings.calibration_share, seed=seed)
    known = corpus.train if from_base else some_of(corpus.train, settings.corpus_share, seed=seed)
    own, weights = _team_examples(team.learned, champion, settings.team_weight)
    examples = [*own, *examples_of(known)]
    weights = [*weights, *[1.0] * len(known)]
    log.info("%d notes of the team and %d of the corpus to learn from", len(team.learned), len(known))
    identity = training_identity(start.network, start.tokenizer, start.settings, examples, weights, seed)
    network = finetune(
        start.network,
        start.tokenizer,
        examples,
        start.settings,
        seed=seed,
        weights=weights,
        checkpoints=Checkpoints(work, identity, every=settings.checkpoint_steps),
    )
    trained = exported(network, start.tokenizer, start.settings)
    fitted = _calibrated(trained, corpus, team.held, settings.team_weight, start)
    reader = champion.pipeline[0]
    same_words = isinstance(reader, OnnxEncoder) and reader.tokenizer == trained.tokenizer
    return replace(fitted, familiarity=champion.familiarity) if same_words else fitted


def _from_champion(champion: Classifier, settings: Retrain, encoder: Encoder) -> _Start:
    reader = champion.pipeline[0]
    if not isinstance(reader, OnnxEncoder) or champion.manifest is None or champion.manifest.base_encoder is None:
        raise ConfigError("The champion is no fine-tuned encoder, so it cannot be trained further. Use light or base.")
    changes = {
        "epochs": settings.epochs,
        "learning_rate": settings.learning_rate,
        "head_learning_rate": settings.head_learning_rate,
        "max_tokens": reader.max_tokens,
        "passage_tokens": reader.passage_tokens,
        "distill_weight": 0.0,
    }
    return _Start(
        restore_network(reader, dropout=encoder.dropout),
        whole(Tokenizer.from_str(reader.tokenizer)),
        encoder.model_copy(update=changes),
        champion.manifest.base_encoder,
    )


def _from_base(encoder: Encoder, folder: Path | None) -> _Start:
    found = find_base_encoder(encoder.base, folder)
    return _Start(
        NoteNetwork.from_base(str(found.folder), dropout=encoder.dropout),
        tokenizer_of(found),
        encoder.model_copy(update={"distill_weight": 0.0}),
        found.encoder,
    )


def _team_examples(
    notes: Sequence[LabelledNote], champion: Classifier, weight: float
) -> tuple[list[Example], list[float]]:
    """Return what is learned from each note, with weights: the whole, or of a long one the passages that bear witness.

    What is long is for the champion's encoder to say; where it is none, notes are cut as all training notes are.
    """
    texts, reader = normalized([note.text for note in notes]), champion.pipeline[0]
    parts = [[text] for text in texts]
    if isinstance(reader, OnnxEncoder):
        readings = read(reader, texts, "the team's notes")
        parts = [_parts(*each) for each in zip(notes, texts, readings, strict=True)]
    examples = [
        Example(part, note.label, spans_known=False) for note, some in zip(notes, parts, strict=True) for part in some
    ]
    return examples, [weight / len(some) for some in parts for _ in some]


def _parts(note: LabelledNote, text: str, reading: Reading) -> list[str]:
    if len(reading.passages) == 1:
        return [text]
    return [text[slice(*reading.passages[at])] for at in witnesses(reading, note.label)]


def _calibrated(
    encoder: OnnxEncoder, corpus: Parts, held: Sequence[LabelledNote], weight: float, start: _Start
) -> Refitted:
    known = examples_of(corpus.validation)
    own = [
        Example(text, note.label, spans_known=False)
        for text, note in zip(normalized([note.text for note in held]), held, strict=True)
    ]
    readings = read(encoder, [example.text for example in [*known, *own]], "what calibrates")
    weights = [1.0] * len(known) + [weight] * len(own)
    fitted = assemble(
        encoder, [*known, *own], readings, start.base, smoothing=start.settings.label_smoothing, weights=weights
    )
    truth = np.concatenate([np.array(corpus.validation["label"], dtype=np.int64), labels_of_team(held)])
    probabilities = fitted.pipeline[-1].predict_proba(readings)
    scored = calibration_of(corpus.validation, held, truth, probabilities)
    return Refitted(**vars(fitted), calibration=scored)
