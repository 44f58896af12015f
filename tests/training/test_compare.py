import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from datasets import Dataset

from afterword_model import LABELS, Classifier
from afterword_model.errors import ConfigError, InputError
from afterword_training import compare as module
from afterword_training.cli import cli
from afterword_training.compare import Comparison, compare, fit_temperature, notes_per_second, scale, spell
from afterword_training.config import load_config
from afterword_training.corpus import load_corpus
from afterword_training.evaluate import score
from afterword_training.metrics import Probabilities, accuracy, expected_calibration_error, macro_f1
from afterword_training.peers import PEERS, make_peer
from afterword_training.peers.base import Answers, Peer, Setup
from afterword_training.train import Parts


class Fake(Peer):
    """Answers what `rows` says, whatever it is asked."""

    title = "fake"
    settings = "made up"
    row = (0.6, 0.3, 0.1)

    def fit(self, train: Dataset, validation: Dataset) -> None:
        self.seen = len(train), len(validation)

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        return np.tile(np.array(self.row), (len(texts), 1))

    def save(self, folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "model.bin").write_bytes(b"x" * 1_500_000)


class Heuristic(Fake):
    title = "heuristic"
    answers = Answers.SCORES


class Talkative(Fake):
    """Fails, and its error quotes a note."""

    def fit(self, train: Dataset, validation: Dataset) -> None:
        raise ValueError(f"cannot read: {train['text'][0]}")


class Interrupted(Fake):
    def fit(self, train: Dataset, validation: Dataset) -> None:
        raise KeyboardInterrupt


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"fake": Fake, "heuristic": Heuristic, "talkative": Talkative, "interrupted": Interrupted}
    for name in made:
        monkeypatch.setitem(PEERS, name, "in this file")
    monkeypatch.setattr(
        module, "make_peer", lambda name, setup: made[name](setup) if name in made else make_peer(name, setup)
    )


@pytest.fixture
def ask(tiny_notes: Path, tiny_config: Path):
    def asked(*peers: str, **options: object) -> Comparison:
        return Comparison(tiny_config, tiny_notes, peers=peers, **options)

    return asked


