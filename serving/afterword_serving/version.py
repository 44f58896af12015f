"""Which Afterword runs."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return Afterword's version, or `unknown` where it runs without being installed."""
    try:
        return version("afterword")
    except PackageNotFoundError:
        return "unknown"
