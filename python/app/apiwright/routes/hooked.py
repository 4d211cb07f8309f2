"""Writes around which hooks run: the core's own steps, with the application's between them."""

import json
import logging
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_jsonable_python
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from apiwright.core.bridge import call
from apiwright.core.engine import Admission, Operation, Outcome
from apiwright.core.validation import Record
from apiwright.resources.compile import CompiledResource
from apiwright.resources.hooks import Action, Event, Hooks, hooks_of
from apiwright.responses import CoreResponse, exchange_of
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
    hooks = hooked.hooks
    body = b"" if hooked.action == "delete" else await request.body()
    admission: Admission = await call(
        operation.start_admit, exchange_of(request), request.scope["query_string"], body, row_id
    )
    event = Event[Any](hooked.resource.type, hooked.action, admission.principal, request)
    if admission.body is not None:
        event.changes = _changes(hooked.resource, admission.body)
        sent = dict(event.changes)
        for hook in hooks.before:
            await hook(event)
        if event.changes != sent:
            body = _encoded(hooked.resource, event.changes)
    else:
        for hook in hooks.before:
            await hook(event)
    response = CoreResponse(await _written(operation, event, hooked, parts, body, row_id))
    if hooks.after_commit:
        response.background = BackgroundTask(_after_commit, hooks, event)
    return response


async def _written(
    operation: Operation,
    event: Event[Any],
    hooked: Hooked,
    parts: Parts,
    body: bytes,
    row_id: str | None,
) -> Any:
    """The answer to the write, which is durable when this returns."""
    exchange, query = exchange_of(event.request), event.request.scope["query_string"]
    database = parts.database
    if not hooked.hooks.in_transaction:
        outcome = await call(operation.start_within, database.runner, exchange, query, body, row_id)
        _note(event, hooked, outcome)
        return outcome.answer
    async with database.atransaction():
        outcome = await call(operation.start_within, database.runner, exchange, query, body, row_id)
        _note(event, hooked, outcome)
        for hook in hooked.hooks.in_transaction:
            await hook(event)
    return outcome.answer


def _note(event: Event[Any], hooked: Hooked, outcome: Outcome) -> None:
    make = hooked.resource.schema.make
    event.before = None if outcome.before is None else make(outcome.before)
    event.after = None if outcome.after is None else make(outcome.after)


def _changes(resource: CompiledResource[Any], body: Record) -> dict[str, Any]:
    sent = resource.schema.make(body)
    return {name: getattr(sent, name) for name in sent.model_fields_set}


def _encoded(resource: CompiledResource[Any], changes: dict[str, Any]) -> bytes:
    """The body that a client would have sent for them."""
    names = {name: info.alias or name for name, info in resource.type.model_fields.items()}
    members = {
        names.get(name, name): to_jsonable_python(value, by_alias=True)
        for name, value in changes.items()
    }
    return json.dumps(members).encode()


async def _after_commit(hooks: Hooks, event: Event[Any]) -> None:
    for hook in hooks.after_commit:
        try:
            await hook(event)
        except Exception:
            logger.exception("the hook %s failed after the commit", hook.__qualname__)
