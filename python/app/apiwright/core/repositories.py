"""The shapes of the rows that the core keeps."""

from apiwright._core.repositories import sessions_schema, users_schema

__all__ = ["sessions_schema", "users_schema"]
