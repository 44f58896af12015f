"""Export: from the fine-tuned network to ONNX bytes with int8 weights."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
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
    """Return the network as ONNX: fused for a processor, with int8 weights where asked, f32 activations."""
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
        quantize_dynamic(
            fused,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        return small.read_bytes()


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
