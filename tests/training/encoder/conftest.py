"""A base encoder small enough to fine-tune in a test."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from afterword_model.artifact import sha256
from afterword_model.manifest import BaseEncoder
from afterword_training import base_encoder
from afterword_training.config import Augment, Encoder

WORDS = (
    "i she he asked waited said next time will ask first again and failed her the session was nothing "
    "why did say that bread milk rota"
)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = (*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), *sorted({*WORDS.split()} - {*LETTERS}))
"""Given and not learned: a trainer breaks ties by chance, and a tiny network then learns another thing each time."""


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-encoder")
    tokenizer = Tokenizer(models.WordPiece({piece: at for at, piece in enumerate(PIECES)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=200,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    (folder / "config.json").write_text(json.dumps({**config.to_dict(), "architectures": ["BertModel"]}))
    torch.manual_seed(0)
    weights = BertModel(config, add_pooling_layer=False).state_dict()
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / base_encoder.WEIGHTS)
    return folder


@pytest.fixture(scope="module")
def tiny_base(tiny_folder: Path) -> Iterator[Path]:
    """The folder, published under the name `tiny`."""
    published = BaseEncoder(name="tests/tiny", revision="1", sha256=sha256(tiny_folder / base_encoder.WEIGHTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(base_encoder.PUBLISHED, "tiny", published)
        yield tiny_folder


@pytest.fixture(scope="session")
def settings() -> Encoder:
    return Encoder(
        base="tiny",
        epochs=12,
        batch_size=4,
        learning_rate=3e-3,
        head_learning_rate=1e-2,
        weight_decay=0.01,
        warmup=0.1,
        max_tokens=32,
        passage_tokens=16,
        dropout=0.0,
        label_smoothing=0.0,
        marker_weight=0.1,
        marker_positive_weight=2.0,
        contrast_weight=0.0,
        distill_weight=0.0,
        distill_temperature=2.0,
        average_last=0.0,
        augment=Augment(surround=0.0, crop=0.0, noise=0.0),
    )
