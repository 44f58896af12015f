import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from afterword_serving.entry import Entry, Notice, Skip
from afterword_serving.journals import ReadOptions
from afterword_serving.journals.records import TEXT_COLUMNS, ColumnError, choose_columns


def places(items):
    return [(item.reason, item.where) for item in items if isinstance(item, Skip)]


def test_json_lines(lay, read):
    first_line = '{"id": "a", "text": "One.", "date": "2026-04-02", "title": "T", "tags": ["x"]}'
    lines = first_line + '\n\n  \n{"id": 7, "text": "Two."}'

    first, second = read(lay("a.jsonl", lines))

    assert (first.id, first.text, first.local_date, first.title, first.tags) == (
        "a",
        "One.",
        date(2026, 4, 2),
        "T",
        ("x",),
    )
    assert (second.id, second.source.locator) == ("7", "line 4")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "bad_json"),
        ("[1, 2]", "bad_json"),
        ("null", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"n": ' + "9" * 5000 + "}", "bad_json"),
        ('{"words": "x"}', "no_text_column"),
        ('{"text": 5}', "bad_row"),
        ('{"text": ["x"]}', "bad_row"),
        ('{"text": null}', "empty"),
        ('{"text": " \\u200b "}', "empty"),
        ('{"text": "x", "note": "y"}', "ambiguous_text_column"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_ends_nothing(lay, read, line, reason):
    items = read(lay("a.jsonl", f'{{"text": "One."}}\n\n{line}\n{{"text": "Two."}}\n'))

    assert [item.text for item in items if isinstance(item, Entry)] == ["One.", "Two."]
    assert places(items) == [(reason, "a.jsonl, line 3")]


def test_a_broken_first_line_does_not_hide_the_format(lay, read):
    items = read(lay("a", '{"text": "cut\n{"text": "Two."}\n'))

    assert places(items) == [("bad_json", "a, line 1")]
    assert items[1].source.format == "jsonl"


def test_half_an_emoji_does_not_break_the_output(lay, read):
    (found,) = read(lay("a.jsonl", '{"text": "smile \\ud83d", "id": "x\\ud83d"}'))

    assert found.text.encode() == b"smile \xef\xbf\xbd"
    assert found.id.encode()


def test_a_line_longer_than_what_is_looked_at(lay, texts):
    words = "word " * 5000

    assert texts(lay("a", json.dumps({"text": words}) + "\n" + '{"text": "Two."}')) == [words.strip(), "Two."]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[{"text": "One."}, {"text": "Two."}]', ["One.", "Two."]),
        ('\ufeff [\n "One.",\n "Two." ]', ["One.", "Two."]),
        ('{\n "text": "One."\n}', ["One."]),
        ("[]", []),
    ],
)
def test_json_documents(lay, read, texts, content, expected):
    path = lay("a.json", content)

    assert texts(path) == expected
    assert {item.source.format for item in read(path)} <= {"json"}


def test_a_json_array_that_breaks_off_keeps_what_came_before(lay, read):
    items = read(lay("a.json", '[{"text": "One."}, 5, {"text": "Tw'))

    assert items[0].text == "One."
    assert places(items) == [("bad_row", "a.json, entry 2"), ("bad_json", "a.json, after entry 2")]


