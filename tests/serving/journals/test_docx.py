import io
import struct
import tracemalloc
import zipfile
from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip
from afterword_serving.journals import docx

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPAT = "http://schemas.openxmlformats.org/markup-compatibility/2006"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>Ana Canary</dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{}</dcterms:created></cp:coreProperties>'
)
NOTE = "<w:p><w:r><w:t>I cut in too early.</w:t></w:r></w:p>"


def markup(body, *, space=SPACE, before=""):
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{before}'
    return f'{head}<w:document xmlns:w="{space}" xmlns:mc="{COMPAT}"><w:body>{body}</w:body></w:document>'


def document(body=NOTE, *, types_first=True, created="2026-04-02T18:30:00Z", part="word/document.xml", **rest):
    content = {"[Content_Types].xml": "<Types/>", part: markup(body, **rest), "docProps/core.xml": CORE.format(created)}
    names = list(content) if types_first else list(reversed(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content[name])
    return buffer.getvalue()


def test_a_document(lay, read):
    (found,) = read(lay("Group.docx", document()))

    assert (found.text, found.title, found.id, found.source.format) == (
        "I cut in too early.",
        "Group",
        "Group.docx",
        "docx",
    )
    assert (found.written_at.isoformat(), found.local_date) == ("2026-04-02T18:30:00+00:00", date(2026, 4, 2))


@pytest.mark.parametrize("types_first", [True, False])
def test_documents_are_known_by_content_wherever_they_lie(lay, read, zipped, tmp_path, types_first):
    data = document(types_first=types_first)
    lay("f/download", data)
    lay("f/a.zip", zipped({"notes/b.docx": data, "c.md": "Two."}))

    items = read(tmp_path / "f")

    assert [(item.source.file, item.text) for item in items] == [
        ("f/a.zip/c.md", "Two."),
        ("f/a.zip/notes/b.docx", "I cut in too early."),
        ("f/download", "I cut in too early."),
    ]


def test_a_zip_whose_first_member_is_a_document_stored_as_it_is_stays_a_zip(lay, texts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.docx", document())
        archive.writestr("b.md", "Two.")

    assert texts(lay("a.zip", buffer.getvalue())) == ["I cut in too early.", "Two."]


def runs(*texts):
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts) + "</w:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (runs("I cut ", "in", " too early."), "I cut in too early."),
        (runs("One.") + runs("Two."), "One.\nTwo."),
        (runs("One.") + "<w:p/>" * 4 + runs("Two."), "One.\n\nTwo."),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>", "a"),
        ("<w:p><w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>lead</w:t></w:r></w:p>", "co-lead"),
        ("<w:p><w:del><w:r><w:delText>canary</w:delText><w:tab/></w:r></w:del><w:r><w:t>a</w:t></w:r></w:p>", "a"),
        ("<w:p><w:ins><w:r><w:t>kept</w:t></w:r></w:ins></w:p>", "kept"),
        ("<w:p><w:moveFrom><w:r><w:t>b</w:t></w:r></w:moveFrom><w:r><w:t>a</w:t></w:r></w:p>", "a"),
        ("<w:p><w:r><w:instrText>PAGE canary</w:instrText></w:r><w:r><w:t>a</w:t></w:r></w:p>", "a"),
        ("<w:p><w:hyperlink><w:r><w:t>the link</w:t></w:r></w:hyperlink></w:p>", "the link"),
        (f"<w:tbl><w:tr><w:tc>{runs('a')}</w:tc><w:tc>{runs('b')}</w:tc></w:tr></w:tbl>", "a\nb"),
        (
            f"<mc:AlternateContent><mc:Choice>{runs('box')}</mc:Choice><mc:Fallback>{runs('box')}</mc:Fallback>"
            "</mc:AlternateContent>",
            "box",
        ),
        (runs("Tom &amp; &#8220;I&#8221;"), "Tom & \u201cI\u201d"),
        ("<w:p>" * 3000 + "deep" + "</w:p>" * 3000 + runs("a"), "a"),
    ],
)
def test_what_of_the_markup_is_text(lay, texts, body, text):
    assert texts(lay("a.docx", document(body))) == [text]


