import json
from datetime import date
from pathlib import Path

import pytest

from afterword_serving.entry import Entry, Notice, Skip, path_digest
from afterword_serving.journals.day_one_text import join_rich_text, read_markdown

# As the app writes it: escapes doubled, slashes escaped.
EXPORT = r"""{"metadata":{"version":"1.0"},"entries":[
 {"uuid":"0A1B2C3D4E5F60718293A4B5C6D7E8F9","creationDate":"2026-03-29T22:30:00Z","modifiedDate":"2026-03-29T22:41:07Z",
  "timeZone":"Europe\/London","isAllDay":false,"starred":false,"isPinned":false,"tags":["work"],
  "location":{"placeName":"Secret Street"},"weather":{"conditionsDescription":"Hail"},
  "text":"# Tuesday group\n\nI cut in too early \\- again\\.\n\n![](dayone-moment:\/\/AA11)\n\nNext week I will wait for two breaths first\\."},
 {"uuid":"0A1B2C3D4E5F60718293A4B5C6D7E8FA","creationDate":"2026-03-30T09:00:00Z","timeZone":"Europe\/London",
  "richText":"{\"meta\":{\"version\":1},\"contents\":[{\"text\":\"I keep replaying it.\"}]}"},
 {"uuid":"0A1B2C3D4E5F60718293A4B5C6D7E8FB","creationDate":"2026-03-30T10:00:00Z","photos":[{"identifier":"X1"}]}]}"""  # noqa: E501


def export(*entries):
    return json.dumps({"metadata": {"version": "1.0"}, "entries": list(entries)})


def entry(**fields):
    return {"uuid": "0" * 32, "creationDate": "2026-03-30T09:00:00Z", "timeZone": "Europe/London", **fields}


def test_the_export_as_the_app_writes_it(lay, read, zipped):
    path = lay(
        "My export.zip", zipped({"Journal.json": EXPORT, "photos/aa.jpeg": b"\xff\xd8\xff\xe0", "pdfs/b.pdf": b"%PDF"})
    )

    first, second, third = read(path)

    assert first.text == "I cut in too early - again.\n\nNext week I will wait for two breaths first."
    assert (first.title, first.tags, first.tz) == ("Tuesday group", ("work",), "Europe/London")
    assert first.written_at.isoformat() == "2026-03-29T23:30:00+01:00"
    assert first.local_date == date(2026, 3, 29)
    assert first.id == "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
    assert str(first.source) == "My export.zip/Journal.json, entry 1"
    assert second.text == "I keep replaying it."
    assert third == Skip("media_only", "My export.zip/Journal.json, entry 3")


def test_the_json_by_itself_says_the_same(lay, texts, zipped):
    assert texts(lay("Journal.json", EXPORT)) == texts(lay("a.zip", zipped({"Journal.json": EXPORT})))


def test_a_name_without_an_ending_is_no_hindrance(lay, read):
    assert read(lay("download", EXPORT))[0].source.format == "day-one"


def test_a_zip_may_hold_many_journals(lay, texts, zipped):
    journals = {"Work.json": export(entry(text="Two.")), "Home.json": export(entry(text="One."))}

    assert texts(lay("a.zip", zipped(journals))) == ["One.", "Two."]


def test_places_and_weather_are_not_read(lay, read):
    found = repr(read(lay("Journal.json", EXPORT)))

    assert "Secret Street" not in found
    assert "Hail" not in found


def test_an_all_day_entry(lay, read):
    text = export(entry(text="Off.", creationDate="2024-04-16T23:00:00Z", timeZone="Europe/Dublin", isAllDay=True))

    (found,) = read(lay("Journal.json", text))

    assert (found.local_date, found.written_at) == (date(2024, 4, 17), None)


