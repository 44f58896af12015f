from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip, path_digest

# As the app writes it: the body opens inside one paragraph and closes in another.
PAGE = """<!DOCTYPE html>
<html dir="auto">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<title></title>{style}
</head>
<body>
<p class="p1"><span class="s1"><div class='pageContainer'>    <div class="pageHeader">{header}</div>
<div class="assetGrid">{assets}</div>{before}<div class='bodyText'></span></p>
{body}
<p class="p1"><span class="s1"></div></div></span></p>
</body>
</html>
"""
STYLE = '\n<style type="text/css">\n' + "span.s2 {font-weight: normal; font-size: 14px}\n" * 400 + "</style>"
ASSETS = """    <div id="A" class="gridItem assetType_stateOfMind">
        <div class="gridItemOverlayText gridItemOverlayHeader">Sad, Overwhelmed</div>
        <img src="../Resources/A.heic" class="asset_image"/>
        <div class="gridItemOverlayText gridItemOverlayFooter">Health</div>
    </div>    <div id="B" class="gridItem assetType_contact">
        <div class="gridItemOverlayText gridItemOverlayHeader">Secret Name</div>
    </div>"""
PROMPT = "<div class='reflectionPrompt'>What stayed with you?</div>"
TITLE = "<div class='title'>Group</div>"
BODY = '<p class="p2"><span class="s2">I should never have said it.</span></p>'
DAY = "Thursday, 2 April 2026"
PLACE = "AppleJournalEntries/Entries/2026-04-02_Group.html"
INDEX = "<!DOCTYPE html>\n<html><body><a href='Entries/2026-04-02_Group.html'>canary title</a></body></html>"


def page(body=BODY, *, header=DAY, assets=ASSETS, before=PROMPT + TITLE, style=""):
    return PAGE.format(header=header, assets=assets, before=before, style=style, body=body)


def test_the_export_as_the_app_writes_it(lay, read, zipped):
    content = {
        "AppleJournalEntries/index.html": INDEX,
        PLACE: page(),
        "__MACOSX/AppleJournalEntries/Entries/._2026-04-02_Group.html": b"\x00\x05\x16\x07",
        "AppleJournalEntries/Resources/A.heic": b"\x00",
    }

    (found,) = read(lay("AppleJournalEntries.zip", zipped(content)))

    assert (found.text, found.title, found.prompt) == (
        "I should never have said it.",
        "Group",
        "What stayed with you?",
    )
    assert (found.local_date, found.written_at, found.tz) == (date(2026, 4, 2), None, None)
    assert (found.id, found.source.format) == (path_digest(PLACE), "apple-journal")


def test_a_folder_and_one_page_by_itself(lay, texts, tmp_path):
    lay("AppleJournalEntries/index.html", INDEX)
    path = lay(PLACE, page())

    assert texts(tmp_path / "AppleJournalEntries") == texts(path) == ["I should never have said it."]


def test_the_zip_among_other_files(lay, texts, zipped, tmp_path):
    lay("f/a.zip", zipped({"index.html": INDEX, "Entries/2026-04-02.html": page()}))
    lay("f/b.md", "Two.")

    assert texts(tmp_path / "f") == ["I should never have said it.", "Two."]


@pytest.mark.parametrize("name", ["AppleJournalEntries/Entries/2026-04-02.html", "download"])
def test_a_long_style_sheet_above_the_page(lay, read, name):
    (found,) = read(lay(name, page(style=STYLE)))

    assert (found.text, found.source.format) == ("I should never have said it.", "apple-journal")


