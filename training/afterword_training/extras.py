"""What is only installed where it is asked for."""

from importlib.util import find_spec

from afterword_model.errors import ConfigError


def check_torch(what: str) -> None:
    """Return when torch is installed; `what` needs it.

    Raises:
        ConfigError: it is not.
    """
    if find_spec("torch") is None:
        raise ConfigError(f"{what} needs torch, which is not installed: pip install '.[train]' in Afterword's folder.")
