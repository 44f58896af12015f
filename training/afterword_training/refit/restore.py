"""The way back from a champion's ONNX bytes to a network that can be trained on.

Every parameter is found by name: biases and normalisations stand in the graph under their own; the matrices of the
linear layers lost theirs in the export, but the nodes that use them are still called after the layer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel

from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_training.network import NoteNetwork

Weights = dict[str, npt.NDArray[np.float32]]
Constants = Mapping[str, npt.NDArray[Any]]

_ROOT = "network."
_UNPACKED = "_dequantized"
_LAYER = "encoder.encoder.layer."
_UNKNOWN = "The champion's network is not of the kind that can be trained further. Use the mode light, or base."


def restore_network(encoder: OnnxEncoder, *, dropout: float) -> NoteNetwork:
    """Return the network of a champion with its weights, those stored as int8 to within half a step of their scale.

    A head that was added to the champion's label logits becomes part of the label head.

    Raises:
        ConfigError: the graph is not that of a BERT encoder with our two heads.
    """
    graph = onnx.load_from_string(encoder.network).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = _weights(graph, constants)
    try:
        bert = BertModel(_config(graph, constants, weights), add_pooling_layer=False)
        network = NoteNetwork(bert, dropout=dropout, queries=len(weights["attend.bias"]))
        weights["label_head.weight"] = _with_mean(weights["label_head.weight"], network)
        network.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    except (KeyError, RuntimeError) as err:
        raise ConfigError(_UNKNOWN) from err
    if encoder.head is not None:
        with torch.no_grad():
            network.label_head.weight.add_(torch.from_numpy(_with_mean(encoder.head.coef, network)))
            network.label_head.bias.add_(torch.from_numpy(encoder.head.intercept))
    return network


def _weights(graph: onnx.GraphProto, constants: Constants) -> Weights:
    """Return the parameters of the network by their names in its `state_dict`."""
    found: Weights = {}
    for name in constants:
        stem, _, form = name.rpartition(".")
        if name.startswith(_ROOT) and form in {"weight", "bias", "weight_quantized"}:
            found[f"{stem}.{form.removesuffix('_quantized')}".removeprefix(_ROOT)] = _dense(name, constants)
    for node in graph.node:
        stored = node.input[1].replace(_UNPACKED, "_quantized") if len(node.input) > 1 else ""
        if node.op_type in {"MatMul", "MatMulInteger"} and stored in constants:
            layer = node.name.rpartition("/")[0].strip("/").replace("/", ".").removeprefix(_ROOT)
            found[f"{layer}.weight"] = _dense(stored, constants).T
        if node.op_type == "Gemm":
            layer = node.name.rpartition("/")[0].strip("/").replace("/", ".").removeprefix(_ROOT)
            found[f"{layer}.weight"] = _dense(node.input[1], constants)
    return found


def _with_mean(coef: npt.NDArray[np.float32], network: NoteNetwork) -> npt.NDArray[np.float32]:
    """Return a head's weights, with zeros for the mean of the tokens where it was not pooled, as in 0.6."""
    width = int(network.encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
    missing = network.label_head.in_features - coef.shape[1]
    return np.pad(coef, ((0, 0), (width, 0))) if missing == width else coef


def _dense(name: str, constants: Constants) -> npt.NDArray[np.float32]:
    """Return a constant as float, an int8 one by its scale and zero point, which are one, or one a column."""
    values = constants[name]
    stem = name.removesuffix("_quantized")
    if stem == name:
        return values.astype(np.float32)
    zero, scale = constants[f"{stem}_zero_point"].astype(np.int32), constants[f"{stem}_scale"]
    return np.asarray((values.astype(np.int32) - zero) * scale, dtype=np.float32)


def _config(graph: onnx.GraphProto, constants: Constants, weights: Weights) -> BertConfig:
    """Return the shape of the encoder, as its weights and its graph show it."""
    words = weights["encoder.embeddings.word_embeddings.weight"]
    layers = {name.removeprefix(_LAYER).split(".")[0] for name in weights if name.startswith(_LAYER)}
    return BertConfig(
        vocab_size=len(words),
        hidden_size=words.shape[1],
        num_hidden_layers=len(layers),
        num_attention_heads=words.shape[1] // _head_size(graph, constants),
        intermediate_size=len(weights[f"{_LAYER}0.intermediate.dense.bias"]),
        max_position_embeddings=len(weights["encoder.embeddings.position_embeddings.weight"]),
        type_vocab_size=len(weights["encoder.embeddings.token_type_embeddings.weight"]),
        layer_norm_eps=next(_epsilons(graph)),
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def _head_size(graph: onnx.GraphProto, constants: Constants) -> int:
    """Return the width of an attention head: the last number of the shapes that queries are reshaped to."""
    for node in graph.node:
        if node.op_type == "Concat" and "/attention/" in node.name and len(node.input) == 4:
            last = constants.get(node.input[3])
            if last is not None and int(last.item()) > 0:
                return int(last.item())
    raise ConfigError(_UNKNOWN)


def _epsilons(graph: onnx.GraphProto) -> Iterator[float]:
    for node in graph.node:
        if "LayerNorm" in node.op_type or node.op_type == "LayerNormalization":
            yield from (attribute.f for attribute in node.attribute if attribute.name == "epsilon")
    raise ConfigError(_UNKNOWN)
