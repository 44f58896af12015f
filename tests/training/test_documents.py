import json
import shutil
from pathlib import Path

import pytest

from afterword_model.errors import InputError
from afterword_training import documents
from afterword_training.documents import fill, passages_figures, write_documents
from afterword_training.evaluate import Evaluation

ROOT = Path(__file__).parents[2]


def test_only_the_stretch_between_the_marks_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Head\n\n<!-- figures -->\nold\n<!-- /figures -->\n\nfoot\n")
    assert fill(page, "figures", "| new \\1 |")
    assert page.read_text() == "# Head\n\n<!-- figures -->\n| new \\1 |\n<!-- /figures -->\n\nfoot\n"
    assert not fill(page, "figures", "| new \\1 |")


def test_an_empty_stretch_is_filled(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- figures -->\n<!-- /figures -->\n")
    assert fill(page, "figures", "words")
    assert page.read_text() == "<!-- figures -->\nwords\n<!-- /figures -->\n"


@pytest.mark.parametrize("text", ["no marks", "<!-- figures -->", "<!-- figures -->\na\n<!-- /figures -->\n" * 2])
def test_missing_or_double_marks_are_an_error(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(InputError, match="figures"):
        fill(page, "figures", "words")


def test_the_documents_show_the_figures_of_the_shipped_model(tmp_path: Path) -> None:
    (tmp_path / "training").mkdir()
    for name in ("README.md", "training/README.md", "training/experiments.jsonl"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    assert write_documents(tmp_path) == []


def test_passages_of_another_model_are_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shipped = shutil.copytree(documents.SHIPPED, tmp_path / "shipped")
    figures = json.loads((shipped / documents.PASSAGES).read_text(encoding="utf-8"))
    (shipped / documents.PASSAGES).write_text(json.dumps({**figures, "model": "another 9.9"}), encoding="utf-8")
    monkeypatch.setattr(documents, "SHIPPED", shipped)
    with pytest.raises(InputError, match=r"is of another 9\.9"):
        write_documents(ROOT)


def test_figures_on_passages_stand_beside_the_commonest_answer() -> None:
    real = Evaluation.model_validate_json((documents.SHIPPED / documents.PASSAGES).read_bytes())
    found = passages_figures(real.model_copy(update={"confusion": [[3, 1, 6], [0, 2, 1], [4, 5, 78]]}))
    assert found.endswith(
        "Answering `neither` every time would be right on 87.0%. Here of 7 answers `reflection` 3 are right, and of 8 "
        "answers `rumination` 2 are right."
    )
