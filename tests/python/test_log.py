import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from apiwright import log
from apiwright.log import ConsoleFormatter, JsonFormatter
from apiwright.settings import Settings


def written(formatter: logging.Formatter, *arguments: object, **options: object) -> str:
    """What one call of `warning` writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("shop.orders")
    logger.addHandler(handler)
    logger.warning(*arguments, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def failure() -> Exception:
    try:
        raise ValueError("bad\nline")
    except ValueError as error:
        return error


@pytest.fixture
def request_in_progress() -> Iterator[str]:
    token = log.request_id.set("r-1")
    yield "r-1"
    log.request_id.reset(token)


def test_json_is_one_object_on_one_line() -> None:
    text = written(JsonFormatter(), "sent %s\nto é\u2028", 3)
    assert text.count("\n") == 1
    assert text.isascii()
    line = json.loads(text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "warning",
        "logger": "shop.orders",
        "message": "sent 3\nto é\u2028",
    }


def test_json_carries_an_exception_in_two_fields_of_the_same_line() -> None:
    text = written(JsonFormatter(), "failed", exc_info=failure())
    assert text.count("\n") == 1
    line = json.loads(text)
    assert line["exception"] == "builtins.ValueError"
    assert line["traceback"].startswith("Traceback")
    assert line["traceback"].endswith("ValueError: bad\nline\n")


def test_a_line_names_the_request_in_progress(request_in_progress: str) -> None:
    assert json.loads(written(JsonFormatter(), "x"))["requestId"] == request_in_progress
    assert written(ConsoleFormatter(), "x").endswith(" warning x (request r-1)\n")


def test_a_request_id_given_with_the_message_goes_first(request_in_progress: str) -> None:
    text = written(JsonFormatter(), "x", extra={"request_id": "r-2"})
    assert json.loads(text)["requestId"] == "r-2"


def test_a_console_line_is_short_and_cannot_steer_a_terminal() -> None:
    text = written(ConsoleFormatter(), "a\n\033[2Jb")
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} warning a\?\?\[2Jb\n", text)


def test_a_console_line_is_followed_by_the_traceback() -> None:
    lines = written(ConsoleFormatter(), "failed", exc_info=failure()).splitlines()
    assert lines[0].endswith(" warning failed")
    assert lines[1].startswith("Traceback")


def test_only_a_terminal_gets_colours() -> None:
    assert "\033[33mwarning\033[0m" in written(ConsoleFormatter(colours=True), "x")
    assert log.dict_config(Settings())["formatters"]["line"]["colours"] is False


def test_settings_choose_the_form_and_the_level() -> None:
    config = log.dict_config(Settings(log_format="json", log_level="error"))
    assert config["formatters"]["line"] == {"()": "apiwright.log.JsonFormatter"}
    assert config["root"] == {"handlers": ["stderr"], "level": "ERROR"}


def test_servers_speak_up_only_about_problems_unless_debugging() -> None:
    assert log.dict_config(Settings())["loggers"]["_granian"] == {"level": "WARNING"}
    assert log.dict_config(Settings(log_level="debug"))["loggers"]["_granian"] == {"level": "DEBUG"}