def row_of(page: str, title: str) -> list[str]:
    (line,) = (line for line in page.splitlines() if line.startswith(f"| {title} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_own_models_have_the_figures_of_evaluation(
    ask, classifier: Classifier, artifact_folder: Path, tiny_parts: Parts
):
    page = compare(ask("artifact", "baseline", model=artifact_folder))
    scored = score(classifier, tiny_parts.test)
    wanted = [f"{value:.3f}" for value in (accuracy(scored), macro_f1(scored), expected_calibration_error(scored))]
    assert row_of(page, "afterword-tiny 0.0.1")[:3] == wanted
    assert row_of(page, "TF-IDF + LR")[:3] == wanted  # the same model, fitted anew
    assert row_of(page, "afterword-tiny 0.0.1")[-1] == "–"
    assert "trained before, on these notes" in page


def test_command_prints_the_page_and_writes_it(tiny_notes: Path, tiny_config: Path, tmp_path: Path):
    out = tmp_path / "page.md"
    arguments = ["--notes", str(tiny_notes), "--config", str(tiny_config), "--peers", "baseline", "-o", str(out)]
    result = CliRunner().invoke(cli, ["compare", *arguments])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("# Results")
    assert result.stdout.strip() == out.read_text(encoding="utf-8").strip()
    assert "afterword-train compare" in result.stdout
    assert str(tiny_notes) not in result.stdout


@pytest.mark.parametrize(
    ("more", "written"),
    [
        (["--peers", "fake,heuristic"], True),
        (["--peers", "fake,heuristic", "--limit", "12"], False),
        (["--peers", "fake"], False),
    ],
)
def test_only_a_full_run_writes_the_results_of_the_project(
    more: list[str], written: bool, fakes, tiny_notes: Path, tiny_config: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "training").mkdir()
    monkeypatch.setattr("afterword_training.cli.PEERS", dict.fromkeys(["fake", "heuristic"]))
    arguments = ["--notes", str(tiny_notes), "--config", str(tiny_config), *more]
    assert CliRunner().invoke(cli, ["compare", *arguments]).exit_code == 0
    assert (tmp_path / "training" / "RESULTS.md").exists() is written


def test_limit_draws_from_every_part(fakes, ask):
    assert "12 to train on, 12 to validate, 12 to test" in compare(ask("fake", limit=12))


def test_a_missing_package_and_a_failure_are_listed_and_end_nothing(fakes, ask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(PEERS, "absent", "afterword_training.peers.absent:Absent")
    page = compare(ask("absent", "talkative", "fake"))
    assert row_of(page, "absent") == row_of(page, "talkative") == ["–"] * 7
    assert row_of(page, "fake")[0] != "–"
    assert "- **absent**: afterword_training.peers.absent cannot be imported." in page
    assert "- **talkative**: ValueError in training/test_compare.py, line " in page


def test_no_text_of_a_note_is_repeated(fakes, ask, tiny_notes: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    page = compare(ask("talkative", "baseline"))
    for text in load_corpus(tiny_notes)["text"]:
        assert text[:30] not in page
        assert text[:30] not in caplog.text


def test_an_artifact_that_is_not_there_is_listed_without_its_whole_path(fakes, ask, tmp_path: Path):
    page = compare(ask("artifact", "fake", model=tmp_path / "nowhere"))
    assert "There is no model at nowhere." in page
    assert str(tmp_path) not in page


def test_an_interrupted_run_keeps_what_was_measured(fakes, ask, tmp_path: Path):
    out = tmp_path / "page.md"
    with pytest.raises(KeyboardInterrupt):
        compare(ask("fake", "interrupted"), out)
    assert row_of(out.read_text(encoding="utf-8"), "fake")[0] != "–"


def test_scores_have_no_calibration_error(fakes, ask):
    page = compare(ask("heuristic", "fake"))
    assert row_of(page, "heuristic")[2] == "–"
    assert row_of(page, "fake")[2] != "–"
    assert "**fake**: made up; temperature" in page
    assert "**heuristic**: made up." in page


def test_size_counts_all_files(fakes, ask):
    assert row_of(compare(ask("fake")), "fake")[5] == "1.5"


@pytest.mark.parametrize("peers", [("fasttxt",), ()])
def test_unknown_peers_are_named(ask, peers: tuple[str, ...]):
    with pytest.raises(ConfigError, match=r"(fasttxt|nothing); known are artifact, baseline"):
        compare(ask(*peers))


def test_a_folder_that_cannot_be_written_is_found_before_anything_is_fitted(fakes, ask, tmp_path: Path):
    with pytest.raises(ConfigError, match="There is no folder"):
        compare(ask("interrupted"), tmp_path / "none" / "page.md")


def test_notes_without_the_held_authors_are_refused(fakes, ask, tiny_notes: Path, tiny_config: Path, tmp_path: Path):
    (tmp_path / "G.jsonl").write_bytes((tiny_notes / "G.jsonl").read_bytes())
    with pytest.raises(InputError, match="holds no validation notes"):
        compare(Comparison(tiny_config, tmp_path, peers=("fake",)))


@pytest.mark.parametrize("sharpening", [0.4, 1.0, 3.0])
def test_one_temperature_undoes_one_that_was_put_in(sharpening: float):
    draw = np.random.default_rng(1)
    honest = draw.dirichlet([1.0, 1.0, 1.0], 4000)
    truth = np.array([draw.choice(len(LABELS), p=row) for row in honest])
    assert fit_temperature(scale(honest, 1 / sharpening), truth) == pytest.approx(sharpening, rel=0.1)


def test_scaling_keeps_the_order_and_bears_zeros():
    rows = scale(np.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]]), 2.0)
    np.testing.assert_allclose(rows.sum(axis=1), 1)
    assert rows.argmax(axis=1).tolist() == [0, 2]
    assert rows[1, 2] < 0.5


def test_speed_is_the_median_of_the_passes(monkeypatch: pytest.MonkeyPatch, tiny_config: Path):
    clock: Iterator[float] = iter([0, 1, 1, 11, 11, 13])
    monkeypatch.setattr(module.time, "perf_counter", lambda: next(clock))
    peer = Fake(Setup(load_config(tiny_config), "0" * 64))
    assert notes_per_second(peer, ["a", "b"], passes=3) == 1.0


def test_the_process_gets_its_cores_back(fakes, ask):
    before = os.sched_getaffinity(0)
    compare(ask("fake"))
    assert os.sched_getaffinity(0) == before


@pytest.mark.parametrize(("load", "warned"), [(0.1, False), (6.5, True)])
def test_a_busy_machine_is_told_of(
    load: float, warned: bool, fakes, ask, monkeypatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    assert f"load average {load} before the run" in compare(ask("fake"))
    assert ("busy" in caplog.text) is warned


def test_the_command_is_spelled_with_what_was_given():
    comparison = Comparison(
        Path("training/config.toml"), Path("data/notes"), peers=("setfit", "baseline"), base=Path("/far/away/minilm")
    )
    assert spell(comparison) == (
        "afterword-train compare --config training/config.toml --notes data/notes --peers setfit,baseline --base FOLDER"
    )
