from tests.training.quality.made import note

from afterword_model.labels import Label
from afterword_training.quality.balance import balance_warnings, label_shares


def notes(**counts):
    words = {"reflection": 12, "rumination": 10, "neither": 14}
    return [
        note(row, " ".join(["word"] * (words[name] + row % 3)), Label(name))
        for name, count in counts.items()
        for row in range(count)
    ]


def warnings(given):
    return list(balance_warnings(label_shares(given)))


def test_balanced_notes_raise_no_warning():
    given = notes(reflection=40, rumination=30, neither=35)
    assert warnings(given) == []
    share = label_shares(given)[Label.REFLECTION]
    assert (share.notes, share.words) == (40, (12, 13, 14))


def test_a_missing_label_and_a_rare_one_are_named():
    assert warnings(notes(reflection=90, neither=5)) == [
        "No note is labelled rumination; a model cannot learn the label from these notes.",
        "Only 5 notes (5%) are labelled neither; more of them would help most.",
    ]


def test_a_label_that_its_length_gives_away_is_named():
    long = [note(100 + row, "word " * 60, Label.NEITHER) for row in range(40)]
    (warning,) = warnings([*notes(reflection=40, rumination=40), *long])
    assert warning.startswith("Notes labelled neither are much longer than those labelled rumination (medians 60 and")
