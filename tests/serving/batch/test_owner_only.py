"""Results and reports that hold notes' texts are their owner's alone, unfinished ones too."""

import os
import stat

import pytest

from afterword_serving.run import Job, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


class Stopped(BaseException):
    """What a Ctrl-C is to a run."""


class Stops:
    """Answers as another does, and stops at the second chunk."""

    def __init__(self, oracle):
        self._oracle = oracle

    def predict(self, texts):
        if self._oracle.asked:
            raise Stopped
        return self._oracle.predict(texts)


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(f'{{"text": "Note {n}."}}\n' for n in range(600)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _lenient():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize(("include_text", "wanted"), [(True, 0o600), (False, 0o644)])
def test_with_texts_only_the_owner_may_read(journal, tmp_path, oracle, to, include_text, wanted):
    out, report = tmp_path / "out", tmp_path / "r.html"
    for path in (out, report):
        path.touch(0o644)

    run(Job((str(journal),), out, to, include_text=include_text, report=report), oracle, None, None)

    assert [mode(out), mode(report)] == [wanted, wanted]


def test_unfinished_and_gone_on_with_it_stays_the_owners(journal, tmp_path, oracle):
    out, part = tmp_path / "out", tmp_path / "out.part"
    part.touch(0o644)
    with pytest.raises(Stopped):
        run(Job((str(journal),), out, include_text=True), Stops(oracle), None, None)
    assert part.stat().st_size > 0
    assert mode(part) == 0o600

    run(Job((str(journal),), out, include_text=True, resume=True), oracle, None, None)
    assert mode(out) == 0o600
