"""The bodies of the auth routes. Lengths are in code points after NFC."""

from collections.abc import Iterable

from apiwright.core.validation import BodyReader, CoreSchema, Field


def _password(name: str) -> Field:
    return Field.string(name).length(8, 100).write_only().example("correct horse battery staple")


def _known_password(name: str) -> Field:
    """A password that must only match: how long it should be is not asked again."""
    return Field.string(name).length(1, 100).write_only().example("correct horse battery staple")


_EMAIL = Field.email("email").example("ada@example.org")


def registration(further: Iterable[Field] = ()) -> BodyReader:
    """What signing up takes, with the `further` fields that an application's users have."""
    name = Field.string("name").length(1, 100).example("Ada Lovelace")
    fields = [_EMAIL, name, _password("password"), *further]
    return BodyReader(CoreSchema("Registration", fields))


REGISTRATION = registration()
LOGIN = BodyReader(CoreSchema("Login", [_EMAIL, _known_password("password")]))
REFRESH = BodyReader(
    CoreSchema(
        "Refresh",
        [
            Field.string("refresh_token")
            .length(1, 512)
            .describe("From register, login or the last refresh."),
        ],
    )
)
PASSWORD_CHANGE = BodyReader(
    CoreSchema("PasswordChange", [_known_password("current_password"), _password("new_password")])
)
