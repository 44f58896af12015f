from pathlib import Path

import pytest

import afterword_training.retrain.held_out as held_out
from afterword_model.errors import InputError
from afterword_model.labels import Label
from afterword_training.labelled import LabelledNote
from afterword_training.retrain import Request


class Reached(Exception):
    """What ends a retraining where it would learn."""


@pytest.fixture(autouse=True)
def learns_nothing(monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise Reached

    monkeypatch.setattr(held_out, "make", stop)


def notes(*sizes: int) -> list[LabelledNote]:
    writers = [writer for writer, size in enumerate(sizes) for _ in range(size)]
    return [
        LabelledNote(f"n{row}", f"f:{row}", f"note {row}", Label.NEITHER, f"writer {writer}", 1)
        for row, writer in enumerate(writers)
    ]


@pytest.mark.parametrize("sizes", [(292, 3, 3, 2), (22, 8)])
def test_where_one_group_leaves_too_few_nothing_is_trained(
    sizes: tuple[int, ...], request_for: Request, tmp_path: Path
):
    left = rf"without it 8 of {sum(sizes)} are left .* Label notes of other groups; or do without"
    with pytest.raises(InputError, match=left):
        held_out.held_out(notes(*sizes), None, None, request_for, tmp_path)


def test_a_group_that_leaves_a_fifth_may_be_held_out(request_for: Request, tmp_path: Path):
    with pytest.raises(Reached):
        held_out.held_out(notes(80, 10, 10), None, None, request_for, tmp_path)
