"""FastAPI's declarations of what clients reach. A route parses, makes one call and answers."""

from fastapi import FastAPI

from apiwright.routes import auth, health, keys, roles, sessions, users


def add_routes(app: FastAPI) -> None:
    """Registers every route on the application's own router, where the core can compile them."""
    for routes in (health, auth, keys, sessions, users, roles):
        routes.add(app)