def test_nesting_without_end_is_bad_json_and_no_crash(lay, read):
    assert [item.reason for item in read(lay("a.json", '[{"text": ' + "[" * 200_000))] == ["bad_json"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a"])
def test_tables_by_any_separator(lay, read, separator, name):
    rows = [["id", "date", "note"], ["x1", "2026-04-02", '"One, two; three.\nFour."'], ["x2", "", "Five."]]

    items = read(lay(name, "\r\n".join(separator.join(row) for row in rows)))

    assert [(item.id, item.text, item.local_date) for item in items] == [
        ("x1", "One, two; three.\nFour.", date(2026, 4, 2)),
        ("x2", "Five.", None),
    ]
    assert [item.source.locator for item in items] == ["row 2", "row 3"]


def test_a_european_spreadsheet(lay, read):
    items = read(lay("a.csv", 'sep=;\r\nId;Text\r\n1;"Caf\u00e9 \u2013 \u201cwhy\u201d"\r\n'.encode("cp1252")))

    assert items[0].text == "Caf\u00e9 \u2013 \u201cwhy\u201d"
    assert items[1:] == [Notice("encoding_guessed", "a.csv")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_with_a_byte_order_mark(lay, read, encoding):
    (found,) = read(lay("a.txt", "Text\tID\r\nZoë asked.\tz\r\n".encode(encoding)))

    assert (found.text, found.id, found.source.format) == ("Zoë asked.", "z", "csv")


def test_a_field_of_half_a_megabyte(lay, texts):
    long = "word " * 100_000

    assert texts(lay("a.csv", f'id,text\n1,"{long}"\n2,b\n')) == [long.strip(), "b"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('3,"quo"ted,x', "bad_row"),
        ("3,cut, here,x", "bad_row"),
        ("3,,x", "empty"),
        ("3", "empty"),
    ],
)
def test_a_bad_row_is_named_by_its_number_and_ends_nothing(lay, read, row, reason):
    items = read(lay("a.csv", f"id,text,mood\n2,One.,x\n{row}\n\n5,Two.,x\n"))

    assert [(item.text, item.source.locator) for item in items if isinstance(item, Entry)] == [
        ("One.", "row 2"),
        ("Two.", "row 5"),
    ]
    assert places(items) == [(reason, "a.csv, row 3")]


def test_a_comma_that_ends_each_row_costs_nothing(lay, read):
    items = read(lay("a.csv", "text,date\nOne.,2026-04-02,\nTwo.,2026-04-03,,\nThree.,2026-04-04,,x\n"))

    assert [(item.text, item.local_date.day) for item in items[:2]] == [("One.", 2), ("Two.", 3)]
    assert places(items) == [("bad_row", "a.csv, row 4")]


def test_a_quotation_mark_never_closed_is_said_and_not_taken_for_one_huge_note(lay, read):
    items = read(lay("a.csv", 'id,text\n2,One.\n3,"open\n4,Two.\n'))

    assert [item.text for item in items if isinstance(item, Entry)] == ["One."]
    assert places(items) == [("bad_row", "a.csv, rows 3 to 4")]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ('1,"She said "no" and left.\nI should have known, I always do"', 3),
        ('1,"She is 5" tall.\n\nI should have known,\n10 years, or more, ago, I know.\nI know"', 6),
        ('1,"He said "yes", and 5" tall.\nI know, I do"', 3),
        ('1,"5" tall"', 2),
        ('1,"open\n2,Lost.\n3,"She left, again."', 4),
    ],
)
def test_of_a_broken_row_no_line_becomes_an_entry(lay, read, rows, last):
    items = read(lay("a.csv", f'id,text\n{rows}\n7,Fine day.\n8,"One,\nand two."\n'))

    assert [(item.id, item.text, item.source.locator) for item in items if isinstance(item, Entry)] == [
        ("7", "Fine day.", f"row {last + 1}"),
        ("8", "One,\nand two.", f"row {last + 2}"),
    ]
    assert places(items) == [("bad_row", "a.csv, row 2" if last == 2 else f"a.csv, rows 2 to {last}")]


@pytest.mark.parametrize(
    ("header", "end"), [("id,text", ","), ("id,text,mood", ","), ("id,text,mood", ",calm")], ids=["comma", "no", "mood"]
)
def test_after_a_broken_row_others_are_read_whatever_their_last_cell(lay, read, header, end):
    items = read(lay("a.csv", f'{header}\n1,"She said "no" and left.{end}\n2,Room 5{end}\n3,"One, two."{end}\n'))

    assert [item.id for item in items if isinstance(item, Entry)] == ["2", "3"]


def test_of_a_broken_row_no_line_becomes_an_entry_where_there_is_one_column(lay, read):
    items = read(lay("a.csv", 'text\n"She said "no" and left.\nI should have known.\nI do"\nFine day.\nOr so.\n'))

    assert [item.text for item in items if isinstance(item, Entry)] == ["Fine day.", "Or so."]
    assert places(items) == [("bad_row", "a.csv, rows 2 to 4")]


