import pytest
from pydantic import ValidationError

from afterword_model.manifest import BaseEncoder, Manifest


@pytest.fixture
def manifest(classifier):
    return classifier.manifest


def test_it_comes_back_from_json_as_it_was(manifest):
    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product", "other"),
        ("threshold", 1.5),
        ("temperature", 0),
        ("labels", ["reflexion"]),
        ("model_sha256", "abc"),
        ("model_bytes", 0),
        ("note", "extra"),
        ("created", "yesterday"),
    ],
)
def test_values_that_make_no_sense_are_refused(manifest, field, value):
    with pytest.raises(ValidationError, match=field):
        Manifest.model_validate({**manifest.model_dump(), field: value})


def test_a_base_encoder_has_a_whole_checksum():
    with pytest.raises(ValidationError, match="sha256"):
        BaseEncoder(name="a/b", revision="1", sha256="12")
