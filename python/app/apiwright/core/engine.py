"""The whole of a request: what passes it on, and the operations that answer it."""

from apiwright._core.engine import (
    Exchange,
    FastLane,
    Gateway,
    OpenCall,
    Operation,
    parse_flag,
    refuse_parameters,
)

__all__ = [
    "Exchange",
    "FastLane",
    "Gateway",
    "OpenCall",
    "Operation",
    "parse_flag",
    "refuse_parameters",
]
