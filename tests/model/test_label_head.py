import pickle

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone

from afterword_model.encoder import OnnxEncoder
from afterword_model.label_head import LabelHead


@pytest.fixture
def head():
    return LabelHead(np.arange(6, dtype=np.float32).reshape(3, 2), np.array([1, 0, -1], dtype=np.float32))


def test_it_weighs_each_vector(head):
    assert head(np.array([[1.0, 2.0], [0.0, 0.0]])).tolist() == [[3.0, 8.0, 13.0], [1.0, 0.0, -1.0]]


def test_sparse_vectors_give_the_same(head):
    vectors = np.array([[1.0, 0.0], [0.0, 3.0]])
    assert head(csr_matrix(vectors)).tolist() == head(vectors).tolist()


def test_an_encoder_saved_before_there_were_heads_has_none(head):
    encoder = OnnxEncoder(b"", "", max_tokens=16, passage_tokens=16)
    state = encoder.__getstate__()
    del state["head"]
    old = OnnxEncoder.__new__(OnnxEncoder)
    old.__setstate__(state)
    assert old.head is None
    assert clone(old).get_params()["head"] is None
    assert pickle.loads(pickle.dumps(old.set_params(head=head))).head(np.ones((1, 2))).tolist() == [[2.0, 5.0, 8.0]]
