"""Exports whose fields hold something else than they should: an answer or one clear error, and no row lost."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.training.labelled.exports import EXPORTS, NOTES

from afterword_model.errors import AfterwordError
from afterword_training.labelled import read_labelled

JSON_KINDS = [kind for kind, (_, name, _) in EXPORTS.items() if name.endswith((".json", ".jsonl"))]
ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.sampled_from(["", "x", "[", '{"choices"'])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "value", "choices", "type"]), inner)
    ),
    max_leaves=4,
)


def places(value, path=()):
    """Yield the path of every value within a record."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(record, path, value):
    record = copy.deepcopy(record)
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return record


@pytest.mark.parametrize("kind", JSON_KINDS)
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_value_is_an_answer_or_an_error_and_no_row_is_lost(desk, kind, data):
    _, name, write = EXPORTS[kind]
    text = write(NOTES).decode()
    records = json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    row = data.draw(st.integers(0, len(records) - 1))
    path = data.draw(st.sampled_from(list(places(records[row]))))
    records[row] = changed(records[row], path, data.draw(ODD))

    try:
        labelled = read_labelled([desk.put("n.json", json.dumps(records).encode())])
    except AfterwordError:
        return
    found = {vote.where for vote in labelled.votes} | {each.where for each in labelled.set_aside}
    assert found == {f"n.json:{number}" for number in (1, 2, 3)}
    assert {note.where for note in labelled.notes} <= {vote.where for vote in labelled.votes}
