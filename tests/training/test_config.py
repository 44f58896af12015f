import pytest

from afterword_model.errors import ConfigError
from afterword_training.config import PARTS, Split, load_config, part_of


def test_every_number_of_the_tiny_run_is_read(tiny_config):
    config = load_config(tiny_config)
    assert (config.name, config.seed, config.bootstrap) == ("afterword-tiny", 7, 20)
    assert config.split.validation == ("L",)
    assert config.encoder is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("seed = 7", 'seed = "x"', "seed: "),
        ("seed = 7", "", "seed: Field required"),
        ("seed = 7", "seed = 7\nsede = 8", "sede: Extra inputs"),
        ("c = 6.0", "c = 0", "baseline.c: "),
        ("min_df = 1", "min_df = 0", "baseline.min_df: "),
        ('test = ["H"]', "test = []", "split.test: "),
        ("sure_accuracy = 0.9", "sure_accuracy = 1.0", "sure_accuracy: "),
        ("seed = 7", "seed 7", "is not a TOML file"),
    ],
)
def test_a_wrong_value_is_named(tiny_config, tmp_path, old, new, words):
    path = tmp_path / "config.toml"
    path.write_text(tiny_config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        load_config(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_a_folder_and_no_text_are_told(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "binary.toml"):
        with pytest.raises(ConfigError, match="configuration|TOML"):
            load_config(path)


def test_an_author_belongs_to_one_part():
    split = Split(validation=("L",), test=("H",))
    assert [part_of(author, split) for author in ("G", "L", "H")] == list(PARTS)
