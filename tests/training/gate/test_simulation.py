import numpy as np
import pytest
from click.testing import CliRunner

from afterword_model.errors import ConfigError, InputError
from afterword_training import metrics
from afterword_training.config import GateRules
from afterword_training.gate import command
from afterword_training.gate.simulate import Drawn, draw_contest
from afterword_training.gate.simulation import SETTINGS, Setting, Simulated, simulate, simulation_report

MANY = Drawn(notes=200_000, accuracy=0.8, gain=0.05, discordance=0.12)
SOME = (Setting(gain=0, notes=100), Setting(gain=0.05, discordance=0.08))


@pytest.fixture(scope="module")
def many():
    return draw_contest("team", MANY, np.random.default_rng(0))


def test_drawn_models_differ_by_the_gain_on_the_discordant_share(many):
    champion, challenger = many.right
    assert champion.mean() == pytest.approx(0.8, abs=0.004)
    assert challenger.mean() == pytest.approx(0.85, abs=0.004)
    assert (many.change != 0).mean() == pytest.approx(0.12, abs=0.004)


def test_drawn_probabilities_are_calibrated_for_every_label(many):
    for scored in many.scored:
        assert metrics.expected_calibration_error(scored) < 0.006
        for label in range(3):
            given = scored.probabilities[:, label]
            for low, high in ((0.05, 0.15), (0.35, 0.5), (0.7, 0.9)):
                rows = (given >= low) & (given < high)
                assert (scored.truth[rows] == label).mean() == pytest.approx(given[rows].mean(), abs=0.015)


def test_both_models_are_unsure_of_the_same_notes(many):
    champion, challenger = many.scored
    assert np.corrcoef(champion.confidence, challenger.confidence)[0, 1] > 0.4


def test_groups_that_hang_together_differ_more_than_by_chance():
    shares = {}
    for cohesion in (0.0, 0.3):
        settings = Drawn(notes=20_000, accuracy=0.8, gain=0, discordance=0.2, groups=50, even=True, cohesion=cohesion)
        drawn = draw_contest("team", settings, np.random.default_rng(1))
        shares[cohesion] = np.std([drawn.change[drawn.groups == group].mean() for group in np.unique(drawn.groups)])
    assert shares[0.3] > 3 * shares[0.0]


def test_the_settings_hold_what_is_asked_of_the_gate():
    assert any(setting.gain == 0 and setting.notes == 400 for setting in SETTINGS)
    assert any(setting.gain == 0.05 and setting.notes == 400 for setting in SETTINGS)
    assert len(set(SETTINGS)) == len(SETTINGS)


def test_chance_is_seldom_promoted_and_a_gain_mostly():
    (none,), (gain,) = (simulate([setting], GateRules(resamples=200), runs=60, seed=5) for setting in SOME)
    assert none.share <= 0.15  # 5 % and three standard errors of 60 runs
    assert gain.share >= 0.75
    assert none.promoted + none.kept <= none.runs == 60


def test_the_report_tells_the_worst_and_how_far_the_power_reaches():
    found = [
        Simulated(Setting(gain=0), 1000, 31, 900),
        Simulated(Setting(gain=0, notes=100), 1000, 12, 500),
        Simulated(Setting(gain=0.05, discordance=0.08), 1000, 930, 40),
        Simulated(Setting(gain=0.05, discordance=0.12), 1000, 820, 100),
        Simulated(Setting(gain=0.05, discordance=0.20), 1000, 640, 100),
    ]
    words = simulation_report(found, GateRules())
    assert "promoted in at most 3.1% of the runs" in words
    assert "at least 80% of the runs up to a discordance of 0.12; at 0.20 in 64.0%." in words
    assert "| 0 points | 100 | – | – | 0.10 | 0 points | 1.2% | 50.0% | 48.8% |" in words


def test_the_command_writes_its_table_between_the_marks(monkeypatch, tmp_path, tiny_config):
    monkeypatch.setattr(command, "SETTINGS", SOME[:1])
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n<!-- gate -->\n<!-- /gate -->\n\nfoot\n", encoding="utf-8")
    arguments = ["--runs", "3", "--config", str(tiny_config), "-o", str(page)]
    result = CliRunner().invoke(command.simulate_gate_command, arguments)
    assert result.exit_code == 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Page\n\n<!-- gate -->\n3 drawn challengers a row")
    assert written.endswith("\n<!-- /gate -->\n\nfoot\n")
    assert result.stdout.strip() in written


def test_a_page_without_marks_is_told_before_the_simulation(monkeypatch, tmp_path, tiny_config):
    monkeypatch.setattr(command, "simulate", lambda *_, **__: pytest.fail("it ran"))
    page = tmp_path / "page.md"
    page.write_text("no marks\n", encoding="utf-8")
    arguments = ["--config", str(tiny_config), "-o", str(page)]
    with pytest.raises(InputError, match="one pair of marks <!-- gate -->"):
        CliRunner().invoke(command.simulate_gate_command, arguments, catch_exceptions=False)


def test_pairs_want_an_encoder(artifact_folder, tiny_notes, tiny_config):
    arguments = ["--pairs", "--config", str(tiny_config), "--notes", str(tiny_notes), "--model", str(artifact_folder)]
    with pytest.raises(ConfigError, match="encoder"):
        CliRunner().invoke(command.simulate_gate_command, arguments, catch_exceptions=False)
