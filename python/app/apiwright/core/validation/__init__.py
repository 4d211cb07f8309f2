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
    Record,
    casefold,
    email_key,
    is_email,
)
from apiwright._core.validation import Schema as CoreSchema
from apiwright.core.validation.schema import (
    Column,
    DeclarationError,
    Email,
    Hostname,
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
    "Mode",
    "Record",
    "Schema",
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
]


def check(reader: BodyReader, **members: Any) -> Record:
    """The same checks for values that did not come as JSON. Raises ValidationFailed."""
    return reader.read(json.dumps(members).encode())
