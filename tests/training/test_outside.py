import shutil
from pathlib import Path

import numpy as np
import pytest

from afterword_model import Classifier
from afterword_model.errors import InputError
from afterword_training import train
from afterword_training.config import load_config
from afterword_training.outside import load_outside, outside_figures
from afterword_training.train import Parts

OUTSIDE = Path(__file__).parents[2] / "data/outside.jsonl"


def test_the_texts_are_of_many_kinds_and_unique() -> None:
    rows = load_outside(OUTSIDE)
    assert len({row.kind for row in rows}) >= 10
    assert len({row.text for row in rows}) == len({row.id for row in rows}) == len(rows)


def test_a_model_without_a_sense_of_the_strange_gives_no_figures(classifier: Classifier, tiny_parts: Parts) -> None:
    assert classifier.familiarity is None
    assert outside_figures(classifier, tiny_parts.test, OUTSIDE) is None
    with pytest.raises(InputError):
        classifier.strangeness(["A note."])


def test_the_shipped_model_meets_them_as_strange(tiny_parts: Parts) -> None:
    shipped = Classifier.load()
    figures = outside_figures(shipped, tiny_parts.test, OUTSIDE)
    assert figures is not None
    assert figures.auroc > 0.8
    assert figures.warned > figures.notes_warned
    assert figures.sure_rumination == 0
    assert np.isfinite(shipped.strangeness(["A plain note about the ward."])).all()


@pytest.mark.parametrize(
    "line",
    ["{}", "not JSON", '{"id": "a", "kind": "b", "text": " - "}', '{"id": "a", "kind": "b", "text": 3}'],
)
def test_a_line_of_another_form_is_refused_without_its_text(tmp_path: Path, line: str) -> None:
    path = tmp_path / "outside.jsonl"
    path.write_text('{"id": "a", "kind": "b", "text": "Two eggs.\u2028Flour."}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"outside\.jsonl:2 is not of the form") as caught:
        load_outside(path)
    assert "not JSON" not in str(caught.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outside.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no texts"):
        load_outside(path)


def test_a_damaged_file_is_told_before_anything_is_fitted(
    tiny_notes: Path, tiny_config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    (tmp_path / OUTSIDE.name).write_text("{}\n", encoding="utf-8")
    monkeypatch.setattr(train, "fit", lambda *_: pytest.fail("something was fitted"))
    with pytest.raises(InputError, match=r"outside\.jsonl:1"):
        train.build(load_config(tiny_config), notes)
