"""From bytes to checked values: schemas, body readers, e-mail addresses."""

import json
from typing import Any

from apiwright._core.validation import (
    BodyReader,
    Field,
    Mode,
    Record,
    Schema,
    email_key,
    is_email,
)

__all__ = ["BodyReader", "Field", "Mode", "Record", "Schema", "check", "email_key", "is_email"]


def check(reader: BodyReader, **members: Any) -> Record:
    """The same checks for values that did not come as JSON. Raises ValidationFailed."""
    return reader.read(json.dumps(members).encode())
