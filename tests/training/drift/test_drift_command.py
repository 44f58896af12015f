import csv
import json
import shutil
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from afterword_model import Classifier
from afterword_model.labels import LABELS
from afterword_training.cli import main
from afterword_training.corpus import load_corpus
from afterword_training.registry import add, promote

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(trained):
    return trained[0]


@pytest.fixture(scope="module")
def rows(model, tiny_notes):
    """What `afterword classify --include-text` says of the whole corpus, five times over."""
    texts = load_corpus(tiny_notes)["text"][:] * 5
    predictions = Classifier.load(model).predict(texts)
    return [
        {
            "id": str(at),
            "label": str(prediction.label),
            **{f"p_{label}": prediction.probabilities[label] for label in LABELS},
            "sure": prediction.sure,
            "text": text,
        }
        for at, (text, prediction) in enumerate(zip(texts, predictions, strict=True))
    ]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path, model):
    """Writes rows, if any, to results.jsonl and runs the command; returns exit status, output and error."""

    def run(rows, *arguments, name="results.jsonl", registry=None):
        if rows is not None:
            (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        source = ("--registry", str(registry)) if registry else ("--model", str(model))
        words = ["drift", str(tmp_path / name), *source, *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", ["afterword-train", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, *capsys.readouterr()

    return run


def without(rows, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def test_results_are_held_against_the_models_reference(run, rows):
    status, out, err = run(rows)
    assert (status, err) == (int(out.startswith("Drifted")), "")
    assert "540 recent notes" in out or "540 recent ones" in out
    assert "the validation authors L" in out
    assert {line.split(" | ")[0] for line in out.splitlines()} >= {"| labels", "| unsure", "| length", "| p(neither)"}


def test_the_same_notes_are_steady_against_themselves(run, rows, tmp_path):
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    status, out, _ = run(rows, "--against", earlier)
    assert status == 0
    assert out.startswith("Steady: the 540 recent notes and their answers look like the 540 of the earlier results.")


def test_drift_has_exit_status_1_a_picture_and_figures(run, rows, tmp_path):
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    longer = [row | {"text": f"{row['text']} " * 9, "sure": not row["sure"]} for row in rows]
    picture = tmp_path / "drift.svg"
    status, out, _ = run(longer, "--against", earlier, "-o", picture)
    assert status == 1
    assert out.startswith("Drifted: ")
    assert "length" in out.splitlines()[0]
    assert "length: drifted" in picture.read_text(encoding="utf-8")
    assert run(None, "--against", earlier, "-o", tmp_path / "drift.json")[0] == 1
    figures = json.loads((tmp_path / "drift.json").read_text(encoding="utf-8"))
    assert {shift["name"]: shift["verdict"] for shift in figures["shifts"]}["length"] == "drifted"


def test_every_format_of_results_gives_the_same_report(run, rows, tmp_path):
    _, expected, _ = run(rows)
    with (tmp_path / "results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"sure": str(row["sure"]).lower()} for row in rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "results.parquet", row_group_size=100)
    assert run(None, name="results.csv")[1] == expected
    assert run(None, name="results.parquet")[1] == expected


def test_lengths_are_known_from_the_number_of_words_alone(run, rows):
    _, with_text, _ = run(rows)
    _, counted, _ = run(without([row | {"words": len(row["text"].split())} for row in rows], "text"))
    line = next(line for line in with_text.splitlines() if line.startswith("| length"))
    assert line.split(" | ")[:3] == next(x for x in counted.splitlines() if x.startswith("| length")).split(" | ")[:3]
    assert "Vocabulary was not compared" in counted


def test_no_text_is_ever_shown(run, rows, canary, tmp_path):
    secret = [row | {"text": f"{canary} {row['text']}"} for row in rows]
    told = run(secret, "-o", tmp_path / "drift.svg")
    told += run(None, "-o", tmp_path / "drift.json")
    written = [(tmp_path / f"drift.{kind}").read_text(encoding="utf-8") for kind in ("svg", "json")]
    assert "zorvexian" not in " ".join([*map(str, told), *written]).casefold()


def test_a_row_that_is_no_result_is_named_without_its_words(run, rows, canary):
    broken = [*rows[:2], {"text": canary, "label": canary, "sure": True, "p_neither": 2}]
    status, out, err = run(broken)
    assert (status, out) == (2, "")
    assert "results.jsonl:3 is not a result of `afterword classify`" in err
    assert "label, p_neither, p_reflection, p_rumination" in err
    assert "Zorvexian" not in err


def test_parts_of_notes_are_refused(run, rows):
    status, _, err = run([row | {"entry_id": "1", "start": 0, "end": 5} for row in rows])
    assert status == 2
    assert "results.jsonl:1 is a part of a note" in err


def test_answers_of_another_model_are_refused(run, rows, tmp_path):
    record = {"model": {"name": "afterword-other", "version": "3", "sha256": "f" * 64}}
    (tmp_path / "results.jsonl.run.json").write_text(json.dumps(record), encoding="utf-8")
    status, _, err = run(rows)
    assert status == 2
    assert "was answered by afterword-other 3, another model than afterword-tiny 0.0.1" in err


def test_the_record_of_this_model_is_accepted(run, rows, tmp_path, model):
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    record = {"model": {"name": "afterword-tiny", "version": "0.0.1", "sha256": manifest["model_sha256"]}}
    (tmp_path / "results.jsonl.run.json").write_text(json.dumps(record), encoding="utf-8")
    assert run(rows)[0] in (0, 1)


def test_a_model_without_a_reference_wants_earlier_results(run, rows, artifact_folder, tmp_path):
    status, _, err = run(rows, "--model", artifact_folder)
    assert status == 2
    assert "was saved without a reference" in err
    earlier = shutil.copy(tmp_path / "results.jsonl", tmp_path / "earlier.jsonl")
    assert run(rows, "--model", artifact_folder, "--against", earlier)[0] == 0


def test_the_champion_of_a_registry_is_taken(run, rows, model, tmp_path):
    promote(tmp_path / "registry", add(tmp_path / "registry", model))
    _, expected, _ = run(rows)
    assert run(None, registry=tmp_path / "registry")[1] == expected
    status, _, err = run(None, "--registry", tmp_path / "registry")
    assert status == 2
    assert "not both" in err


WRONG = {
    "missing": (None, [], "cannot be read (No such file"),
    "empty": ([], [], "There are no results in"),
    "picture of another kind": ([], ["-o", "drift.doc"], "should end in .svg or .json"),
}


@pytest.mark.parametrize(("rows", "words", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_one_message(run, rows, words, message):
    status, out, err = run(rows, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
