from pathlib import Path

import pytest

from afterword_model.errors import InputError
from afterword_training.second_reading import COLUMNS, second_reading

HEAD = ",".join(COLUMNS)


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    rows = ["A-1,reflection,reflection", "A-2,rumination,neither", "B-1,neither,neither", "B-2,neither,rumination"]
    path = tmp_path / "readings.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


def test_it_counts_agreement_and_what_is_left_of_the_rest(readings: Path) -> None:
    told = second_reading(readings, {"A-1", "B-1", "B-2"})
    assert "4 notes by 2 authors (A, B) were read twice" in told
    assert "agree on 50.0% of them (Cohen's kappa 0.200)" in told
    assert "Of the 2 on which they do not, 1 are in the corpus" in told
    assert "| **rumination** | 0 | 0 | 1 |" in told


def test_where_all_doubtful_notes_are_gone_none_is_left(readings: Path) -> None:
    assert "none are in the corpus" in second_reading(readings, {"A-1", "B-1"})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "does not begin with the columns"),
        (f"{HEAD}\n", "with rows below"),
        ("id,label\nA-1,neither\n", "does not begin with the columns"),
        (f"{HEAD}\nA-1,neither,neither\nA-2,neither\n", r"csv:3: .* Mend the row"),
        (f"{HEAD}\nA-1,neither,zorvexian\n", r"csv:2: .* Mend the row"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "readings.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=problem) as told:
        second_reading(path, ())
    assert "zorvexian" not in str(told.value)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        second_reading(path, ())
