"""From the rules that a class states to the core's, checked against its schema."""

from collections.abc import Mapping
from typing import Any, Final

from apiwright.core.access import Rule as CoreRule
from apiwright.core.validation import CoreSchema, DeclarationError
from apiwright.resources import rules
from apiwright.resources.declaration import Columns
from apiwright.resources.resource import Resource

__all__ = ["ACTIONS", "RuleCompiler"]

ACTIONS: Final = ("read", "list", "create", "update", "delete")


class RuleCompiler:
    """From the rules of one class to the core's, checked against its schema."""

    def __init__(
        self,
        cls: type[Resource],
        core: CoreSchema,
        columns: Columns,
        is_part: bool = False,
    ) -> None:
        """`is_part`: its rows are parts of others, which decide about them."""
        self._cls = cls
        self._core = core
        self._columns = columns
        self._is_part = is_part

    def stated(self) -> Mapping[str, rules.Rule]:
        """Every action's rule as it is written; what is not said is for admins."""
        if self._is_part:  # seen and made through their whole alone
            seen = dict.fromkeys(("read", "list"), rules.public())
            return {**dict.fromkeys(ACTIONS, rules.nobody()), **seen}
        declared = getattr(self._cls, "Rules", None)
        written = {} if declared is None else _written(self._cls, declared)
        admins = rules.role("admin")
        written.setdefault("list", written.get("read", admins))
        return {action: written.get(action, admins) for action in ACTIONS}

    def actions(self) -> Mapping[str, CoreRule]:
        """Every action's rule."""
        return {
            action: self._compiled(f"{self._cls.__name__}.Rules.{action}", rule)
            for action, rule in self.stated().items()
        }

    def fields(self, stated: Mapping[str, rules.Rule], mark: str) -> Mapping[str, CoreRule]:
        """The rules of single fields, by column."""
        return {
            self._columns(name): self._compiled(f"{self._cls.__name__}.{name}: {mark}", rule)
            for name, rule in stated.items()
        }

    def steps(
        self, stated: Mapping[tuple[str, str, str], rules.Rule]
    ) -> Mapping[tuple[str, str, str], CoreRule]:
        """The rules of transitions, by column, value and the value that it becomes."""
        return {
            (self._columns(name), start, end): self._compiled(
                f"{self._cls.__name__}.{name}: transitions from {start} to {end}", rule
            )
            for (name, start, end), rule in stated.items()
        }

    def _compiled(self, where: str, rule: rules.Rule) -> CoreRule:
        if not isinstance(rule, rules.Rule):
            raise DeclarationError(f"{where}: {rules.no_rule(rule)}")
        try:
            compiled = rule.core(self._columns)
            compiled.check(self._core)
        except (DeclarationError, ValueError) as error:
            raise DeclarationError(f"{where}: {error}") from None
        return compiled


def _written(cls: type[Resource], declared: Any) -> dict[str, rules.Rule]:
    written = {name: getattr(declared, name) for name in dir(declared) if not name.startswith("_")}
    for name in [*written, *vars(declared).get("__annotations__", {})]:
        if name in ACTIONS and name not in written:
            raise DeclarationError(
                f"{cls.__name__}.Rules.{name} has a type and no value: write {name} = …, "
                f"not {name}: …"
            )
        if name not in ACTIONS:
            raise DeclarationError(
                f"{cls.__name__}.Rules.{name}: there is no such action; rules are for "
                f"{', '.join(ACTIONS)}"
            )
    return written