def test_people_places_and_moods_are_not_read(lay, read):
    found = repr(read(lay(PLACE, page())))

    assert "Secret" not in found
    assert "Overwhelmed" not in found


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (BODY + '<p class="p3"><span class="s2">Next.</span></p>', "I should never have said it.\n\nNext."),
        ('<p class="p7"><span class="s9">Other styles.</span></p>', "Other styles."),
        ('<p class="p2"><span class="s2">One </span><span class="s3"><b>word</b></span>.</p>', "One word."),
        ('<p class="p2"><span class="s2"></span><br></p>' + BODY, "I should never have said it."),
        ('<p class="p2"><span class="s2">a<br>b</span></p>', "a\nb"),
        ('<ul class="ul1"><li class="li2"><span>a</span></li><li><p>b</p></li></ul>', "- a\n- b"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n\n- b"),
        ("loose<div>in a box</div>", "loose\nin a box"),
        (BODY + ASSETS, "I should never have said it."),
        ('<blockquote class="q"><p class="p2">said</p></blockquote>', "said"),
        ('<p class="p2"><span class="s2">Tom &amp; &ldquo;I&rdquo;</span></p>', "Tom & \u201cI\u201d"),
        ('<p class="p2"><span class="s2">no end', "no end"),
    ],
)
def test_the_words_of_a_page(lay, texts, body, text):
    assert texts(lay(PLACE, page(body))) == [text]


def test_a_page_without_the_mark_of_its_body(lay, texts):
    assert texts(lay(PLACE, page().replace("<div class='bodyText'>", ""))) == ["I should never have said it."]


def test_text_straight_in_the_body(lay, texts):
    markup = f"<html><div class='pageHeader'>{DAY}</div><div class='bodyText'>Straight in.</div></html>"

    assert texts(lay("a.html", markup)) == ["Straight in."]


@pytest.mark.parametrize(
    ("header", "name", "day"),
    [
        ("Thursday, 2 April 2026", "2026-04-01", date(2026, 4, 2)),
        ("Thursday, April 2, 2026", "2026-04-01", date(2026, 4, 2)),
        ("jeudi 2 avril 2026", "2026-04-01_Groupe", date(2026, 4, 1)),
        ("", "2026-04-01", date(2026, 4, 1)),
    ],
)
def test_the_day_is_that_of_the_page_then_of_the_name(lay, read, header, name, day):
    (found,) = read(lay(f"Entries/{name}.html", page(header=header)))

    assert found.local_date == day


def test_without_any_day_the_entry_is_kept(lay, read):
    items = read(lay("a.html", page(header="jeudi canary")))

    assert items[0] == Notice("bad_date", "a.html")
    assert items[1].text == "I should never have said it."


def test_without_a_title_the_name_tells_it(lay, read):
    assert read(lay(PLACE, page(before="")))[0].title == "Group"
    assert read(lay("2026-04-02.html", page(before="")))[0].title is None


@pytest.mark.parametrize(("assets", "reason"), [(ASSETS, "media_only"), ("", "empty")])
def test_a_page_without_words(lay, read, assets, reason):
    assert read(lay(PLACE, page("", assets=assets))) == [Skip(reason, "2026-04-02_Group.html")]


@pytest.mark.parametrize("damage", ["<![canary", "<!canary[<", "<p canary='", "&#xffffffff;"])
def test_damaged_pages_do_not_end_the_export(lay, read, tmp_path, damage):
    lay("Entries/2026-04-01.html", page(damage))
    lay("Entries/2026-04-02.html", page())

    *_, last = read(tmp_path / "Entries")

    assert last.text == "I should never have said it."


def test_damage_is_told_without_words(lay, read):
    (skip,) = read(lay(PLACE, page("<![canary")))

    assert skip.reason == "unreadable"
    assert "canary" not in repr(skip)


def test_a_page_nested_beyond_reason(lay, texts):
    assert texts(lay(PLACE, page("<div>" * 1000 + "deep"))) == ["deep"]


@pytest.mark.parametrize("bound", ["source.LARGEST_WHOLE", "html_text.LARGEST_MARKUP"])
def test_a_page_too_large(lay, read, monkeypatch, bound):
    monkeypatch.setattr(f"afterword_serving.journals.{bound}", 100)

    assert [item.reason for item in read(lay(PLACE, page()))] == ["too_large"]


def test_other_pages_are_not_of_the_journal(lay, read):
    items = read(lay("index.html", "<html><body><p>Words</p></body></html>"))

    assert "apple-journal" not in [item.source.format for item in items if isinstance(item, Entry)]
