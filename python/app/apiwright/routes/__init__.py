"""FastAPI's declarations of what clients reach. A route parses, makes one call and answers."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from apiwright.resources.compile import CompiledResource
from apiwright.routes import auth, batch, health, keys, roles, sessions, users
from apiwright.routes.parameters import include_parameter
from apiwright.routes.resources import add_nested, add_resource


def add_routes(app: FastAPI, resources: Sequence[CompiledResource[Any]]) -> None:
    """Registers every route on the application's own router, where the core can compile them."""
    for routes in (health, auth, keys, sessions):
        routes.add(app)
    roles.add(app)
    for resource in resources:
        include = include_parameter(resource, resources)
        if resource.is_user:
            users.add(app, resource, include)
        elif not resource.is_part:
            add_resource(app, resource, include)
            if resource.nested is not None:
                parent = next(r for r in resources if r.schema.table == resource.nested.table)
                add_nested(app, resource, include, parent)
    batch.add(app)
