import pytest

from afterword_model.labels import Label
from afterword_model.manifest import Figure
from afterword_training.corpus import by_author, load_corpus
from afterword_training.evaluate import GroupFigure, evaluate
from afterword_training.long_pages import LongFigure
from afterword_training.span_metrics import MarkerFigure
from afterword_training.tables import (
    confusion_table,
    figures_table,
    groups_table,
    long_pages_table,
    markers_table,
    report,
    table,
)


def test_a_table_is_markdown():
    assert table(("a", "b"), [("x", "1"), ("y", "2")]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n| y | 2 |"


def test_figures_come_with_their_interval():
    assert "| accuracy | 0.876 | 0.800 to 0.900 |" in figures_table(
        {"accuracy": Figure(value=0.8756, low=0.8, high=0.9)}
    )


def test_confusion_names_the_truth():
    lines = confusion_table([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).splitlines()
    assert lines[0] == "| truth \\ answer | reflection | rumination | neither |"
    assert lines[3] == "| **rumination** | 4 | 5 | 6 |"


def test_groups_and_markers():
    assert "| H | 24 | 0.500 |" in groups_table("author", {"H": GroupFigure(notes=24, accuracy=0.5, macro_f1=0.4)})
    marker = MarkerFigure(marked=3, found=2, exact_f1=0.25, overlap_f1=0.5)
    assert "| next_step | 3 | 2 | 0.250 | 0.500 |" in markers_table({"next_step": marker})


def test_a_marker_that_nobody_marked_has_no_figure():
    marker = MarkerFigure(marked=0, found=2, exact_f1=0.0, overlap_f1=0.0)
    assert "| next_step | 0 | 2 | – | – |" in markers_table({"next_step": marker})


def test_long_pages_may_be_of_either_part():
    shares = {Label.REFLECTION: 0.4, Label.RUMINATION: 0.5}
    found = LongFigure(words=300, pages=25, recall={**shares, Label.NEITHER: 1.0}, turned=shares)
    told = long_pages_table([found])
    assert told.startswith("Pages of plain held-out notes, 25 of each label and length, in which one held-out note, ")
    assert "test" not in told
    assert "| about 300 | 40% | 50% | 100% | 40% | 50% |" in told


def test_a_report_on_notes_without_markers_and_kinds_leaves_their_tables_out(classifier, tiny_notes):
    held = by_author(load_corpus(tiny_notes), ["H"]).map(lambda _: {"markers": [], "slice": None})
    text = report(evaluate(classifier, held, resamples=5, seed=0).model_copy(update={"by_author": {}}))
    assert "overlap F1" not in text
    assert "| author |" not in text
    assert "Intervals resample notes." in text


def test_a_report_holds_every_table_and_no_text(classifier, tiny_notes):
    held = by_author(load_corpus(tiny_notes), ["H"])
    text = report(evaluate(classifier, held, resamples=5, seed=0))
    assert "24 notes by authors H; model afterword-tiny 0.0.1." in text
    for head in ("95 % interval", "truth \\ answer", "kind of note", "author", "label", "length", "overlap F1"):
        assert f"| {head}" in text or f"{head} |" in text
    assert not any(note[:25] in text for note in held["text"])


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_report_of_a_model_always_or_never_sure(classifier, tiny_notes, threshold, monkeypatch):
    monkeypatch.setattr(classifier, "threshold", threshold)
    text = report(evaluate(classifier, by_author(load_corpus(tiny_notes), ["H"]), resamples=2, seed=0))
    assert ("100.0% of the notes" if threshold == 0 else "0.0% of the notes") in text
    assert "nan" not in text.casefold().replace("nance", "")
