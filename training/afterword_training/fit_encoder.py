"""The encoder classifier: fine-tuned, exported to int8, calibrated on validation authors."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from datasets import Dataset
from sklearn.pipeline import Pipeline
from tokenizers import Tokenizer

from afterword_model.decide import NoteDecider
from afterword_model.encoder import OnnxEncoder
from afterword_model.familiarity import Familiarity
from afterword_model.labels import LABELS
from afterword_model.manifest import BaseEncoder
from afterword_model.prediction import Evidence
from afterword_model.reading import Reading
from afterword_model.token_markers import TokenMarkers
from afterword_training.augment import Example
from afterword_training.base_encoder import find_base_encoder
from afterword_training.config import Encoder
from afterword_training.corpus import examples_of
from afterword_training.export import export_network
from afterword_training.fitted import Fitted
from afterword_training.members import tokenizer_of, train_members
from afterword_training.network import NoteNetwork
from afterword_training.places import NOWHERE, Places
from afterword_training.teacher import teach

log = logging.getLogger(__name__)


def fit_encoder(
    train: Dataset, validation: Dataset, settings: Encoder, *, seed: int, places: Places = NOWHERE
) -> Fitted:
    """Return the encoder fine-tuned on `train`; temperature and marker thresholds come from `validation`.

    Raises:
        ConfigError: an encoder's files are not to be had.
        InputError: a checkpoint in `places.work` is damaged.
    """
    found = find_base_encoder(settings.base, places.base)
    examples = examples_of(train)
    teacher_logits = None
    if settings.distill_weight:
        teacher_logits = teach(examples, settings, seed=seed, folder=places.teacher, work=places.work)
    network = train_members(found, examples, settings, seed=seed, work=places.work, teacher_logits=teacher_logits)
    encoder = exported(network, tokenizer_of(found), settings)
    return calibrate(encoder, train, validation, found.encoder, smoothing=settings.label_smoothing)


def exported(network: NoteNetwork, tokenizer: Tokenizer, settings: Encoder) -> OnnxEncoder:
    """Return the trained network as the step of a pipeline, with int8 weights."""
    log.info("exporting with int8 weights")
    return OnnxEncoder(
        export_network(network, int8=True),
        tokenizer.to_str(),
        max_tokens=settings.max_tokens,
        passage_tokens=settings.passage_tokens,
    )


def calibrate(
    encoder: OnnxEncoder, train: Dataset, validation: Dataset, base: BaseEncoder, *, smoothing: float
) -> Fitted:
    """Return the classifier around `encoder`; temperature, thresholds and what is strange are set on `validation`."""
    examples = examples_of(validation)
    readings = encoder.transform([example.text for example in examples])
    known = encoder.pieces([example.text for example in examples_of(train)])
    familiarity = Familiarity(vocabulary=encoder.vocabulary).fit(known).set_limit(readings)
    return replace(assemble(encoder, examples, readings, base, smoothing=smoothing), familiarity=familiarity)


def assemble(
    encoder: OnnxEncoder,
    examples: Sequence[Example],
    readings: Sequence[Reading],
    base: BaseEncoder,
    *,
    smoothing: float,
    weights: Sequence[float] | None = None,
) -> Fitted:
    """Return the classifier around `encoder`, calibrated on `examples`, whose `readings` it gave.

    `smoothing` is the label smoothing that its network was trained with. `weights`, one an example, say how much each
    counts for the temperature; those whose marker spans are not known do not count for the marker thresholds.
    """
    decider = NoteDecider(smoothing).fit(readings, [LABELS.index(example.label) for example in examples], weights)
    marked = [(reading, example) for reading, example in zip(readings, examples, strict=True) if example.spans_known]
    markers = TokenMarkers().fit(
        [reading for reading, _ in marked],
        [example.text for _, example in marked],
        [[Evidence(span.kind, span.start, span.end) for span in example.spans] for _, example in marked],
    )
    pipeline = Pipeline([("encode", encoder), ("decide", decider)])
    return Fitted(pipeline, markers, temperature=decider.temperature_, base_encoder=base)
