"""Who asks, and who may do what: principals and rules."""

from apiwright._core.access import Principal, Rule

__all__ = ["Principal", "Rule"]
