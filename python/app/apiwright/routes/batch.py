"""Several changes in one transaction: an operation of the core over the others."""

import weakref

from fastapi import FastAPI

from apiwright.core.engine import Operation
from apiwright.lanes import batch_of
from apiwright.paths import BATCH
from apiwright.routes.declare import IDEMPOTENCY_KEY, answer, core_route, json_content
from apiwright.runtime import Parts


def add(app: FastAPI) -> None:
    """Registers it."""
    application = weakref.ref(app)  # FastAPI keeps endpoints, and what they hold, for good

    def operation(parts: Parts) -> Operation:
        asked = application()
        assert asked is not None, "it is asked by its own route"
        return batch_of(asked, parts).operation

    core_route(
        app,
        "POST",
        BATCH,
        operation,
        description="Up to a hundred creations, changes and removals in one transaction: all of "
        "them are done, or none. Each is answered as by itself; when one cannot be done, its error "
        "is the answer, with details below `operations[n]`. What runs hooks or other code of the "
        "application, and what sets a password, is sent by itself.",
        name="batch",
        summary="Make several changes at once",
        tag="batch",
        good={200: answer("What each came to, in their order.", "BatchAnswer")},
        errors=(403, 404, 409, 422),
        parameters=IDEMPOTENCY_KEY,
        body=json_content("Batch"),
    )
