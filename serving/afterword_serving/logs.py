"""Logging of the service: plain lines on standard error that cannot hold a note."""

import logging
from types import TracebackType
from typing import Any

from afterword_model.errors import places

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFreeFormatter(logging.Formatter):
    """Formats a traceback as the places it passed and the kind of exception; its message may quote what was read."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802
        """Return `KIND at MODULE:LINE, called from …`, innermost first."""
        kind, error, _ = ei
        return f"{kind.__name__ if kind else 'no exception'} at {', called from '.join(places(error))}"


def log_config(level: str) -> dict[str, Any]:
    """Return a `logging.config` dictionary; the server's own chatter is left out above `debug`."""
    server = level.upper() if level in {"debug", "error"} else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": TextFreeFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
        "loggers": {
            "afterword": {"level": level.upper()},
            "afterword_serving": {"level": level.upper()},
            "uvicorn": {"level": server},
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
    }
