import traceback
from pathlib import Path

import pytest

from afterword_model.errors import InputError
from afterword_training.corpus import labels_of
from afterword_training.passages import load_passages


def test_texts_and_labels_come_in_order(tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text(
        '{"id": "7", "text": "One.", "label": "neither", "more": 1}\n\n{"text": "Two.", "label": "rumination"}\n'
    )
    passages = load_passages(path)
    assert list(passages["text"]) == ["One.", "Two."]
    assert labels_of(passages) == ["neither", "rumination"]
    assert passages["id"][0] == "7"
    assert passages["slice"][0] is None


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"text": "canaryword"}',
        '{"text": "canaryword", "label": "good"}',
        '{"text": "", "label": "neither"}',
        '{"text": " \\n**\\u200b**", "label": "neither"}',
    ],
)
def test_a_bad_line_is_named_and_not_shown(tmp_path: Path, line: str) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text('{"text": "One.", "label": "neither"}\n' + line + "\n")
    with pytest.raises(InputError, match=r"passages\.jsonl:2") as caught:
        load_passages(path)
    assert "canaryword" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\xff"])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "passages.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"passages\.jsonl"):
        load_passages(path)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text('{"text": "One.", "label": "neither"}\n', encoding="utf-8-sig")
    assert list(load_passages(path)["text"]) == ["One."]
