"""What goes wrong, as clients see it: one exception for each error code of the contract.

Raise them anywhere in an application; the answer is the contract's envelope (or RFC 9457 problem
details), with the class's HTTP status.
"""

from collections.abc import Iterable
from typing import ClassVar, Final, NamedTuple


class Detail(NamedTuple):
    """One violation: the field by its path on the wire, a sentence, and a code for programs."""

    field: str
    message: str
    code: str


class AppError(Exception):
    """Base of them all. `retry_after` is in seconds; `cause` is for the log alone."""

    code: ClassVar[str] = "INTERNAL_ERROR"
    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        details: Iterable[tuple[str, str, str]] = (),
        *,
        retry_after: int | None = None,
        cause: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = [Detail(*detail) for detail in details]
        self.retry_after = retry_after
        self.cause = cause


class MalformedJson(AppError):
    """The body is not JSON, or not JSON we read."""

    code = "MALFORMED_JSON"
    status = 400


class ValidationFailed(AppError):
    """A field, query parameter or path id is not valid; the details name every one."""

    code = "VALIDATION_ERROR"
    status = 400


class Unauthorized(AppError):
    """No good credentials came with the request."""

    code = "UNAUTHORIZED"
    status = 401


class TokenExpired(AppError):
    """The access token was good once: refresh it."""

    code = "TOKEN_EXPIRED"
    status = 401


class TokenReused(AppError):
    """A refresh token came a second time: its session has been ended."""

    code = "TOKEN_REUSED"
    status = 401


class InvalidCredentials(AppError):
    """The e-mail or the password is wrong; which of them is not said."""

    code = "INVALID_CREDENTIALS"
    status = 401


class Forbidden(AppError):
    """Known, but not allowed."""

    code = "FORBIDDEN"
    status = 403


class NotFound(AppError):
    """Nothing is here, or nothing that this caller may see."""

    code = "NOT_FOUND"
    status = 404


class MethodNotAllowed(AppError):
    """The path exists; the method on it does not."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class Conflict(AppError):
    """A unique value is taken, or somebody else was first."""

    code = "CONFLICT"
    status = 409


class PreconditionFailed(AppError):
    """If-Match names another version than the row has."""

    code = "PRECONDITION_FAILED"
    status = 412


class PreconditionRequired(AppError):
    """This change needs If-Match."""

    code = "PRECONDITION_REQUIRED"
    status = 428


class PayloadTooLarge(AppError):
    """The body is over the limit."""

    code = "PAYLOAD_TOO_LARGE"
    status = 413


class UnsupportedMediaType(AppError):
    """The body is not of a media type this route reads."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class Unprocessable(AppError):
    """Well-formed, but against a business rule."""

    code = "UNPROCESSABLE"
    status = 422


class RateLimited(AppError):
    """Too many requests; `retry_after` says when to come back."""

    code = "RATE_LIMITED"
    status = 429


class InternalError(AppError):
    """Our fault."""


class Unavailable(AppError):
    """A database or the hashing pool cannot take more now."""

    code = "UNAVAILABLE"
    status = 503


class Timeout(AppError):
    """The request took too long."""

    code = "TIMEOUT"
    status = 504


BY_CODE: Final[dict[str, type[AppError]]] = {
    error.code: error
    for error in (
        MalformedJson,
        ValidationFailed,
        Unauthorized,
        TokenExpired,
        TokenReused,
        InvalidCredentials,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        PreconditionFailed,
        PreconditionRequired,
        PayloadTooLarge,
        UnsupportedMediaType,
        Unprocessable,
        RateLimited,
        InternalError,
        Unavailable,
        Timeout,
    )
}


def from_core(
    code: str,
    message: str,
    details: list[tuple[str, str, str]],
    retry_after: int | None,
    cause: str,
) -> AppError:
    """The exception for an error of the core; the bindings call it."""
    return BY_CODE[code](message, details, retry_after=retry_after, cause=cause)
