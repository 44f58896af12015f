"""The encoder classifier: fine-tuned, exported to int8, calibrated on validation authors."""

import logging
from pathlib import Path

import torch
from datasets import Dataset
from sklearn.pipeline import Pipeline
from tokenizers import Tokenizer

from afterword_model.decide import NoteDecider
from afterword_model.encoder import OnnxEncoder
from afterword_model.labels import Label
from afterword_model.manifest import BaseEncoder
from afterword_model.prediction import Evidence
from afterword_model.token_markers import TokenMarkers
from afterword_training.base_encoder import find_base_encoder
from afterword_training.config import Encoder
from afterword_training.corpus import examples_of
from afterword_training.export import export_network
from afterword_training.finetune import finetune
from afterword_training.fitted import Fitted
from afterword_training.network import NoteNetwork

log = logging.getLogger(__name__)


def fit_encoder(
    train: Dataset, validation: Dataset, settings: Encoder, *, seed: int, base: Path | None = None
) -> Fitted:
    """Return the encoder fine-tuned on `train`; temperature and marker thresholds come from `validation`.

    `base` is a folder with the base encoder's files; without it they are looked for (see `find_base_encoder`).
    """
    found = find_base_encoder(settings.base, base)
    tokenizer = Tokenizer.from_file(str(found.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    examples = examples_of(train)
    torch.manual_seed(seed)
    network = NoteNetwork.from_base(str(found.folder), dropout=settings.dropout)
    fillers = [example.text for example in examples if example.label is Label.NEITHER]
    network = finetune(network, tokenizer, examples, settings, fillers=fillers, seed=seed)
    log.info("exporting with int8 weights")
    encoder = OnnxEncoder(
        export_network(network, int8=True),
        tokenizer.to_str(),
        max_tokens=settings.max_tokens,
        passage_tokens=settings.passage_tokens,
    )
    return calibrate(encoder, validation, settings, found.encoder)


def calibrate(encoder: OnnxEncoder, validation: Dataset, settings: Encoder, base: BaseEncoder) -> Fitted:
    """Return the classifier around `encoder`, its temperature and marker thresholds set on `validation`."""
    examples = examples_of(validation)
    texts = [example.text for example in examples]
    readings = encoder.transform(texts)
    decider = NoteDecider().fit(readings, validation["label"])
    marked = [[Evidence(span.kind, span.start, span.end) for span in example.spans] for example in examples]
    markers = TokenMarkers().fit(readings, texts, marked)
    pipeline = Pipeline([("encode", encoder), ("decide", decider)])
    return Fitted(pipeline, markers, temperature=decider.temperature_, base_encoder=base)
