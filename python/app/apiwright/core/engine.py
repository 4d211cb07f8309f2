"""The whole of a request: what passes it on, and the operations that answer it."""

from apiwright._core.engine import (
    Admission,
    Batch,
    Exchange,
    FastLane,
    Gateway,
    OpenCall,
    Operation,
    Outcome,
    parse_flag,
    refuse_parameters,
)

__all__ = [
    "Admission",
    "Batch",
    "Exchange",
    "FastLane",
    "Gateway",
    "OpenCall",
    "Operation",
    "Outcome",
    "parse_flag",
    "refuse_parameters",
]
