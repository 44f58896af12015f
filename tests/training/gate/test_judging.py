from dataclasses import replace

import numpy as np
import pytest
from tests.training.gate.answers import EQUAL, contest, decide, outcome, probabilities

from afterword_model.errors import ConfigError, InputError
from afterword_training.gate import Cost, Costs, Decision, Verdict, judge, verdict_report


def shipped(**columns):
    return contest("shipped test", **{"notes": 1200, "gained": 30, "lost": 30, **columns})


def test_a_clear_gain_is_promoted():
    verdict = decide(contest(gained=40, lost=10), shipped())
    assert verdict.decision is Decision.PROMOTE
    assert {str(check.outcome) for check in verdict.checks} == {"passed"}


def test_a_gain_worth_having_that_is_ruled_out_keeps_the_champion():
    verdict = decide(contest(notes=1000, gained=40, lost=40), shipped())
    assert verdict.decision is Decision.KEEP
    assert "one of +5.0 points is ruled out" in verdict.reasons[0]


def test_a_worse_challenger_is_not_promoted_however_few_the_notes():
    assert decide(contest(notes=60, gained=0, lost=20), shipped()).decision is Decision.KEEP


def test_a_promising_gain_on_few_notes_is_not_enough_data():
    verdict = decide(contest(notes=100, gained=9, lost=4), shipped())
    team = verdict.comparisons[0]
    assert verdict.decision is Decision.NOT_ENOUGH_DATA
    assert f"with 80% power is +{team.visible_gain * 100:.1f} points" in verdict.reasons[0]
    assert team.visible_gain > 0.08
    assert team.notes_needed == pytest.approx(390, abs=20)


def test_hardly_any_notes_are_never_enough_even_where_all_are_gained():
    verdict = decide(contest(notes=12, gained=12), shipped())
    assert verdict.decision is Decision.NOT_ENOUGH_DATA
    assert "Only 12 of the team's notes" in verdict.reasons[0]


def test_so_few_notes_that_no_gain_could_show():
    verdict = decide(contest(notes=3, gained=1), shipped())
    assert verdict.decision is Decision.NOT_ENOUGH_DATA
    assert any("could not have shown any gain" in reason for reason in verdict.reasons)
    assert verdict.comparisons[0].visible_gain is None


def test_one_note_gets_a_verdict():
    assert decide(contest(notes=1), shipped()).decision is not Decision.PROMOTE


def test_identical_probabilities_keep_the_champion_however_few_the_notes():
    verdict = decide(contest(notes=10), shipped(gained=0, lost=0))
    assert verdict.decision is Decision.KEEP
    assert verdict.reasons[0].startswith("Both models give the same probabilities")


@pytest.mark.parametrize(("notes", "decision"), [(400, Decision.KEEP), (15, Decision.NOT_ENOUGH_DATA)])
@pytest.mark.parametrize("wrong", [0.0, 0.15])
def test_identical_labels_rule_a_gain_out_only_on_many_notes(notes, decision, wrong):
    verdict = decide(contest(notes=notes, wrong=wrong, confident=(0.85, 0.86)), shipped(gained=0, lost=0))
    assert verdict.decision is decision
    assert verdict.comparisons[0].high > 0


def test_a_loss_elsewhere_within_the_margin_is_tolerated():
    verdict = decide(contest(gained=40, lost=10), shipped(gained=10, lost=22))
    assert verdict.decision is Decision.PROMOTE
    assert verdict.comparisons[1].difference == pytest.approx(-0.01)


def test_a_loss_elsewhere_beyond_the_margin_keeps_the_champion():
    verdict = decide(contest(gained=40, lost=10), shipped(gained=10, lost=60))
    assert verdict.decision is Decision.KEEP
    assert outcome(verdict, "no loss on shipped test") == "failed"
    assert verdict.reasons[0].startswith("Worse on the shipped test notes: -4.2 points")


def test_a_loss_elsewhere_that_cannot_be_ruled_out_is_not_enough_data():
    verdict = decide(contest(gained=40, lost=10), shipped(notes=100, gained=5, lost=5))
    assert verdict.decision is Decision.NOT_ENOUGH_DATA
    assert outcome(verdict, "no loss on shipped test") == "undecided"


def test_the_margin_is_in_the_rules():
    contests = contest(gained=40, lost=10), shipped(gained=15, lost=45)
    assert decide(*contests, brier_tolerance=0.1, ece_tolerance=0.1).decision is Decision.KEEP
    assert decide(*contests, brier_tolerance=0.1, ece_tolerance=0.1, loss_margin=0.05).decision is Decision.PROMOTE


def test_copies_that_stand_together_do_not_speak_for_other_writers():
    groups = np.array(["n0", "n0", *(f"n{row}" for row in range(1, 399))])
    words = verdict_report(decide(contest(gained=40, lost=10, groups=groups), shipped()))
    assert "most notes are a group of their own; the figures hold for further notes like these" in words


def test_one_group_speaks_for_itself_only():
    verdict = decide(contest(gained=40, lost=10, groups=np.full(400, "dr a")), shipped())
    assert verdict.decision is Decision.PROMOTE
    assert "of one group; the figures hold for further notes of that group only" in verdict_report(verdict)