def test_one_column_alone_is_a_table_only_when_its_name_ends_so(lay, read):
    assert [item.text for item in read(lay("a.csv", "text\nOne.\nTwo.\n"))] == ["One.", "Two."]
    assert [item.source.format for item in read(lay("a.txt", "note\nOne.\n"))] == ["text"]


@pytest.mark.parametrize(
    "prose",
    [
        "Well, the note, the text, all of it, again.\nAnd again, slower.\n",
        "Reflection, Tuesday group\nI cut in too early again. Next week I will wait, and count to two.\nWhy?",
        "Note, Monday\nFine, thanks.",
        "Journal; week 3\nI cut in; again.\n",
        "Note, title\n",
        "Text, date, and so on\nI cut in, again, again.\nWhy, oh, why?",
    ],
)
def test_prose_with_commas_is_no_table(lay, read, prose):
    (found,) = read(lay("a.txt", prose))

    assert (found.source.format, found.text) == ("text", prose.strip())


@pytest.mark.parametrize(
    "table",
    [
        "id, text\n1, Well, then.\n2, Fine.\n3, Good.\n",
        'client,text\nAna,"Well, then."\nBen,Fine.\n',
        "What happened today?\tReflection\r\nNo, nothing.\tWell, then.\r\n",
        f'id,text\n1,"{"Well, then. " * 1000}"\n2,Fine.\n',
    ],
)
def test_a_table_with_a_clear_header_needs_no_name_that_says_so(lay, read, table):
    assert {item.source.format for item in read(lay("a.txt", table)) if isinstance(item, Entry)} == {"csv"}


def test_a_table_without_a_text_column_says_which_names_would_do(lay, read):
    (skip,) = read(lay("a.csv", "id,canary words of a client\n1,x\n"))

    assert (skip.reason, skip.where) == ("no_text_column", "a.csv")
    assert "--text-column" in skip.detail
    assert "canary" not in skip.detail


def test_two_text_columns_are_the_users_choice(lay, read, texts):
    path = lay("a.csv", "id,note,text\n1,One.,Two.\n")

    (skip,) = read(path)

    assert (skip.reason, skip.where) == ("ambiguous_text_column", "a.csv")
    assert "text and note" in skip.detail
    assert texts(path, text_column="Note") == ["One."]


def test_columns_by_other_names(lay, read):
    path = lay("a.csv", "Nr;Wann;Was\n1;2026-04-02;One.\n")

    (found,) = read(path, text_column="was", id_column="NR", date_column="wann")

    assert (found.id, found.text, found.local_date) == ("1", "One.", date(2026, 4, 2))


def test_a_column_that_is_not_there(lay, read):
    assert [item.reason for item in read(lay("a.csv", "id,text\n1,x\n"), text_column="body")] == ["no_text_column"]


@pytest.mark.parametrize("name", TEXT_COLUMNS)
def test_every_known_text_column(name):
    assert choose_columns(["id", f" {name.upper()} "], ReadOptions()).text == f" {name.upper()} "


def test_the_first_of_two_columns_of_one_name_counts():
    with pytest.raises(ColumnError):
        choose_columns([], ReadOptions())
    assert choose_columns(["Text", "text"], ReadOptions()).text == "Text"


def test_what_belongs_together_is_read_from_the_column_that_is_named_and_from_no_other(lay, read, tmp_path):
    table = lay("a.csv", "id,client,text\n1, Ana,One.\n2,,Two.\n")
    pq.write_table(pa.table({"id": [1, 2], "client": [7.0, None], "text": ["One.", "Two."]}), tmp_path / "a.parquet")

    assert [item.group for item in read(table)] == [None, None]
    assert [item.group for item in read(table, group_column="CLIENT")] == ["Ana", None]
    assert [item.group for item in read(tmp_path / "a.parquet", group_column="client")] == ["7", None]
    assert [item.group for item in read(tmp_path / "a.parquet", group_column="id")] == ["1", "2"]


