"""The gate between a retrained model and its use: champion against challenger on the same held-out notes."""

from afterword_training.config import GateRules
from afterword_training.gate.contest import TEAM, Contest, Cost, Costs
from afterword_training.gate.judging import judge
from afterword_training.gate.report import verdict_report
from afterword_training.gate.verdict import Decision, Verdict

__all__ = ["TEAM", "Contest", "Cost", "Costs", "Decision", "GateRules", "Verdict", "judge", "verdict_report"]