def test_groups_that_the_models_know_speak_for_themselves_only():
    team = contest(gained=40, lost=10, groups=np.arange(400) // 10, known_groups=True)
    words = verdict_report(decide(team, shipped()))
    assert (
        "team: other notes of some groups were known; the figures hold for further notes of these groups only" in words
    )
    assert "hold for other groups" not in words


def test_a_gain_of_one_group_among_many_is_no_gain():
    groups = np.arange(400) // 40
    verdict = decide(contest(gained=38, groups=groups), shipped())  # all of it in the first of ten groups
    assert verdict.decision is Decision.NOT_ENOUGH_DATA
    assert verdict.comparisons[0].p_value < 0.001
    assert verdict.comparisons[0].low <= 0
    assert verdict.comparisons[0].visible_gain > 0.1
    assert decide(contest(gained=38), shipped()).decision is Decision.PROMOTE


def test_many_groups_of_few_notes_count_nearly_as_single_notes():
    pairs = contest(gained=40, lost=10, groups=np.arange(400) * 7 % 200)
    assert decide(pairs, shipped()).decision is Decision.PROMOTE


def test_a_kind_of_note_that_falls_keeps_the_champion():
    kinds = np.where(np.arange(400) < 340, "plain", "sarcasm")
    team = contest(gained=60, slices=kinds, wrong=0)
    challenger = team.challenger.copy()
    challenger[360:380] = probabilities(team.truth[360:380], np.zeros(20, dtype=bool), 0.85)
    verdict = decide(replace(team, challenger=challenger), shipped())
    assert outcome(verdict, "gain") == "passed"
    assert verdict.decision is Decision.KEEP
    assert verdict.reasons[0] == "Significantly worse on sarcasm (team): 1.000 to 0.667."


def test_a_label_that_is_given_up_keeps_the_champion():
    team = contest(notes=600, gained=200, wrong=0)
    challenger = team.challenger.copy()
    lost = (team.truth == 1) & (np.arange(600) >= 200)
    challenger[lost] = [0.9, 0.05, 0.05]
    verdict = decide(replace(team, challenger=challenger), shipped())
    assert outcome(verdict, "slices") == "failed"
    assert "label rumination (team)" in verdict.reasons[0]


def test_small_slices_are_told_but_not_judged():
    kinds = np.where(np.arange(400) < 385, "plain", "rare")
    verdict = decide(contest(gained=40, lost=10, slices=kinds), shipped())
    assert [item.p_value is None for item in verdict.slices if item.name == "rare"] == [True]
    assert "| rare (team) | 15 |" in verdict_report(verdict)
    assert "1 are too small to judge" in next(check.sentence for check in verdict.checks if check.name == "slices")


def test_overconfident_probabilities_keep_the_champion():
    verdict = decide(contest(gained=40, lost=10, confident=(0.85, 0.999)), shipped())
    assert verdict.decision is Decision.KEEP
    assert outcome(verdict, "calibration") == "failed"
    assert "ECE on the team notes" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("challenger", "check"), [(Cost(50.0, 1000), "speed"), (Cost(100.0, 2000), "size"), (Cost(79.9, 1000), "speed")]
)
def test_a_slow_or_large_challenger_is_not_promoted(challenger, check):
    verdict = decide(contest(gained=40, lost=10), shipped(), costs=Costs(Cost(100.0, 1000), challenger))
    assert verdict.decision is Decision.KEEP
    assert outcome(verdict, check) == "failed"


def test_a_failure_outweighs_what_is_undecided():
    slow = Costs(Cost(100.0, 1000), Cost(10.0, 1000))
    assert decide(contest(notes=60, gained=6, lost=2), shipped(), costs=slow).decision is Decision.KEEP


def test_the_report_shows_every_figure_and_a_record_can_be_kept():
    verdict = decide(contest(gained=40, lost=10), shipped())
    words = verdict_report(verdict)
    assert words.startswith("**Verdict: promote.** ")
    for part in (
        "| team | 400 | 400 |",
        "+7.5 points",
        "label neither (shipped test)",
        "ECE, team",
        "notes per second",
    ):
        assert part in words
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict


def test_same_seed_same_verdict():
    contests = contest(gained=40, lost=10), shipped()
    assert decide(*contests, seed=3) == decide(*contests, seed=3)
    assert decide(*contests, seed=3) != decide(*contests, seed=4)


@pytest.mark.parametrize("names", [["shipped test"], ["team", "team"], ["team", "other", "other"], []])
def test_contests_have_names_of_their_own_and_one_is_the_teams(names):
    with pytest.raises(ConfigError, match="'team'"):
        decide(*(contest(name) for name in names))


def test_no_notes_and_no_costs_are_told():
    with pytest.raises(InputError, match="no team notes to judge on"):
        decide(contest(notes=0))
    with pytest.raises(InputError, match="champion's speed"):
        judge([contest()], costs=Costs(Cost(0.0, 1), EQUAL.challenger), rules=decide(contest()).rules, seed=1)