@pytest.mark.parametrize("odd", [{"space": STRICT}, {"part": "word/document2.xml"}])
def test_other_ways_to_write_a_document(lay, texts, odd):
    assert texts(lay("a.docx", document(**odd))) == ["I cut in too early."]


@pytest.mark.parametrize(
    ("name", "created", "day"),
    [
        ("2026-03-01 Group", "2026-04-02T18:30:00Z", date(2026, 3, 1)),
        ("Group", "", None),
        ("Group", "2026-04-02T18:30:00Z", date(2026, 4, 2)),
    ],
)
def test_the_day_is_that_of_the_name_then_of_the_document(lay, read, name, created, day):
    (found,) = read(lay(f"{name}.docx", document(created=created)))

    assert (found.local_date, found.title) == (day, "Group")


def test_a_creation_date_that_is_none_keeps_the_document(lay, read):
    items = read(lay("a.docx", document(created="canary")))

    assert items[0] == Notice("bad_date", "a.docx")
    assert items[1].text == "I cut in too early."


@pytest.mark.parametrize(("split", "count"), [("dates", 2), ("rules", 2), ("whole", 1)])
def test_a_document_of_many_entries(lay, read, split, count):
    body = runs("2 April 2026") + runs("One.") + runs("---") + runs("3 April 2026") + runs("Two.")

    items = read(lay("a.docx", document(body)), split=split)

    assert len(items) == count
    if split == "dates":
        assert [(item.id, item.local_date) for item in items] == [
            ("a.docx#1", date(2026, 4, 2)),
            ("a.docx#2", date(2026, 4, 3)),
        ]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE d [<!ENTITY a "canary">]>',
        '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://canary.invalid/a.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_declared_entities_are_refused(lay, read, declared):
    (skip,) = read(lay("a.docx", document(runs("canary"), before=declared)))

    assert (skip.reason, skip.where) == ("unreadable", "a.docx")
    assert "entities" in skip.detail
    assert "canary" not in str(skip)


@pytest.mark.parametrize("body", ["<w:p><canary", "<w:p>canary</w:q>", "&canary;"])
def test_damaged_markup_does_not_end_the_run(lay, read, tmp_path, body):
    lay("f/a.docx", document(body))
    lay("f/b.docx", document())

    skip, found = read(tmp_path / "f")

    assert (skip.reason, skip.where, found.text) == ("unreadable", "f/a.docx", "I cut in too early.")
    assert "canary" not in str(skip)


def test_an_unknown_encoding(lay, read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, zipfile.ZipFile(io.BytesIO(document())) as whole:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name).replace(b"UTF-8", b"EBCDIC-9"))

    assert [item.reason for item in read(lay("a.docx", buffer.getvalue()))] == ["unreadable"]


def test_a_document_cut_short(lay, read):
    assert [item.reason for item in read(lay("a.docx", document()[:-60]))] == ["unreadable"]


def test_a_locked_member(lay, read):
    changed = bytearray(document())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(magic)
        while at >= 0:
            struct.pack_into("<H", changed, at + place, 1)
            at = changed.find(magic, at + 4)

    assert read(lay("a.docx", bytes(changed))) == [Skip("encrypted", "a.docx")]


@pytest.mark.parametrize("bound", ["LARGEST_XML", "LARGEST_WHOLE"])
def test_a_document_too_large(lay, read, monkeypatch, bound):
    monkeypatch.setattr(docx, bound, 10)

    assert [item.reason for item in read(lay("a.docx", document()))] == ["too_large"]


def test_a_document_without_words(lay, read):
    assert read(lay("a.docx", document("<w:p/>"))) == [Skip("empty", "a.docx")]


def test_people_are_not_read(lay, read):
    assert "Canary" not in repr(read(lay("a.docx", document())))


