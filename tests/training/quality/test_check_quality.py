import json
import logging
from dataclasses import replace

import pytest
from tests.training.quality.made import corpus, note

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, Label
from afterword_training.corpus import by_author, labels_of, load_corpus
from afterword_training.labelled import LabelledNote
from afterword_training.quality import Kind, QualityReport, check_quality, quality_markdown
from afterword_training.quality.findings import IDS


@pytest.fixture(scope="module")
def held(tiny_notes):
    return by_author(load_corpus(tiny_notes), ["H"])


@pytest.fixture(scope="module")
def team(held):
    rows = zip(held["id"], held["text"], labels_of(held), held["pair"], strict=True)
    return [
        LabelledNote(name, f"team.csv:{at}", text, label, pair or name, 1)
        for at, (name, text, label, pair) in enumerate(rows, 1)
    ]


def check(classifier, notes, evaluation=None, training=None):
    other = corpus("Nothing that anybody repeats, in the corpus.")
    return check_quality(
        notes, classifier=classifier, evaluation=evaluation or other, training=training or other, seed=1
    )


def test_sound_notes_are_read_and_judged(classifier, team):
    report = check(classifier, team)
    assert report.notes == 24
    assert report.refused == frozenset()
    assert report.whole is not None
    assert sum(share.notes for share in report.labels.values()) == 24
    assert "24 notes in" in quality_markdown(report)


def test_notes_that_models_are_judged_on_are_refused_and_left_out(classifier, team, held):
    own = [note(row, f"A note of our own, number {row}, about the rota.", LABELS[row % 3]) for row in range(30)]
    report = check(classifier, [*own, *team[:5]], evaluation=held)
    assert report.refused == {each.id for each in team[:5]}
    assert [finding.where for finding in report.of(Kind.IN_EVALUATION)] == [each.where for each in team[:5]]
    assert sum(share.notes for share in report.labels.values()) == 30
    assert not {finding.id for finding in report.of(Kind.LABEL_ERROR)} & report.refused


def test_all_notes_refused_leave_nothing_to_judge(classifier, team, held):
    report = check(classifier, team, evaluation=held)
    assert len(report.refused) == 24
    assert report.whole is None
    assert not report.poisoned


def test_few_notes_are_checked_without_a_verdict(classifier):
    report = check(classifier, [note(1, "Rang back. Next time I ask first."), note(2, "...")])
    assert report.whole is None
    assert any("too few to say" in warning for warning in report.warnings)
    assert [finding.where for finding in report.of(Kind.NO_WORDS)] == ["team.csv:2"]


def test_no_notes_are_an_error(classifier):
    with pytest.raises(InputError, match="no labelled notes"):
        check(classifier, [])


def test_notes_in_another_language_are_named(classifier):
    german = "Nächste Woche frage ich zuerst, bevor ich der Familie wieder einen Rat gebe, den niemand hören wollte."
    report = check(classifier, [note(1, german)])
    assert [finding.where for finding in report.of(Kind.NOT_ENGLISH)] == ["team.csv:1"]


def test_exchanged_labels_come_back_as_poison(classifier, tiny_notes):
    both = {Label.REFLECTION: Label.RUMINATION, Label.RUMINATION: Label.REFLECTION, Label.NEITHER: Label.NEITHER}
    known = by_author(load_corpus(tiny_notes), ["G", "O"])
    rows = zip(known["id"], known["text"], labels_of(known), strict=True)
    notes = [LabelledNote(name, f"x:{at}", text, both[label], name, 1) for at, (name, text, label) in enumerate(rows)]
    report = check(classifier, notes)
    assert report.poisoned
    assert quality_markdown(report).count("**Poisoned labels.** The labels look renamed") == 1
    assert report.of(Kind.LABEL_ERROR) == ()


def test_a_report_survives_its_json(classifier, team):
    report = check(classifier, [*team, note(1, team[0].text)])
    assert QualityReport.model_validate_json(report.model_dump_json()) == report


def test_a_report_that_is_kept_holds_no_ids(classifier, team):
    named = [replace(each, id=f"Journal/A title {at}.md") for at, each in enumerate([*team, *team[:3]])]
    kept = check(classifier, named).model_dump_json(exclude=IDS)
    assert '"duplicate"' in kept
    assert "A title" not in kept
    assert '"refused"' not in kept


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_json(classifier):
    report = check(classifier, [note(row, "The same words each time.") for row in range(30)])
    assert "**Duplicate: 29.**" in quality_markdown(report)
    assert "- and 9 more" in quality_markdown(report)
    assert len([each for each in json.loads(report.model_dump_json())["findings"] if each["kind"] == "duplicate"]) == 29


def test_no_text_leaves_the_report(classifier, team, canary, caplog, capfd):
    private = f"{canary} Pt Zorvexia, DOB 12/03/1985, MRN 0048213, 415-555-0143, zorvexian@clinic.example."
    german = "Zorvexian sagt, dass die Marmalade gestern nicht in der Klinik angekommen ist, und niemand weiß warum."
    notes = [*team, note(1, private), note(2, private, Label.NEITHER), note(3, private + " Yes."), note(4, canary)]
    notes += [note(5, german), note(6, canary.upper(), Label.RUMINATION)]
    with caplog.at_level(logging.DEBUG):
        report = check(classifier, notes, evaluation=corpus(canary, name="E"), training=corpus(private))
    assert {Kind.IN_EVALUATION, Kind.CONFLICT, Kind.IDENTIFIER} <= {finding.kind for finding in report.findings}
    shown = "".join(
        [quality_markdown(report), report.model_dump_json(), repr(report), caplog.text, *capfd.readouterr()]
    )
    for word in ("zorvex", "marmalade", "quaxolotl", "0048213", "12/03", "555-0143", "clinic.example"):
        assert word not in shown.casefold()
