from pathlib import Path

import pytest

from afterword_model.errors import ConfigError
from afterword_serving.settings import Settings


def test_flags_win_over_the_environment_over_defaults(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_PORT", "9001")
    monkeypatch.setenv("AFTERWORD_MODEL", "models/a")
    monkeypatch.setenv("AFTERWORD_DOCS", "false")
    settings = Settings.read(port=9002, host=None)
    assert (settings.port, settings.model, settings.docs) == (9002, Path("models/a"), False)
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "hunter2"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("MAX_NOTES", "-1"),
        ("LOG_LEVEL", "hunter2"),
        ("BODY_SECONDS", "0"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(f"AFTERWORD_{name}", value)
    with pytest.raises(ConfigError, match=f"AFTERWORD_{name}") as caught:
        Settings.read()
    assert "hunter2" not in str(caught.value)


def test_the_queue_holds_at_least_one_request():
    with pytest.raises(ConfigError, match="AFTERWORD_QUEUE_NOTES is less than AFTERWORD_MAX_NOTES"):
        Settings.read(queue_notes=10, max_notes=11)


def test_every_setting_is_described_here_and_in_the_readme():
    readme = Path(__file__).parents[3] / "serving" / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"| `AFTERWORD_{name.upper()}` | {field.description}" in text
