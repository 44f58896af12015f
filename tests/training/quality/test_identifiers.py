import time

import pytest
from tests.training.quality.made import note

from afterword_training.quality import Identifier, Kind
from afterword_training.quality.identifiers import count_identifiers, find_identifiers

FOUND = [
    (Identifier.EMAIL, "Wrote to jo.b+x@clinic.example.org today."),
    (Identifier.PHONE, "Rang 020 7946 0018 twice."),
    (Identifier.PHONE, "Rang +44 (0)20 7946 0018."),
    (Identifier.PHONE, "Her cell is (415) 555-0143."),
    (Identifier.PHONE, "Her cell is 415.555.0143."),
    (Identifier.PHONE, "Office 555-0143, as always."),
    (Identifier.PHONE, "Rang 07700900123."),
    (Identifier.PHONE, "Le numéro: 06 12 34 56 78."),
    (Identifier.NAME, "Saw pt John before lunch."),
    (Identifier.NAME, "Saw pt. Mr Smith."),
    (Identifier.NAME, "The client Anna-Maria left."),
    (Identifier.NAME, "Client O’Brien's mother rang."),
    (Identifier.NAME, "Told Dr Dvořák."),
    (Identifier.NAME, "Mrs. Quaxolotl waited."),
    (Identifier.BIRTH_DATE, "DOB 12/03/1985."),
    (Identifier.BIRTH_DATE, "d.o.b.: 3 May 1985"),
    (Identifier.BIRTH_DATE, "She was born on 12th March 1985."),
    (Identifier.BIRTH_DATE, "Date of birth is 1985-03-12."),
    (Identifier.RECORD_NUMBER, "MRN 0048213, again."),
    (Identifier.RECORD_NUMBER, "NHS number 485 777 3456."),
    (Identifier.RECORD_NUMBER, "Wrote it in chart #48213."),
    (Identifier.RECORD_NUMBER, "case no. 2024-1183"),
    (Identifier.RECORD_NUMBER, "Patient ID: AB12345"),
]

FREE = [
    "The patient. Then I left, and the client. Maria is my supervisor.",
    "Saw the client Monday, and the patient I'd moved.",
    "Client was late. PATIENT REFUSED. Pt DNA'd twice.",
    "A Patient Safety meeting at 19.30-20.00 on 2024-03-11.",
    "BP 120-80, sats 96, 3640 grams, born at 5:12.",
    "In this case 12 of 40 came; ward 7, bed 3.",
    "I miss Fridays. Twelve sessions @ home.",
]


@pytest.mark.parametrize(("sort", "text"), FOUND)
def test_each_usual_form_is_counted_once(sort, text):
    assert count_identifiers(text) == {sort: 1}


@pytest.mark.parametrize("text", FREE)
def test_what_tells_nobody_is_not_counted(text):
    assert count_identifiers(text) == {}


def test_the_sorts_of_one_note_are_told_apart():
    text = "Pt John (DOB 12/03/1985, MRN 0048213), mother Mrs Reed, 415-555-0143 or 415-555-0144, a@b.example."
    (finding,) = find_identifiers([note(1, "Nothing."), note(2, text)])
    assert (finding.kind, finding.where) == (Kind.IDENTIFIER, "team.csv:2")
    assert finding.identifiers == {
        Identifier.EMAIL: 1,
        Identifier.PHONE: 2,
        Identifier.NAME: 2,
        Identifier.BIRTH_DATE: 1,
        Identifier.RECORD_NUMBER: 1,
    }


@pytest.mark.parametrize("part", ["a.", "1 ", "1-", "(0", "+1", "Mr ", "pt. ", "a@a.", "born ", "MRN ", "A-"])
def test_no_text_makes_the_patterns_slow(part):
    began = time.process_time()
    count_identifiers(part * 20_000)
    assert time.process_time() - began < 5