def test_a_group_column_that_is_not_there_is_told_with_the_names_there_are(lay, read, tmp_path):
    pq.write_table(pa.table({"text": ["One."], "Client no": [1]}), tmp_path / "b.parquet")

    (table,) = read(lay("a.csv", "id,client,text,canary words of a client\n1,Ana,One.,x\n"), group_column="klient")
    (parquet,) = read(tmp_path / "b.parquet", group_column="klient")
    (kept, line) = read(lay("c.jsonl", '{"text": "One.", "klient": null}\n{"text": "Two."}'), group_column="klient")

    assert (table.reason, table.where) == ("no_group_column", "a.csv")
    assert table.detail == "no column is named klient; there are id, client, text"
    assert parquet.detail == "no column is named klient; there are text, Client no"
    assert kept.group is None
    assert (line.where, line.detail) == ("c.jsonl, line 2", "no column is named klient; there are text")


@pytest.mark.parametrize("kind", ["id", "date"])
def test_a_column_of_ids_or_dates_that_is_not_there_is_told_with_the_names_there_are(lay, read, tmp_path, kind):
    pq.write_table(pa.table({"text": ["One."], "Nr": [1]}), tmp_path / "b.parquet")
    named, line = {f"{kind}_column": "Nummer"}, '{"text": "One.", "Nr": 1}'

    for path in (lay("a.csv", "text,Nr\nOne.,1\n"), tmp_path / "b.parquet"):
        (skip,) = read(path, **named)
        assert (skip.reason, skip.where) == (f"no_{kind}_column", path.name)
        assert skip.detail == "no column is named Nummer; there are text, Nr"
    for path in (lay("c.jsonl", line), lay("d.json", f"[{line}]")):
        kept, skip = read(path, **named)
        assert (kept.text, skip.reason, skip.where) == ("One.", f"no_{kind}_column", path.name)
        assert skip.detail == "no column is named Nummer; there are text, Nr"
    some = lay("e.jsonl", f'{line}\n{{"text": "Two.", "nummer": "2026-04-02"}}\n{line}')
    assert [item.text for item in read(some, **named)] == ["One.", "Two.", "One."]


def test_a_date_that_cannot_be_read_keeps_the_row(lay, read):
    items = read(lay("a.csv", "date,text\n02/04/2026,One.\n"))

    assert items[0] == Notice("bad_date", "a.csv, row 2")
    assert (items[1].text, items[1].local_date) == ("One.", None)


@pytest.mark.parametrize("zip_it", [False, True])
def test_parquet(lay, read, zipped, tmp_path, zip_it):
    table = pa.table(
        {
            "id": [1, 2, 3],
            "text": ["One.", None, "Three."],
            "created_at": pa.array([datetime(2026, 4, 2, 18, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")),
            "photo": [b"\x00", b"\x01", b"\x02"],
        }
    )
    path = tmp_path / "table"
    pq.write_table(table, path, row_group_size=1)
    if zip_it:
        path = lay("a.zip", zipped({"table": path.read_bytes()}))

    first, second, third = read(path)

    assert (first.id, first.text, first.written_at) == ("1", "One.", datetime(2026, 4, 2, 18, tzinfo=UTC))
    assert second.reason == "empty"
    assert (third.text, third.source.locator, third.source.format) == ("Three.", "row 3", "parquet")


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        (pa.timestamp("us", tz="America/New_York"), -62135596800_000_000),
        (pa.timestamp("us"), 2**63 - 1),
        (pa.date32(), 2**31 - 1),
    ],
)
def test_one_odd_date_in_parquet_costs_that_date_alone(read, tmp_path, kind, odd):
    dates = pa.array([0, odd, None], pa.int32() if kind == pa.date32() else pa.int64()).cast(kind)
    pq.write_table(pa.table({"text": ["One.", "Two.", "Three."], "date": dates}), tmp_path / "a.parquet")

    first, notice, *others = read(tmp_path / "a.parquet")

    assert first.local_date
    assert notice == Notice("bad_date", "a.parquet, row 2")
    assert [(item.text, item.local_date) for item in others] == [("Two.", None), ("Three.", None)]


def test_parquet_without_a_text_column_or_cut_short(lay, read, tmp_path):
    pq.write_table(pa.table({"id": [1]}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()

    assert [item.reason for item in read(tmp_path / "a.parquet")] == ["no_text_column"]
    assert [item.reason for item in read(lay("b.parquet", whole[:-20]))] == ["unreadable"]
