"""Schemathesis reads the OpenAPI document and holds the running service to it."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

pytestmark = pytest.mark.slow


load_all_checks()
[positive_data_acceptance] = CHECKS.get_by_names(["positive_data_acceptance"])
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_service_is_as_described(make_live):
    schema = schemathesis.openapi.from_url(f"{make_live(max_notes=3, max_characters=100)}/openapi.json")
    checked = []
    for operation in (result.ok() for result in schema.get_all_operations()):
        modes = list(GenerationMode) if operation.body else [GenerationMode.POSITIVE]
        for mode in modes:
            _hold(operation, mode)
            checked.append((operation.label, mode.value))
    assert len(checked) == 8
    assert {("POST /predict", "negative"), ("POST /report", "negative")} <= set(checked)


def _hold(operation: Any, mode: GenerationMode) -> None:
    is_file = operation.path == "/report"
    bounded = settings(BOUNDED, max_examples=15) if is_file else BOUNDED  # each draws a page
    # Bytes of the right type may hold nothing to read, which is 422.
    left_out = [positive_data_acceptance] if is_file else []

    @bounded
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Case) -> None:
        case.call_and_validate(excluded_checks=left_out)

    hold()
