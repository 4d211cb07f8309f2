"""Python beside the core: what an application does before, in and after the writes of a resource.

    @hooks.before(Article, "create", "update")
    async def tidy(event: Event[Article]) -> None:
        if "title" in event.changes:
            event.changes["title"] = event.changes["title"].strip()

    @hooks.in_transaction(Article, "create")
    async def count(event: Event[Article]) -> None: ...

    @hooks.after_commit(Article, "create")
    async def announce(event: Event[Article]) -> None: ...

A hook moves the routes of its actions, and only those, to the full lane. `update` is PUT and PATCH;
`restore` undoes a soft `delete`.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, get_args

from starlette.requests import Request

from apiwright.core.access import Principal
from apiwright.core.validation import DeclarationError
from apiwright.resources.resource import Resource, User

__all__ = ["Event", "Hooks", "after_commit", "before", "hooks_of", "in_transaction"]

T = TypeVar("T", bound=Resource)

Action: TypeAlias = Literal["create", "update", "delete", "restore"]
Stage: TypeAlias = Literal["before", "in_transaction", "after_commit"]

_ACTIONS: Final = get_args(Action)


@dataclass(slots=True)
class Event(Generic[T]):
    """One write of a resource: who asks for what, and what came of it."""

    resource: type[T]
    action: Action
    principal: Principal | None
    """Who asks; None: nobody signed in."""
    request: Request
    changes: dict[str, Any] = field(default_factory=dict)
    """What the client sent, checked, by the names of fields. `before` hooks may change it."""
    before: T | None = None
    """The row as it was; None for a create, and in `before` hooks."""
    after: T | None = None
    """The row as it is now; None for a delete, and in `before` hooks."""


Hook: TypeAlias = Callable[[Event[T]], Awaitable[None]]


@dataclass(slots=True)
class Hooks:
    """The hooks of one resource and action, by stage, in the order of their declaration."""

    before: list[Callable[[Any], Awaitable[None]]] = field(default_factory=list)
    in_transaction: list[Callable[[Any], Awaitable[None]]] = field(default_factory=list)
    after_commit: list[Callable[[Any], Awaitable[None]]] = field(default_factory=list)

    @property
    def first(self) -> Callable[[Any], Awaitable[None]] | None:
        """One of them, if there is any."""
        return next(iter([*self.before, *self.in_transaction, *self.after_commit]), None)


class _Registry:
    """Every hook of the process. `version` moves with each: lanes are compiled for one."""

    def __init__(self) -> None:
        self.version = 0
        self._hooks: dict[tuple[type[Resource], str], Hooks] = {}

    def add(self, cls: type[Resource], action: str, stage: Stage, hook: Hook[Any]) -> None:
        hooks = self._hooks.setdefault((cls, action), Hooks())
        getattr(hooks, stage).append(hook)
        self.version += 1

    def of(self, cls: type[Resource], action: str) -> Hooks:
        return self._hooks.get((cls, action)) or Hooks()


registry: Final = _Registry()


def hooks_of(cls: type[Resource], action: str) -> Hooks:
    """What is to be run around this action."""
    return registry.of(cls, action)


def before(cls: type[T], *actions: Action) -> Callable[[Hook[T]], Hook[T]]:
    """Runs once the caller is known and the body checked, before the transaction.

    It may change `event.changes`, which is then checked again, and refuse with an AppError."""
    return _registering(cls, actions, "before")


def in_transaction(cls: type[T], *actions: Action) -> Callable[[Hook[T]], Hook[T]]:
    """Runs after the write, in its transaction, which the calls of repositories inside join.

    What it raises undoes all of it. Every other write waits meanwhile (at most 5 s): be brief."""
    return _registering(cls, actions, "in_transaction")


def after_commit(cls: type[T], *actions: Action) -> Callable[[Hook[T]], Hook[T]]:
    """Runs once the write is durable and answered. What it raises is logged."""
    return _registering(cls, actions, "after_commit")


def _registering(
    cls: type[T], actions: tuple[Action, ...], stage: Stage
) -> Callable[[Hook[T]], Hook[T]]:
    where = f"hooks.{stage}({getattr(cls, '__name__', cls)}, …)"
    if not (isinstance(cls, type) and issubclass(cls, Resource)):
        raise DeclarationError(f"{where}: the first argument is a Resource's class")
    if not actions:
        raise DeclarationError(f"{where}: name the actions: {', '.join(_ACTIONS)}")
    for action in actions:
        if action not in _ACTIONS:
            raise DeclarationError(
                f"{where}: there is no action {action!r}; it is one of {', '.join(_ACTIONS)}"
            )

    if "restore" in actions and not (issubclass(cls, User) or cls.__options__.soft_delete):
        raise DeclarationError(
            f"{where}: deleted rows of {cls.__name__} are gone, and none is restored: keep them, "
            f"class {cls.__name__}(Resource, soft_delete=True)"
        )

    def register(hook: Hook[T]) -> Hook[T]:
        name = getattr(hook, "__qualname__", repr(hook))
        if not inspect.iscoroutinefunction(hook):
            raise DeclarationError(
                f"{where}: {name} must be `async def`: it runs on the event loop"
            )
        for action in actions:
            registry.add(cls, action, stage, hook)
        return hook

    return register
