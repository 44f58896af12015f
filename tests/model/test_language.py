import json
from pathlib import Path

import pytest

from afterword_model.language import is_english

NOTES = Path(__file__).parents[2] / "data" / "notes"


@pytest.mark.parametrize(
    "text",
    [
        "Ich hätte ihr das nie sagen dürfen, und jetzt kann ich nicht schlafen.",
        "Je n'aurais jamais dû lui dire cela, et maintenant je ne dors plus.",
        "No debería haberle dicho eso, y ahora no puedo dormir por la noche.",
        "Nie powinnam była tego mówić i teraz nie mogę spać.",
        "Я не должна была этого говорить",
        "私はそれを言うべきではなかった",
        "לא הייתי צריכה להגיד את זה",
    ],
)
def test_other_languages_are_seen(text):
    assert is_english(text) is False


@pytest.mark.parametrize(
    "text", ["", "ok", "42", "😀", "f/u Mon", "Danke.", "sat w/ pt, no words", "déjà vu again today with her"]
)
def test_doubt_counts_as_english(text):
    assert is_english(text) is True


def test_notes_of_the_corpus_are_english():
    lines = [
        line
        for file in sorted(NOTES.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").split("\n")[:12]
        if line
    ]
    missed = [json.loads(line)["id"] for line in lines if not is_english(json.loads(line)["text"])]
    assert len(missed) <= len(lines) // 100, missed