def test_from_a_pipe_the_format_is_taken_from_the_user(lay, read, monkeypatch):
    class Pipe(io.RawIOBase):
        data = io.BytesIO(document())

        def readable(self):
            return True

        def readinto(self, buffer):
            return self.data.readinto(buffer)

    stdin = io.TextIOWrapper(io.BufferedReader(Pipe()))
    monkeypatch.setattr("sys.stdin", stdin)

    assert [item.text for item in read("-", format="docx")] == ["I cut in too early."]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\nwords words words", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc"),
        (b"{\\rtf1\\ansi canary words}", ".rtf"),
        (b"SQLite format 3\x00" + bytes(100), "database"),
        (b"PK\x03\x04" + bytes(22) + b"\x13\x00\x00\x00[Content_Types].xml", "damaged"),
    ],
)
def test_other_kinds_of_document_are_refused_with_a_way_around(lay, read, data, word):
    (skip,) = read(lay("a", data))

    assert skip.reason in ("unknown_format", "unreadable")
    assert word in skip.detail
    assert "canary" not in skip.detail


def test_other_office_documents_are_refused(lay, read, zipped):
    sheet = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})

    (skip,) = read(lay("a.xlsx", sheet))

    assert (skip.reason, "office" in skip.detail) == ("unknown_format", True)


def test_the_rest_of_a_folder_is_read_beside_what_is_refused(lay, read, tmp_path):
    lay("f/a.pdf", b"%PDF-1.7")
    lay("f/b.docx", document())

    assert [item.text for item in read(tmp_path / "f") if isinstance(item, Entry)] == ["I cut in too early."]


def with_notes(body, **parts):
    buffer = io.BytesIO(document(body))
    with zipfile.ZipFile(buffer, "a") as archive:
        for kind, notes in parts.items():
            archive.writestr(f"word/{kind}s.xml", f'<w:{kind}s xmlns:w="{SPACE}">{notes}</w:{kind}s>')
    return buffer.getvalue()


def note(kind, number, words, more=""):
    return f'<w:{kind} w:id="{number}"{more}><w:p><w:r><w:{kind}Ref/><w:t>{words}</w:t></w:r></w:p></w:{kind}>'


def test_a_footnote_follows_the_paragraph_that_points_at_it(lay, texts):
    body = (
        '<w:p><w:r><w:t>I cut in.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t> She left.</w:t></w:r></w:p>"
        '<w:p><w:r><w:t>Then rain.</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    data = with_notes(
        body,
        footnote=note("footnote", 0, "", ' w:type="separator"') + note("footnote", 2, "Next time I wait."),
        endnote=note("endnote", 2, "It was late.") + note("endnote", 3, "Nothing points here."),
    )

    assert texts(lay("a.docx", data)) == ["I cut in. She left.\nNext time I wait.\nThen rain.\nIt was late."]


def test_a_deleted_pointer_leaves_its_footnote_out(lay, texts):
    body = NOTE + '<w:p><w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:del></w:p>'

    assert texts(lay("a.docx", with_notes(body, footnote=note("footnote", 2, "Gone.")))) == ["I cut in too early."]


def test_footnotes_that_are_damaged_are_said(lay, read):
    data = with_notes(NOTE, footnote="<w:footnote>")

    (skip,) = read(lay("a.docx", data))
    assert (skip.reason, skip.detail) == ("unreadable", "its markup is damaged; open it in Word and save it again")


@pytest.mark.slow
def test_what_was_read_of_a_document_is_let_go():
    data = markup(("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 20 + "</w:p>") * 20_000).encode()
    tracemalloc.start()

    length = sum(len(words) for words in docx._words(io.BytesIO(data), {}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert length == 21 * 20_000
    assert peak < 4 << 20


def test_elements_without_end_are_damage(lay, read):
    body = "<w:r>" * 100_000 + "</w:r>" * 100_000

    assert [item.reason for item in read(lay("a.docx", document(body)))] == ["unreadable"]
