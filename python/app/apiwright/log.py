"""Python's logging in the form of the core's log: JSON lines, or lines for people.

The core writes the line of each request itself (engine/log.hpp); the rest comes through here."""

import json
import logging
import logging.config
import sys
import time
import traceback
from contextvars import ContextVar
from typing import Any

from apiwright.settings import Settings

__all__ = ["ConsoleFormatter", "JsonFormatter", "configure", "dict_config", "request_id"]

request_id: ContextVar[str | None] = ContextVar("apiwright_request_id", default=None)
"""The request being answered, if one is; its id goes into every line logged meanwhile."""

_COLOURS = {"warning": "\033[33m", "error": "\033[31m", "critical": "\033[31;1m"}
_RESET = "\033[0m"
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), "?")
# Servers announce every start of theirs; apiwright says that once, in its own words.
_QUIET = ("_granian", "uvicorn", "watchfiles", "asyncio")


def _timestamp(record: logging.LogRecord) -> str:
    """RFC 3339 in UTC with milliseconds."""
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{seconds}.{int(record.created * 1000) % 1000:03d}Z"


def _request_of(record: logging.LogRecord) -> str | None:
    """`extra={"request_id": …}` if given, else the request being answered."""
    given = getattr(record, "request_id", None)
    return str(given) if given else request_id.get()


class JsonFormatter(logging.Formatter):
    """One JSON object, on one line, for each record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": _timestamp(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _request_of(record):
            line["requestId"] = request
        if record.exc_info and record.exc_info[0] is not None:
            kind = record.exc_info[0]
            line["exception"] = f"{kind.__module__}.{kind.__qualname__}"
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line)


class ConsoleFormatter(logging.Formatter):
    """A short line for people, in colour on a terminal; an exception's traceback follows it."""

    def __init__(self, *, colours: bool = False) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        level = record.levelname.lower()
        colour = _COLOURS.get(level, "") if self._colours else ""
        line = f"{_timestamp(record)[11:23]} {colour}{level}{_RESET if colour else ''} "
        line += record.getMessage().translate(_CONTROLS)
        if request := _request_of(record):
            line += f" (request {request})"
        if record.exc_info and record.exc_info[0] is not None:
            text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            line += "".join("\n" + part.translate(_CONTROLS) for part in text.split("\n"))
        return line


def dict_config(settings: Settings) -> dict[str, Any]:
    """What logging.config.dictConfig, granian and uvicorn take."""
    formatter: dict[str, Any] = {"()": f"{__name__}.JsonFormatter"}
    if settings.log_format == "console":
        formatter = {"()": f"{__name__}.ConsoleFormatter", "colours": sys.stderr.isatty()}
    level = settings.log_level.upper()
    quiet_level = level if settings.log_level in ("debug", "error") else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": quiet_level} for name in _QUIET},
    }


def configure(settings: Settings) -> None:
    """Sends what this process logs to standard error, in the form the settings ask for."""
    logging.config.dictConfig(dict_config(settings))
