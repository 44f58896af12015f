import numpy as np
import pytest
from click.testing import CliRunner
from tests.training.quality.made import labels_of

from afterword_training.cli import cli
from afterword_training.quality.simulation import CHANGES, flipped, shuffled, swapped


@pytest.mark.parametrize("share", [0, 0.08, 0.6])
def test_as_many_labels_are_flipped_as_asked_for(share):
    right = labels_of(300)
    changed = flipped(share)(right, np.random.default_rng(1))
    assert (changed != right).sum() == round(share * 300)
    assert set(changed) == {0, 1, 2}


def test_exchanging_and_shuffling_keep_the_counts():
    right = labels_of(300)
    assert (swapped(swapped(right, None), None) == right).all()
    assert (swapped(right, None) == right).sum() == (right == 2).sum()
    changed = shuffled(right, np.random.default_rng(1))
    assert sorted(changed) == sorted(right)
    assert (changed != right).any()


def test_the_command_prints_its_table_and_writes_it_into_a_document(tiny_config, tiny_notes, artifact_folder, tmp_path):
    document = tmp_path / "page.md"
    document.write_text("Before.\n<!-- label errors -->\n<!-- /label errors -->\nAfter.\n")
    options = [
        "--config",
        tiny_config,
        "--notes",
        tiny_notes,
        "--model",
        artifact_folder,
        "--draws",
        "1",
        "-o",
        document,
    ]
    done = CliRunner().invoke(cli, ["simulate-label-errors", "--author", "G", *map(str, options)])
    assert done.exit_code == 0, done.output
    lines = [line for line in document.read_text().splitlines() if line.startswith("| ")]
    assert len(lines) == 2 + 2 * len(CHANGES)
    assert all(line in done.stdout for line in lines)
    assert document.read_text().startswith("Before.\n")
    assert document.read_text().endswith("After.\n")


@pytest.mark.parametrize("author", ["H", "ZZ"])
def test_an_author_that_was_not_trained_on_is_refused(tiny_config, tiny_notes, artifact_folder, author):
    options = ["--config", tiny_config, "--notes", tiny_notes, "--model", artifact_folder, "--author", author]
    done = CliRunner().invoke(cli, ["simulate-label-errors", *map(str, options)])
    assert f"{author} is no author that the model was trained on" in str(done.exception)