@pytest.mark.parametrize(
    "odd",
    [
        {"photos": [{"identifier": "X"}], "text": "Kept."},  # no type, no md5
        {"tags": "work", "text": "Kept."},
        {"tags": [1, None], "text": "Kept."},
        {"text": 5, "richText": '{"contents":[{"text":"Kept."}]}'},
        {"text": " ", "richText": {"contents": [{"text": "Kept."}]}},  # third-party writers put an object
        {"text": "Kept.", "richText": "not json"},
        {"text": "Kept.", "uuid": 5},
        {"text": "Kept.", "isAllDay": "no"},
    ],
)
def test_odd_fields_cost_nothing(lay, texts, odd):
    path = lay("Journal.json", export(entry(text="Before."), entry(**odd), entry(text="After.")))

    assert texts(path) == ["Before.", "Kept.", "After."]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("words", "bad_row"),
        (None, "bad_row"),
        (entry(text=""), "empty"),
        (entry(richText="{"), "empty"),
        (entry(text="![](dayone-moment:/video/AB12)"), "media_only"),
        (entry(audios=[{"format": "m4a"}]), "media_only"),
        (entry(text="\ufffc", pdfAttachments=[{}]), "media_only"),
    ],
)
def test_one_bad_entry_does_not_end_the_file(lay, read, bad, reason):
    items = read(lay("Journal.json", export(entry(text="Before."), bad, entry(text="After."))))

    assert [getattr(item, "text", None) for item in items] == ["Before.", None, "After."]
    assert (items[1].reason, items[1].where) == (reason, "Journal.json, entry 2")


def test_what_comes_before_a_break_in_the_file_is_kept(lay, read):
    whole = export(entry(text="Before."), entry(text="Lost."))

    items = read(lay("Journal.json", whole[: whole.index("Lost")]))

    assert items[0].text == "Before."
    assert items[1].reason == "bad_json"
    assert "after entry 1" in items[1].where


@pytest.mark.parametrize(("field", "notice"), [("creationDate", "bad_date"), ("timeZone", "bad_time_zone")])
def test_an_unreadable_date_or_zone_keeps_the_entry(lay, read, field, notice):
    items = read(lay("Journal.json", export(entry(text="Kept.", **{field: "Nowhere"}))))

    assert Notice(notice, "Journal.json, entry 1") in items
    assert [item.text for item in items if isinstance(item, Entry)] == ["Kept."]


def test_ids_do_not_depend_on_the_name_of_the_download(lay, read, zipped):
    bare = json.dumps({"metadata": {}, "entries": [{"text": "No uuid.", "creationDate": "2026-03-30T09:00:00Z"}]})

    ids = [read(lay(name, zipped({"Journal.json": bare})))[0].id for name in ("export.zip", "export (1).zip")]

    assert ids == [f"{path_digest('Journal.json')}#1"] * 2


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (r"early \- again\. \(really\) \!", "early - again. (really) !"),
        ("not escaped - at all.", "not escaped - at all."),
        (r"C:\notes\today", r"C:\notes\today"),
        (r"a \\ b", "a \\ b"),
        (r"run `grep \. x` now\.", r"run `grep \. x` now."),
        ("```\na\\.b\n```\nafter\\.", "```\na\\.b\n```\nafter."),
        ("one\n\n```\n```\n\ntwo", "one\n\ntwo"),
        ("``` ```\n\ntwo", "two"),
        ("```\na\n```\n\n```\nb\n```", "```\na\n```\n\n```\nb\n```"),
        (r"\`not code\. \`", "`not code. `"),
        ("I sat![](dayone-moment://AB)down", "I sat down"),
        ("I sat ![](dayone-moment://AB) down", "I sat down"),
        ("I sat ![](dayone-moment://AB).", "I sat."),
        ("![](dayone-moment:/audio/AB)![x](dayone-moment:/pdfAttachment/CD)words", "words"),
        ("a\n\n![](dayone-moment:/video/AB)\n\nb", "a\n\nb"),
        ("see [the \\[old\\] one](dayone://view?entryId=AB)", "see the [old] one"),
        ("see [it](dayone2://view?entryId=AB)\\.", "see it."),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
    ],
)
def test_the_apps_markdown(markdown, text):
    assert read_markdown(markdown).text == text


def test_backslashes_of_unescaped_rich_text_stay():
    assert read_markdown(r"a \- b", escaped=False).text == r"a \- b"


