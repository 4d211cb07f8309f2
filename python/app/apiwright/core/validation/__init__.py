"""From bytes to checked values: schemas of classes, body readers, e-mail addresses.

`Schema.of(User)` compiles a dataclass, a TypedDict or a pydantic model; its `validate_json()` reads
and checks a body in one pass and names everything that is wrong with it.
"""

import json
from typing import Any

from apiwright._core.validation import (
    BodyReader,
    Choice,
    Field,
    Format,
    Mode,
    Plan,
    Record,
    Shape,
    Style,
    casefold,
    email_key,
    is_email,
    to_wire_name,
)
from apiwright._core.validation import Schema as CoreSchema
from apiwright.core.validation.schema import (
    Column,
    DeclarationError,
    Email,
    Hostname,
    Mark,
    Schema,
    Uri,
    at_least_one,
    at_most_one,
    exactly_one,
)
from apiwright.errors import Detail, MalformedJson, ValidationFailed

ValidationError = ValidationFailed
"""The name that other libraries use."""

__all__ = [
    "BodyReader",
    "Choice",
    "Column",
    "CoreSchema",
    "DeclarationError",
    "Detail",
    "Email",
    "Field",
    "Format",
    "Hostname",
    "MalformedJson",
    "Mark",
    "Mode",
    "Plan",
    "Record",
    "Schema",
    "Shape",
    "Style",
    "Uri",
    "ValidationError",
    "ValidationFailed",
    "at_least_one",
    "at_most_one",
    "casefold",
    "check",
    "email_key",
    "exactly_one",
    "is_email",
    "to_wire_name",
]


def check(reader: BodyReader, **members: Any) -> Record:
    """The same checks for values that did not come as JSON. Raises ValidationFailed."""
    return reader.read(json.dumps(members).encode())
