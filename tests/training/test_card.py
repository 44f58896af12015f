from datetime import UTC, datetime

import pytest

from afterword_model.labels import LABELS, Label
from afterword_model.manifest import BaseEncoder, Manifest
from afterword_training.card import Measured, model_card
from afterword_training.evaluate import Evaluation
from afterword_training.long_pages import LongFigure
from afterword_training.provenance import Provenance

ENCODER = BaseEncoder(name="some/encoder", revision="main", sha256="0" * 64)
PAGES = [
    LongFigure(
        words=words,
        pages=25,
        recall={Label.REFLECTION: 0.4, Label.RUMINATION: rumination, Label.NEITHER: 1.0},
        turned={Label.REFLECTION: 0.5, Label.RUMINATION: 0.5},
    )
    for words, rumination in ((300, 0.9), (3000, 0.6))
]


@pytest.fixture
def card():
    """Makes the card of a model by its encoder and what was measured on long pages."""

    def make(base_encoder: BaseEncoder | None, pages: list[LongFigure]) -> str:
        manifest = Manifest(
            name="afterword-tiny",
            version="0.0.1",
            created=datetime.now(UTC),
            labels=LABELS,
            threshold=0.7,
            temperature=1.0,
            base_encoder=base_encoder,
            corpus_sha256="0" * 64,
            seed=7,
            libraries={},
            metrics={},
            model_sha256="0" * 64,
            model_bytes=1,
        )
        evaluation = Evaluation(
            model=manifest.title,
            notes=24,
            authors=["H"],
            threshold=0.7,
            sure_share=0.5,
            sure_accuracy=0.9,
            figures={},
            confusion=[[8, 0, 0], [0, 8, 0], [0, 0, 8]],
            by_slice={},
            by_author={},
            by_label={},
            by_length={},
            markers={},
            long_pages=pages,
            risk_coverage=[(0.5, 1.0, 0.9)],
        )
        measured = Measured("test", "How good it is", "the test authors' notes", "Once.", evaluation)
        return model_card(manifest, [measured], Provenance("Made of notes.", ()), reference="H")

    return make


def limits(card: str) -> str:
    return card.split("## Limits")[1].split("<!-- passages -->")[0]


def test_a_model_that_reads_in_windows_says_how_often_one_passage_is_found(card):
    told = limits(card(ENCODER, PAGES))
    assert "longer than a window" in told
    assert "among about 3000 plain words was found this often: `reflection` 40%, `rumination` 60%." in told


def test_what_was_not_measured_on_long_pages_is_not_told(card):
    told = limits(card(ENCODER, []))
    assert "longer than a window" in told
    assert "found this often" not in told
    assert "more often than a step" not in told


def test_a_model_that_counts_words_has_no_window(card):
    assert "window" not in limits(card(None, PAGES))
