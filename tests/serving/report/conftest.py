"""Three months of results, and the page made of them."""

import pytest
from tests.serving.report.pages import Parsed, page_of, row


@pytest.fixture(scope="session")
def rows():
    """Three months, with every part of the page in use."""
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28, 3)]
    labels = ["reflection", "rumination", "neither", "neither", "reflection", "rumination", "rumination"]
    found = [row(labels[n % 7], day, f"{n % 24:02}:30+00:00", id=f"e{n}", sure=n % 5 > 0) for n, day in enumerate(days)]
    for each in found[::4]:
        each["evidence"] = [{"kind": "next_step", "start": 0, "end": 20}, {"kind": "concealment", "start": 3, "end": 9}]
    return [*found, row(day=None, id="undated"), row(day="1970-01-01", id="old")]


@pytest.fixture(scope="session")
def page(rows):
    return page_of(rows)


@pytest.fixture(scope="session")
def parsed(page):
    return Parsed(page)
