import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from tests.training.refit.conftest import KITCHEN, REFLECTION
from tokenizers import Tokenizer

from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_model.label_head import LabelHead
from afterword_training.export import export_network
from afterword_training.network import NoteNetwork
from afterword_training.refit.restore import restore_network


@pytest.fixture(scope="module")
def network(tiny_folder):
    torch.manual_seed(4)
    made = NoteNetwork.from_base(str(tiny_folder), dropout=0.0).eval()
    with torch.no_grad():
        for weights in made.parameters():  # as training would; equal ones are exported once, under one name
            weights += 0.02 * torch.randn_like(weights)
    return made


def encoder_of(network, tokenizer="", *, int8):
    return OnnxEncoder(export_network(network, int8=int8), tokenizer, max_tokens=32, passage_tokens=16, threads=1)


def test_every_weight_comes_back_from_an_exact_export(network):
    restored = restore_network(encoder_of(network, int8=False), dropout=0.0).state_dict()
    assert set(restored) == set(network.state_dict())
    for name, weights in network.state_dict().items():
        np.testing.assert_allclose(restored[name], weights, atol=1e-7, err_msg=name)


def test_int8_weights_come_back_to_half_a_step(network):
    restored = restore_network(encoder_of(network, int8=True), dropout=0.0).state_dict()
    for name, weights in network.state_dict().items():
        step = 2 * float(weights.abs().max()) / 254
        np.testing.assert_allclose(restored[name], weights, atol=step / 2 + 1e-6, err_msg=name)


@pytest.mark.parametrize(
    "head", [None, LabelHead(np.full((3, 128), 0.02, np.float32), np.array([1, 0, 2], np.float32))]
)
def test_the_restored_network_says_what_the_champion_says(network, tiny_folder, head):
    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    encoder = encoder_of(network, tokenizer.to_str(), int8=True).set_params(head=head)
    restored = restore_network(encoder, dropout=0.0).eval()
    texts = [*REFLECTION, *KITCHEN]
    for text, reading in zip(texts, encoder.transform(texts), strict=True):
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.no_grad():
            scores = restored(ids, torch.ones_like(ids))
        np.testing.assert_allclose(scores.labels[0], reading.logits[0], atol=0.05)
        np.testing.assert_allclose(scores.markers[0, 1:-1], reading.markers, atol=0.1)


class NetworkWithoutMean(NoteNetwork):
    """The network as it was in 0.6: the attention-weighted sums alone."""

    def __init__(self, encoder, *, dropout):
        super().__init__(encoder, dropout=dropout)
        self.label_head = torch.nn.Linear(3 * encoder.config.hidden_size, 3)

    def pool(self, tokens, mask):
        return super().pool(tokens, mask)[:, tokens.shape[-1] :]


@pytest.mark.parametrize("head", [None, LabelHead(np.full((3, 96), 0.02, np.float32), np.array([1, 0, 2], np.float32))])
def test_a_network_of_0_6_can_be_trained_further(tiny_folder, head):
    torch.manual_seed(5)
    network = NetworkWithoutMean.from_base(str(tiny_folder), dropout=0.0).eval()
    with torch.no_grad():
        for weights in network.parameters():  # as in `network`
            weights += 0.02 * torch.randn_like(weights)
    restored = restore_network(encoder_of(network, int8=False).set_params(head=head), dropout=0.0).eval()
    ids, mask = torch.tensor([[2, 7, 9, 8, 3], [2, 9, 3, 0, 0]]), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with torch.no_grad():
        expected, found = network(ids, mask), restored(ids, mask)
    added = 0 if head is None else head(expected.pooled.numpy())
    np.testing.assert_allclose(found.labels, expected.labels.numpy() + added, atol=1e-5)
    np.testing.assert_allclose(found.pooled[:, 32:], expected.pooled, atol=1e-5)


def test_another_kind_of_network_is_refused():
    node = helper.make_node("Identity", ["input_ids"], ["labels"])
    value = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, 1])
    graph = helper.make_graph(
        [node], "g", [value], [helper.make_tensor_value_info("labels", TensorProto.INT64, [1, 1])]
    )
    encoder = OnnxEncoder(helper.make_model(graph).SerializeToString(), "", max_tokens=32, passage_tokens=16)
    with pytest.raises(ConfigError, match="Use the mode light, or base"):
        restore_network(encoder, dropout=0.0)


def test_a_network_with_a_part_missing_is_refused(network):
    encoder = encoder_of(network, int8=False)
    model = onnx.load_from_string(encoder.network)
    for node in model.graph.node:
        if node.name == "/network/attend/MatMul":
            node.name = "renamed"
    encoder.set_params(network=model.SerializeToString())
    with pytest.raises(ConfigError, match="cannot|not of the kind"):
        restore_network(encoder, dropout=0.0)