@pytest.mark.parametrize(
    ("markdown", "title", "text"),
    [
        ("# One\\!\n\nTwo.", "One!", "Two."),
        ("# Only a heading", None, "Only a heading"),
        ("Words\n# Not first", None, "Words\n# Not first"),
        ("#hashtag first", None, "#hashtag first"),
        ("## Second level\nTwo.", None, "## Second level\nTwo."),
        ("![](dayone-moment://AB)\n# One\nTwo.", "One", "Two."),
    ],
)
def test_the_first_heading_is_the_title(markdown, title, text):
    written = read_markdown(markdown)

    assert (written.title, written.text) == (title, text)


@pytest.mark.parametrize(
    ("markdown", "prompt", "text"),
    [
        ("###### What stayed with you?\n\nThe nod.", "What stayed with you?", "The nod."),
        ("###### What stayed with you\\?\n\nThe nod.", "What stayed with you?", "The nod."),
        ("###### Describe a moment\n\nThe nod.", "Describe a moment", "The nod."),
        ("# T\n\n###### What stayed?\n\nThe nod.", "What stayed?", "The nod."),
        ("The nod.\n\n###### My own small heading\n\nMore.", None, "The nod.\n\n###### My own small heading\n\nMore."),
        ("### Why did I?\n\nThe nod.", None, "### Why did I?\n\nThe nod."),
        ("###### What stayed with you?", "What stayed with you?", ""),
        ("###### What?\n\nThe nod.\n\n###### And now?\n\nI ask.", "What? And now?", "The nod.\n\nI ask."),
        ("###### Begin\n\n###### And now?\n\nI ask.\n\n###### End", "Begin And now?", "I ask.\n\n###### End"),
    ],
)
def test_the_apps_question_is_not_the_writers_words(markdown, prompt, text):
    written = read_markdown(markdown)

    assert (written.prompt, written.text) == (prompt, text)


def test_rich_text_keeps_headings_and_lists():
    rich = {
        "meta": {"version": 1},
        "contents": [
            {"text": "Tuesday\n", "attributes": {"line": {"header": 1}}},
            {"embeddedObjects": [{"type": "photo", "identifier": "X"}]},
            {"text": "One ", "attributes": {"line": {"listStyle": "checkbox", "checked": True}}},
            {"text": "two.\n", "attributes": {"bold": True}},
            {"text": "5 * 4"},
            "noise",
            {"text": None},
        ],
    }

    assert join_rich_text(rich) == "# Tuesday\n- One two.\n5 * 4"


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("I keep", "replaying it", "I keep replaying it"),
        ("I keep ", "replaying it", "I keep replaying it"),
        ("I keep", ", and", "I keep, and"),
        ("I keep\n", "replaying it", "I keep\nreplaying it"),
    ],
)
def test_rich_text_has_a_space_where_a_picture_stood_between_words(before, after, joined):
    pictures = [{"embeddedObjects": [{"type": "photo", "identifier": name}]} for name in "XY"]

    assert join_rich_text({"contents": [{"text": before}, *pictures, {"text": after}]}) == joined


@pytest.mark.parametrize("rich", [None, [], "text", {"contents": "x"}, {"contents": [None]}])
def test_rich_text_that_is_none(rich):
    assert join_rich_text(rich) == ""


def test_the_sample_export_reads_whole():
    from afterword_serving.journals import read_journals

    folder = Path(__file__).parents[3] / "data" / "samples"
    items = list(read_journals([str(folder / "dayone-export.zip")]))
    entries = [item for item in items if isinstance(item, Entry)]

    assert len(entries) == 52
    assert sorted(item.reason for item in items if isinstance(item, Skip)) == ["empty", "media_only", "media_only"]
    assert not [item for item in items if isinstance(item, Notice)]
    assert len({entry.id for entry in entries}) == 52
    assert {entry.tz for entry in entries} == {"Europe/London", "Europe/Lisbon"}
    assert not [entry.id for entry in entries if "dayone" in entry.text or "\\" in entry.text or "Leeds" in repr(entry)]
    assert [entry.prompt for entry in entries if entry.prompt] == [
        "What made you smile today?",
        "What would you tell your younger self?",
    ]
    assert {entry.local_date.isoformat() for entry in entries if entry.written_at is None} == {
        "2025-10-26",
        "2025-12-27",
    }
    bare = [item.id for item in read_journals([str(folder / "Journal.json")]) if isinstance(item, Entry)]
    assert bare == [entry.id for entry in entries if entry.source.file.endswith("/Journal.json")]
