import json
from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip

CANARY = "xylophone"
SAMPLE = """{"id":"1774828800000-3fabc0ffee123456","date_modified":1774829000000,"date_journal":1774828800000,"timezone":"America/Lima",
 "text":"<p dir=\\"auto\\">Why did I say that.</p><p dir=\\"auto\\"><strong>I should know better.</strong></p>","preview_text":"<p>…</p>",
 "mood":0,"lat":1.7976931348623157e+308,"lon":1.7976931348623157e+308,"favourite":false,"photos":[],
 "weather":{"id":-1,"degree_c":1.7976931348623157e+308},"tags":[],"type":"html"}"""  # noqa: E501
NAME = "1774828800000-3fabc0ffee123456.json"


def entry(**fields):
    base = {"id": "1774828800000-3fabc0ffee123456", "date_journal": 1774828800000, "timezone": "America/Lima"}
    return json.dumps({**base, "text": "Kept.", "type": "", **fields})


def test_the_export_as_the_app_writes_it(lay, read, zipped):
    path = lay("journey.zip", zipped({NAME: SAMPLE, "1774828800000-3fabc0ffee123456-ab.jpg": b"\xff\xd8"}))

    (found,) = read(path)

    assert found.text == "Why did I say that.\n\nI should know better."
    assert found.id == "1774828800000-3fabc0ffee123456"
    assert found.written_at.isoformat() == "2026-03-29T19:00:00-05:00"
    assert (found.local_date, found.tz) == (date(2026, 3, 29), "America/Lima")
    assert (found.source.format, str(found.source)) == ("journey", f"journey.zip/{NAME}")


def test_entries_may_lie_in_folders(lay, texts, zipped):
    path = lay("a.zip", zipped({f"2026/03/{NAME}": entry(text="One."), f"2026/04/{NAME}": entry(text="Two.")}))

    assert texts(path) == ["One.", "Two."]


def test_it_is_told_by_content(lay, read):
    assert read(lay("download", entry(text="a" * 10_000)))[0].source.format == "journey"


def test_the_date_may_come_after_a_long_text(lay, read):
    long = json.dumps({"text": "word " * 3000, "date_journal": 1})
    with_id = json.dumps({"id": "1774828800000-abc", "text": "word " * 3000, "date_journal": 1774828800000})

    assert read(lay("a.json", with_id))[0].source.format == "journey"
    assert read(lay("b.json", long))[0].source.format != "journey"  # nothing tells it from any other JSON


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text": "<p>One.</p>", "type": ""}, "One."),
        ({"text": "<p>One.</p>", "type": "markdown"}, "One."),
        ({"text": "Fish &amp; chips", "type": "html"}, "Fish & chips"),
        ({"text": "Plain\nlines <3", "type": ""}, "Plain\nlines <3"),
        ({"text": "**Bold**", "type": "markdown"}, "**Bold**"),
        ({"text": r"Again\. ![](dayone-moment://AB12)", "type": ""}, "Again."),
        ({"text": "<p>Again. ![](dayone-moment://AB12)</p>", "type": "html"}, "Again."),
        ({"text": "Kept.", "tags": "work", "type": 5}, "Kept."),
        ({"text": "Kept.", "preview_text": "Not this.", "id": 5}, "Kept."),
    ],
)
def test_html_is_told_by_its_tags(lay, texts, fields, text):
    assert texts(lay(NAME, entry(**fields))) == [text]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "", "photos": ["a.jpg"]}, "media_only"),
        ({"text": "<p><br></p>", "photos": ["a.jpg"], "type": "html"}, "media_only"),
        ({"text": "![](dayone-moment://AB12)"}, "media_only"),
        ({"text": ""}, "empty"),
        ({"text": None}, "empty"),
    ],
)
def test_what_holds_no_words(lay, read, fields, reason):
    assert read(lay(NAME, entry(**fields))) == [Skip(reason, NAME)]


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"timezone": "Nowhere/Land"}, "bad_time_zone"),
        ({"date_journal": 1.7976931348623157e308}, "bad_date"),
        ({"date_journal": "Thursday"}, "bad_date"),
        ({"date_journal": True}, "bad_date"),
    ],
)
def test_a_date_or_zone_that_cannot_be_read_keeps_the_entry(lay, read, fields, notice):
    found = read(lay(NAME, entry(**fields)))

    assert Notice(notice, NAME) in found
    assert [item.text for item in found if isinstance(item, Entry)] == ["Kept."]


@pytest.mark.parametrize("zone", ["", None])
def test_without_a_zone_the_time_is_utc(lay, read, zone):
    (found,) = read(lay(NAME, entry(timezone=zone)))

    assert (found.written_at.isoformat(), found.tz) == ("2026-03-30T00:00:00+00:00", None)


def test_places_moods_music_and_pictures_are_not_read(lay, read):
    private = {"address": CANARY, "label": CANARY, "folder": CANARY, "music_title": CANARY, "music_artist": CANARY}

    found = read(lay(NAME, entry(**private, weather={"place": CANARY}, photos=[CANARY], lat=52.1)))

    assert found[0].text == "Kept."
    assert CANARY not in repr(found)


def test_a_broken_file_does_not_end_the_export(lay, read, zipped):
    broken = '{"id":"1774828800001-ab","date_journal":1774828800000,"text":"' + CANARY

    found = read(lay("a.zip", zipped({"1.json": broken, "2.json": entry()})))

    assert (found[0].reason, found[0].where) == ("bad_json", "a.zip/1.json, at its beginning")
    assert found[1].text == "Kept."
    assert CANARY not in repr(found)


def test_a_list_forced_to_be_journey_is_refused(lay, read):
    assert read(lay("a.json", '["' + CANARY + '"]'), format="journey") == [
        Skip("bad_row", "a.json", "not a Journey entry")
    ]
