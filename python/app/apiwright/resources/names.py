"""From a class's name to its table's and its path's."""

import re
from typing import Final

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


_PARTS: Final = ("", "Create", "CreateNested", "Replace", "Patch", "Answer", "Page", "Listed")

OWN_COMPONENTS: Final = frozenset(
    [f"{name}{part}" for name in ("User", "Role") for part in _PARTS]
    + ["MePatch", "Registration", "SessionPage", "SessionListed", "Login", "Refresh"]
    + ["PasswordChange", "PageMeta", "CursorMeta", "Tokens", "TokensAnswer", "SignIn"]
    + ["SignInAnswer", "Jwks", "Health", "Batch", "BatchItem", "BatchAnswer"]
    + ["OAuthForm", "OAuthError", "OAuthTokens", "ErrorDetail", "Error", "Problem"]
)
"""Schemas of the OpenAPI document that every application has."""


def components(name: str) -> list[str]:
    """What the schemas of a class are called in the OpenAPI document: Article, ArticlePage, …"""
    return [f"{name}{part}" for part in _PARTS]


def snake_case(name: str) -> str:
    """BlogPost → blog_post, HTTPServer → http_server."""
    return _WORD.sub("_", name).lower()


def kebab_case(name: str) -> str:
    """blog_posts → blog-posts."""
    return name.replace("_", "-")


def plural(noun: str) -> str:
    """category → categories, box → boxes, day → days; irregular ones are named by the class."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun + "s"
