"""Export: from the fine-tuned network to ONNX bytes with int8 weights."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from torch import nn

from afterword_training.network import NoteNetwork

OUTPUTS = ["labels", "markers", "pooled"]


class _Flat(nn.Module):
    """The network with plain tensors as outputs, as an export wants them."""

    def __init__(self, network: NoteNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        scores = self.network(input_ids, attention_mask)
        return scores.labels, scores.markers, scores.pooled


def export_network(network: NoteNetwork, *, int8: bool) -> bytes:
    """Return the network as ONNX: fused for a processor; with int8 weights where asked, most products in int8 too."""
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, small = (Path(folder) / name for name in ("plain.onnx", "fused.onnx", "small.onnx"))
        _to_onnx(network, plain)
        config: Any = network.encoder.config
        model = optimize_model(
            str(plain),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=1,
        )
        model.save_model_to_file(str(fused))
        if not int8:
            return fused.read_bytes()
        wide = _wide_ranged(onnx.load(fused).graph)
        quantize_dynamic(
            fused,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            nodes_to_exclude=wide,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        smaller = onnx.load(small)
        _store_as_int8(smaller.graph, set(wide))
        return bytes(smaller.SerializeToString())


def _wide_ranged(graph: onnx.GraphProto) -> list[str]:
    """Return the nodes whose inputs a single int8 scale serves badly: a few of their values are far above the rest.

    These are the second layers of the feed-forward blocks (Bondarenko et al. 2021, "Understanding and overcoming the
    challenges of efficient transformer quantization"). They are computed in f32.
    """
    return [
        node.name
        for node in graph.node
        if node.op_type == "MatMul" and node.name.endswith("/output/dense/MatMul") and "/attention/" not in node.name
    ]


def _store_as_int8(graph: onnx.GraphProto, names: set[str]) -> None:
    """Store the weights of the named nodes as int8, one scale a column; they become f32 again when it is opened."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    unpacked = []
    for node in graph.node:
        if node.name not in names:
            continue
        stem = node.input[1]
        weights = numpy_helper.to_array(constants[stem])
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-12) / 127
        parts = {
            f"{stem}_quantized": np.round(weights / scale).astype(np.int8),
            f"{stem}_scale": scale.astype(np.float32),
            f"{stem}_zero_point": np.zeros(len(scale), dtype=np.int8),
        }
        graph.initializer.remove(constants[stem])
        graph.initializer.extend(numpy_helper.from_array(values, name) for name, values in parts.items())
        node.input[1] = f"{stem}_dequantized"
        unpacked.append(
            helper.make_node("DequantizeLinear", list(parts), [node.input[1]], name=f"{node.name}_dequantize", axis=1)
        )
    for node in unpacked:
        graph.node.insert(0, node)


def _to_onnx(network: NoteNetwork, path: Path) -> None:
    ids = torch.randint(5, 100, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    axes = {0: "note", 1: "token"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        torch.onnx.export(
            _Flat(network).eval(),
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=OUTPUTS,
            dynamic_axes={
                "input_ids": axes,
                "attention_mask": axes,
                "labels": {0: "note"},
                "markers": axes,
                "pooled": {0: "note"},
            },
            opset_version=17,
            dynamo=False,
        )
    onnx.checker.check_model(str(path))
