import plistlib
from datetime import date, datetime

import pytest

from afterword_serving.entry import Entry, Notice, Skip

UUID = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
ENTRY = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Creation Date</key>
	<date>2026-03-29T22:30:00Z</date>
	<key>Creator</key>
	<dict><key>Host Name</key><string>Secret Phone</string></dict>
	<key>Entry Text</key>
	<string># Tuesday group
I cut in too early - again.

Next week I will wait for two breaths &amp; count.</string>
	<key>Location</key>
	<dict><key>Place Name</key><string>Secret Street</string></dict>
	<key>Starred</key>
	<false/>
	<key>Tags</key>
	<array><string>work</string></array>
	<key>Time Zone</key>
	<string>Europe/London</string>
	<key>UUID</key>
	<string>{UUID}</string>
	<key>Weather</key>
	<dict><key>Description</key><string>Hail</string></dict>
</dict>
</plist>
"""
PLACE = f"Journal.dayone/entries/{UUID}.doentry"


def entry(**fields):
    return {"Creation Date": datetime(2026, 3, 29, 22, 30), "Entry Text": "Kept.", "UUID": UUID, **fields}


def test_a_journal_as_the_app_keeps_it(lay, read, tmp_path):
    lay(PLACE, ENTRY)
    lay(f"Journal.dayone/photos/{UUID}.jpg", b"\xff\xd8\xff")

    (found,) = read(tmp_path / "Journal.dayone")

    assert found.text == "I cut in too early - again.\n\nNext week I will wait for two breaths & count."
    assert (found.title, found.tags, found.tz, found.id) == ("Tuesday group", ("work",), "Europe/London", UUID)
    assert (found.written_at.isoformat(), found.local_date) == ("2026-03-29T23:30:00+01:00", date(2026, 3, 29))
    assert (found.source.format, str(found.source)) == ("day-one-classic", f"Journal.dayone/entries/{UUID}.doentry")


def test_a_zip_and_a_folder_and_a_file_say_the_same(lay, read, zipped, tmp_path):
    single = read(lay(PLACE, ENTRY))
    in_zip = read(lay("a.zip", zipped({PLACE: ENTRY})))

    assert [item.id for item in (*single, *in_zip, *read(tmp_path / "Journal.dayone"))] == [UUID] * 3


def test_places_weather_and_devices_are_not_read(lay, read):
    found = repr(read(lay(PLACE, ENTRY)))

    assert "Secret" not in found
    assert "Hail" not in found


def test_a_binary_property_list_under_any_name(lay, read):
    (found,) = read(lay("download", plistlib.dumps(entry(), fmt=plistlib.FMT_BINARY)))

    assert (found.text, found.source.format) == ("Kept.", "day-one-classic")


@pytest.mark.parametrize(
    "odd",
    [
        {"Tags": "work"},
        {"Tags": [1, True]},
        {"UUID": 5},
        {"Entry Text": "C:\\notes \\- Kept."},
        {"Starred": "no", "Location": []},
    ],
)
def test_odd_fields_cost_nothing(lay, texts, odd):
    (text,) = texts(lay(PLACE, plistlib.dumps(entry(**odd))))

    assert text.endswith("Kept.")


def test_backslashes_are_the_writers_own(lay, texts):
    assert texts(lay(PLACE, plistlib.dumps(entry(**{"Entry Text": "a \\- b"})))) == ["a \\- b"]


def test_without_a_uuid_the_name_is_the_id(lay, read):
    assert read(lay("AB12.doentry", plistlib.dumps(entry(UUID=""))))[0].id == "AB12.doentry"


@pytest.mark.parametrize(
    ("fields", "notice"),
    [({"Time Zone": "Nowhere/Canary"}, "bad_time_zone"), ({"Creation Date": "Thursday"}, "bad_date")],
)
def test_an_unreadable_date_or_zone_keeps_the_entry(lay, read, fields, notice):
    items = read(lay(PLACE, plistlib.dumps(entry(**fields))))

    assert items[0] == Notice(notice, f"{UUID}.doentry")
    assert items[1].text == "Kept."


@pytest.mark.parametrize("text", ["", " \n", "\ufffc"])
def test_a_picture_without_words(lay, read, zipped, tmp_path, text):
    bare = plistlib.dumps(entry(**{"Entry Text": text}))
    lay(PLACE, bare)
    lay(f"Journal.dayone/photos/{UUID}.jpg", b"\xff\xd8\xff")
    packed = zipped({PLACE: bare, f"Journal.dayone/photos/{UUID}.jpg": b"\xff\xd8\xff"})

    assert [item.reason for item in read(tmp_path / "Journal.dayone")] == ["media_only"]
    assert [item.reason for item in read(lay("a.zip", packed))] == ["media_only"]


def test_neither_picture_nor_words(lay, read):
    assert read(lay(PLACE, plistlib.dumps({"Entry Text": "", "UUID": UUID}))) == [Skip("empty", f"{UUID}.doentry")]


@pytest.mark.parametrize(
    "damaged",
    [
        ENTRY[:-40],
        ENTRY.replace("2026-03-29T22:30:00Z", "canary"),
        ENTRY.replace("<false/>", "<integer>canary</integer>"),
        ENTRY.replace("<false/>", "<data>canary!</data>"),
        ENTRY.replace("<false/>", "<canary/>"),
        ENTRY.replace("<false/>", ""),
        ENTRY.replace("UTF-8", "UTF-99"),
        ENTRY.replace("<plist", '<!ENTITY canary "x"><plist'),
        ENTRY.replace('PropertyList-1.0.dtd">', 'PropertyList-1.0.dtd" [<!ENTITY canary "x">]>'),
        '<plist version="1.0"><array><string>Entry Text</string></array></plist>',
        b"bplist00Entry Text" + b"\xff" * 40,
    ],
)
def test_a_damaged_entry_does_not_end_the_journal(lay, read, tmp_path, damaged):
    lay("J.dayone/entries/A.doentry", damaged)
    lay("J.dayone/entries/B.doentry", ENTRY)

    skip, found = read(tmp_path / "J.dayone")

    assert (skip.reason, skip.where) == ("unreadable", "J.dayone/entries/A.doentry")
    assert "canary" not in repr(skip)
    assert isinstance(found, Entry)


def test_other_property_lists_are_not_entries(lay, read):
    assert "day-one-classic" not in repr(read(lay("Info.plist", plistlib.dumps({"Name": "x"}))))


def test_an_entry_too_large(lay, read, monkeypatch):
    monkeypatch.setattr("afterword_serving.journals.day_one_classic.LARGEST_WHOLE", 100)

    assert [item.reason for item in read(lay(PLACE, ENTRY))] == ["too_large"]
