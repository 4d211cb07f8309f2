"""OAuth 2.0's token request (RFC 6749 sections 4.3.2 and 6)."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

_MAX_PARAMETERS = 20
_MAX_BYTES = 16 * 1024  # decoding costs time: what is longer holds no sign-in
_MAX_LENGTH = 1024  # of a user name, password or token, in code points


@dataclass(frozen=True, slots=True, repr=False)
class TokenRequest:
    """Grant `refresh_token` when there is one, else `password`."""

    username: str = ""
    password: str = ""
    refresh_token: str | None = None


def read_token_request(body: bytes) -> TokenRequest | str:
    """The request, or RFC 6749's code for what is wrong with it. Unknown parameters are ignored."""
    if len(body) > _MAX_BYTES:
        return "invalid_request"
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_MAX_PARAMETERS,
            errors="strict",
        )
    except ValueError:  # also UnicodeError: not form encoding, or not UTF-8 behind it
        return "invalid_request"
    form = dict(pairs)
    if len(form) != len(pairs) or any(len(value) > _MAX_LENGTH for value in form.values()):
        return "invalid_request"
    return _of_grant(form)


def _of_grant(form: dict[str, str]) -> TokenRequest | str:
    match form.get("grant_type"):
        case "password":
            username, password = form.get("username"), form.get("password")
            if not username or not password:
                return "invalid_request"
            return TokenRequest(username=username, password=password)
        case "refresh_token":
            token = form.get("refresh_token")
            return TokenRequest(refresh_token=token) if token else "invalid_request"
        case None | "":
            return "invalid_request"
        case _:
            return "unsupported_grant_type"
