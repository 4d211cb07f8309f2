"""Writes around which hooks run: the core's own steps, with the application's between them."""

import copy
import json
import logging
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_jsonable_python
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from apiwright.core.bridge import call
from apiwright.core.engine import Admission, Exchange, Operation, Outcome
from apiwright.core.validation import Record
from apiwright.resources.compile import CompiledResource
from apiwright.resources.hooks import Action, Event, Hooks, hooks_of
from apiwright.responses import Answer, CoreResponse, exchange_of
from apiwright.routes import turns
from apiwright.runtime import Parts

logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hooked:
    """Which hooks a route has: those of this resource and action."""

    resource: CompiledResource[Any]
    action: Action

    @property
    def hooks(self) -> Hooks:
        """As they are now."""
        return hooks_of(self.resource.type, self.action)


async def run_hooked(
    operation: Operation, hooked: Hooked, parts: Parts, request: Request, row_id: str | None
) -> Response:
    """The operation with its hooks. Raises AppError."""
    claims = operation.identify(exchange_of(request))  # before a body is held for somebody unknown
    body = b"" if hooked.action == "delete" else await request.body()
    asked = _Asked(operation, request, body, row_id)
    async with turns.turn_of(request, claims):
        return await _run(asked, hooked, parts)


async def _run(asked: "_Asked", hooked: Hooked, parts: Parts) -> Response:
    hooks, request, body = hooked.hooks, asked.request, asked.body
    admission: Admission = await call(asked.operation.start_admit, *asked.arguments)
    if admission.answer is not None:
        return CoreResponse(admission.answer)
    event = Event[Any](hooked.resource.type, hooked.action, admission.principal, request)
    if admission.body is not None:
        event.changes = _changes(hooked.resource, admission.body)
    sent = copy.deepcopy(event.changes)
    for hook in hooks.before:
        await hook(event)
    if event.changes != sent:
        asked.body = _encoded(hooked.resource, body, sent, event.changes)
    answer, replayed = await _written(asked, event, hooked, parts, admission)
    response = CoreResponse(answer)
    if hooks.after_commit and not replayed:
        response.background = BackgroundTask(_after_commit, hooks, event)
    return response


@dataclass(slots=True)
class _Asked:
    """One request to one operation."""

    operation: Operation
    request: Request
    body: bytes
    row_id: str | None

    @property
    def arguments(self) -> tuple[Exchange, bytes, bytes, str | None]:
        """As the core takes them."""
        query: bytes = self.request.scope["query_string"]
        return exchange_of(self.request), query, self.body, self.row_id


async def _written(
    asked: _Asked, event: Event[Any], hooked: Hooked, parts: Parts, admission: Admission
) -> tuple[Answer, bool]:
    """The answer to the write, which is durable when this returns; True: to the one before it."""
    database, start = parts.database, asked.operation.start_within

    async def write() -> Outcome:
        outcome: Outcome = await call(start, database.runner, *asked.arguments, admission)
        _note(event, hooked, outcome)
        return outcome

    if not hooked.hooks.in_transaction:
        outcome = await write()
    else:
        async with database.atransaction():
            outcome = await write()
            for hook in () if outcome.replayed else hooked.hooks.in_transaction:
                await hook(event)
    return outcome.answer, outcome.replayed


def _note(event: Event[Any], hooked: Hooked, outcome: Outcome) -> None:
    make = hooked.resource.schema.make
    event.before = None if outcome.before is None else make(outcome.before)
    event.after = None if outcome.after is None else make(outcome.after)


def _changes(resource: CompiledResource[Any], body: Record) -> dict[str, Any]:
    sent = resource.schema.make(body)
    return {name: getattr(sent, name) for name in sent.model_fields_set}


def _encoded(
    resource: CompiledResource[Any], body: bytes, sent: dict[str, Any], changes: dict[str, Any]
) -> bytes:
    """The body that a client would have sent for them."""
    members = json.loads(body)
    aliases = {name: info.alias or name for name, info in resource.type.model_fields.items()}
    for name in sent.keys() - changes.keys():
        members.pop(aliases[name], None)
    for name, value in changes.items():
        if name not in sent or sent[name] != value:
            members[aliases.get(name, name)] = to_jsonable_python(value, by_alias=True)
    return json.dumps(members).encode()


async def _after_commit(hooks: Hooks, event: Event[Any]) -> None:
    for hook in hooks.after_commit:
        try:
            await hook(event)
        except Exception:
            logger.exception("the hook %s failed after the commit", hook.__qualname__)
