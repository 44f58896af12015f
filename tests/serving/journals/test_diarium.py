import json
from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice

CANARY = "xylophone"
SAMPLE = """[{"date":"2026-04-02T19:05:11.48828","heading":"Late session","html":"<p>Lost the thread.<br>Ask P. on Friday how she paces.</p>","rating":3,"tags":["work"]}]"""  # noqa: E501
NAME = "Diarium_2026-04-01_2026-04-30.json"


def entry(**fields):
    return {"date": "2026-04-02T19:05:11.48828", "heading": "", "html": "<p>Kept.</p>", "rating": 3, **fields}


def test_the_export_as_the_app_writes_it(lay, read, zipped):
    (found,) = read(lay("a.zip", zipped({NAME: SAMPLE, "media/2026-04-02/a.jpg": b"\xff\xd8"})))

    assert found.text == "Lost the thread.\nAsk P. on Friday how she paces."
    assert (found.title, found.tags, found.local_date) == ("Late session", ("work",), date(2026, 4, 2))
    assert (found.written_at, found.tz) == (None, None)  # local time of an unknown zone
    assert found.id == "2026-04-02T19:05:11.48828"
    assert str(found.source) == f"a.zip/{NAME}, entry 1"
    assert found.source.format == "diarium"


@pytest.mark.parametrize("fraction", ["", ".48828", ".488281", ".4882812"])
def test_fractions_of_any_length(lay, read, fraction):
    (found,) = read(lay(NAME, json.dumps([entry(date=f"2010-10-26T15:47:53{fraction}")])))

    assert found.local_date == date(2010, 10, 26)


def test_ids_stay_when_the_export_covers_more(lay, read):
    earlier, later = entry(date="2026-03-01T10:00:00.00000"), entry()

    short = read(lay("Diarium_a.json", json.dumps([later])))
    whole = read(lay("Diarium_b.json", json.dumps([earlier, later, later])))

    assert [item.id for item in whole] == [earlier["date"], later["date"], later["date"] + "#2"]
    assert short[0].id == whole[1].id


def test_a_heading_alone_is_the_text(lay, read):
    (found,) = read(lay(NAME, json.dumps([entry(heading="Froze again.", html="<p></p>")])))

    assert (found.text, found.title) == ("Froze again.", None)


def test_people_places_weather_and_trackers_are_not_read(lay, read):
    private = {"people": [CANARY], "tracker": [{"name": CANARY}], "location": [1, 2], "weather": CANARY, "sun": CANARY}

    found = read(lay(NAME, json.dumps([entry(**private)])))

    assert found[0].text == "Kept."
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(CANARY, "bad_row"), (None, "bad_row"), (entry(html=""), "empty"), (entry(html=5), "empty")],
)
def test_one_bad_entry_does_not_end_the_file(lay, read, bad, reason):
    found = read(lay(NAME, json.dumps([entry(), bad, entry()])))

    assert [getattr(item, "text", None) for item in found] == ["Kept.", None, "Kept."]
    assert (found[1].reason, found[1].where) == (reason, f"{NAME}, entry 2")
    assert CANARY not in repr(found)


def test_what_comes_before_a_break_in_the_file_is_kept(lay, read):
    whole = json.dumps([entry(), entry(html=CANARY)])

    found = read(lay(NAME, whole[: whole.index(CANARY) + 5]))

    assert found[0].text == "Kept."
    assert (found[1].reason, found[1].where) == ("bad_json", f"{NAME}, after entry 1")


@pytest.mark.parametrize("when", ["Thursday", 5, [CANARY]])
def test_a_date_that_cannot_be_read_keeps_the_entry(lay, read, when):
    found = read(lay(NAME, json.dumps([entry(date="2026-04-01T10:00:00"), entry(date=when)])))

    assert Notice("bad_date", f"{NAME}, entry 2") in found
    assert [item.id for item in found if isinstance(item, Entry)] == ["2026-04-01T10:00:00", f"{NAME}#2"]


@pytest.mark.parametrize(
    "records",
    [
        [{"date": "2026-04-02", "title": "Late", "text": "Kept.", "tags": ["work"]}],  # a looser shape of the same
        [{"date": "2026-04-02", "text": "Kept.", "html": "<p>Kept.</p>"}],
    ],
)
def test_other_arrays_are_read_by_their_columns(lay, read, records):
    (found,) = read(lay(NAME, json.dumps(records)))

    assert (found.source.format, found.text, found.local_date) == ("json", "Kept.", date(2026, 4, 2))
