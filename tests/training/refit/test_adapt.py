import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from afterword_training.refit.adapt import adapt_head


@pytest.fixture
def rows():
    draw = np.random.default_rng(5)
    labels = np.arange(60) % 3
    vectors = draw.normal(size=(60, 4)) + np.eye(3, 4)[labels]
    return vectors, labels, np.ones(60)


def length(vectors):
    return np.sqrt(np.square(vectors).sum(axis=1).mean())


def test_without_a_champion_it_is_plain_logistic_regression(rows):
    vectors, labels, weights = rows
    head = adapt_head(vectors, np.zeros((60, 3)), labels, weights, strength=0.05)
    scaled = np.column_stack([vectors / length(vectors), np.ones(60)])
    plain = LogisticRegression(C=1 / (0.05 * 60), fit_intercept=False, tol=1e-8).fit(scaled, labels)
    np.testing.assert_allclose(head.coef, plain.coef_[:, :-1] / length(vectors), atol=1e-3)
    np.testing.assert_allclose(head.intercept, plain.coef_[:, -1], atol=1e-3)


def test_a_strong_pull_leaves_the_champion_as_it_is(rows):
    vectors, labels, weights = rows
    head = adapt_head(vectors, np.zeros((60, 3)), labels, weights, strength=1e6)
    assert np.abs(head(vectors)).max() < 1e-5


def test_what_the_champion_knows_is_not_learned_again(rows):
    vectors, labels, weights = rows
    knows = 20 * np.eye(3)[labels]
    assert np.abs(adapt_head(vectors, knows, labels, weights, strength=0.01)(vectors)).max() < 1e-3


def test_it_corrects_a_champion_that_is_wrong(rows):
    vectors, labels, weights = rows
    wrong = 2 * np.eye(3)[(labels + 1) % 3]
    head = adapt_head(vectors, wrong, labels, weights, strength=1e-3)
    assert (wrong.argmax(axis=1) == labels).mean() == 0
    assert ((wrong + head(vectors)).argmax(axis=1) == labels).mean() > 0.4


def test_a_weight_of_two_is_the_note_twice(rows):
    vectors, labels, weights = rows
    weights[:10] = 2
    twice = np.concatenate([np.arange(60), np.arange(10)])
    scale = length(vectors) / length(vectors[twice])
    heavy = adapt_head(vectors, np.zeros((60, 3)), labels, weights, strength=0.05)
    again = adapt_head(vectors[twice], np.zeros((70, 3)), labels[twice], np.ones(70), strength=0.05 * scale**2)
    np.testing.assert_allclose(heavy.coef, again.coef, atol=0.02)


def test_sparse_vectors_give_the_same(rows):
    vectors, labels, weights = rows
    dense = adapt_head(vectors, np.zeros((60, 3)), labels, weights, strength=0.05)
    sparse = adapt_head(csr_matrix(vectors), np.zeros((60, 3)), labels, weights, strength=0.05)
    np.testing.assert_allclose(dense.coef, sparse.coef, atol=1e-5)
