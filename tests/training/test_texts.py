import pyarrow as pa
import pyarrow.parquet
import pytest

from afterword_model.errors import InputError
from afterword_training.texts import Text, read_texts

TEXTS = [Text("a", "First,\nwith a line break."), Text("b", "Second \u2013 caf\u00e9.")]


def jsonl(path):
    path.write_text(
        '\ufeff{"id": "a", "text": "First,\\nwith a line break.", "label": "neither"}\n\n'
        '{"text": "Second \u2013 caf\u00e9.", "id": "b"}\n',
        encoding="utf-8",
    )


def csv(path):
    path.write_text(
        '\ufeffmood,text,id\r\n3,"First,\nwith a line break.",a\r\n,Second \u2013 caf\u00e9.,b\r\n',
        encoding="utf-8",
        newline="",
    )


def parquet(path):
    table = pa.table({"text": [each.text for each in TEXTS], "id": ["a", "b"], "other": [1, 2]})
    pyarrow.parquet.write_table(table, path)


@pytest.mark.parametrize("write", [jsonl, csv, parquet])
def test_the_same_texts_from_every_format(write, tmp_path):
    path = tmp_path / f"notes.{write.__name__}"
    write(path)
    assert read_texts([path]) == TEXTS


def test_a_folder_is_its_json_lines_in_order(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.jsonl").write_text(f'{{"text": "Of {name}."}}\n')
    (tmp_path / "z.csv").write_text("text\nno\n")
    assert read_texts([tmp_path]) == [Text("a.jsonl:1", "Of a."), Text("b.jsonl:1", "Of b.")]


def test_a_row_without_id_is_called_by_its_place_and_a_number_is_one(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text("id,text\n,One.\n7,Two.\n")
    assert [text.id for text in read_texts([path])] == ["n.csv:2", "7"]


WRONG = {
    "no text": ("n.jsonl", '{"text": "Zorvexian"}\n{"note": "Zorvexian"}\n', "n.jsonl:2 has no `text`"),
    "not an object": ("n.jsonl", '"Zorvexian"\n', "n.jsonl:1 has no `text`"),
    "not JSON": ("n.jsonl", "Zorvexian\n", "n.jsonl:1 is not a JSON object"),
    "no text column": ("n.csv", "note\nZorvexian\n", "n.csv:2 has no `text`"),
    "not UTF-8": ("n.csv", b"text\nZorvexian \xff\n", "cannot be read"),
    "not Parquet": ("n.parquet", "Zorvexian", "cannot be read"),
    "another kind": ("n.docx", "Zorvexian", "afterword classify JOURNAL --include-text"),
    "empty": ("n.jsonl", "", "There are no texts"),
}


@pytest.mark.parametrize(("name", "content", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_named_without_its_words(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_texts([tmp_path / name])
    assert words in str(caught.value)
    assert "Zorvexian" not in str(caught.value)


def test_a_folder_without_json_lines_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no \*.jsonl files"):
        read_texts([tmp_path])
