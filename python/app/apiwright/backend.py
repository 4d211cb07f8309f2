"""The application: FastAPI with apiwright's routes, and the core around every request."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from apiwright import __version__, exchange, failures, fast_lane, log, openapi
from apiwright.core.database import Database
from apiwright.core.engine import Exchange, FastLane, OpenCall
from apiwright.core.validation import CoreSchema, DeclarationError
from apiwright.docs_pages import add_docs
from apiwright.errors import AppError
from apiwright.lanes import CompiledLanes, compile_lanes
from apiwright.resources.compile import CompiledResource, compile_resources
from apiwright.resources.hooks import registry
from apiwright.resources.resource import Resource
from apiwright.responses import Answer
from apiwright.routes import add_routes
from apiwright.routing import allow_header, methods_of
from apiwright.runtime import Runtime
from apiwright.settings import Settings, load_settings

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]

_OPENAPI_URL = "/openapi.json"


class Backend(FastAPI):
    """A FastAPI application that comes with users and sign-in, and with the core around it.

    `resources` are classes that derive from Resource: each gets its table, routes under /api/v1,
    rules and documentation. Raises DeclarationError for one that cannot be.

    Everything FastAPI knows works: routes, dependencies, middleware, exception handlers, mounts.
    Nothing is started before the first request (or the lifespan); `settings` default to the
    environment's. Raises SettingsError when those are not valid.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        resources: Iterable[type[Resource]] = (),
        title: str = "apiwright",
        version: str = __version__,
        lifespan: Lifespan | None = None,
        **options: Any,
    ) -> None:
        if settings is not None and not isinstance(settings, Settings):
            raise DeclarationError(
                "Backend(…): the first argument is Settings; classes are given by name, as in "
                "Backend(resources=[Article])"
            )
        self.settings = settings or load_settings()
        self.resources: Sequence[CompiledResource[Any]] = compile_resources(resources)
        """What is declared, compiled; the users first."""
        self.runtime = Runtime(self.settings, resources=self.resources)
        self._lanes: CompiledLanes | None = None
        super().__init__(
            title=title,
            version=version,
            lifespan=self._around(lifespan),
            openapi_url=_OPENAPI_URL,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            **options,
        )
        self.exception_handlers: dict[Any, Any] = {
            AppError: failures.app_error,
            HTTPException: failures.http_exception,
            RequestValidationError: failures.invalid_request,
            ClientDisconnect: failures.disconnected,
            Exception: failures.unexpected,
            **options.get("exception_handlers", {}),
        }
        add_routes(self, self.resources)
        add_docs(self, openapi_url=_OPENAPI_URL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if self.root_path:  # before the core reads the scope
            scope["root_path"] = self.root_path
        opened = self._open(scope)
        if opened is None:
            await self._full_lane(scope, receive, send)
        elif isinstance(opened, tuple):
            start, body = opened
            await send(start)
            await send(body)
        else:
            await fast_lane.answer(
                opened,
                receive,
                send,
                method=scope["method"],
                limit=self.settings.body_limit,
                seconds=self.settings.request_timeout.total_seconds(),
            )

    @property
    def database(self) -> Database:
        """The application's database; nothing is open before it is used."""
        return self.runtime.parts.database

    @property
    def declared_schemas(self) -> list[CoreSchema]:
        """Of every resource: what the database's tables must hold."""
        return [resource.schema.core for resource in self.resources]

    def _open(self, scope: Scope) -> fast_lane.Messages | OpenCall | None:
        """Asks the core first; None leaves the request to FastAPI."""
        lanes = self._lanes
        if (
            lanes is None
            or lanes.parts is not self.runtime.running
            or lanes.middleware_stack is not self.middleware_stack
            or lanes.hooks_version != registry.version
        ):
            lanes = self._lanes = compile_lanes(self)
        if self.dependency_overrides:
            return None
        routes = self.router.routes
        opened = FastLane.open(lanes.core, scope, routes)
        if opened is None and not lanes.core.covers(routes):
            self._lanes = None  # the next request sees the routes as they are now
        return opened

    async def _full_lane(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = exchange.begin(self.runtime.parts.gateway, scope)
        sender = exchange.Sender(send, begun, head=scope["method"] == "HEAD")
        outer = log.request_id.set(begun.request_id)
        try:
            refusal = begun.refusal() or self._options(scope)
            if refusal is not None:
                await sender.answer(refusal)
            else:
                await self._answer(self._as_routed(scope), receive, sender, begun)
        finally:
            log.request_id.reset(outer)
            sender.log()

    def _options(self, scope: Scope) -> Answer | None:
        """OPTIONS on a known path that no route answers itself."""
        if scope["method"] != "OPTIONS":
            return None
        methods = methods_of(self.router.routes, scope)
        if not methods or "OPTIONS" in methods:
            return None
        return 204, [(b"allow", allow_header(methods))], b""

    def _as_routed(self, scope: Scope) -> Scope:
        """HEAD goes to GET's route, in a scope of its own: the server reads the one it made."""
        if scope["method"] == "HEAD":
            methods = methods_of(self.router.routes, scope)
            if "GET" in methods and "HEAD" not in methods:
                return {**scope, "method": "GET"}
        return scope

    async def _answer(
        self, scope: Scope, receive: Receive, sender: exchange.Sender, begun: Exchange
    ) -> None:
        limited = exchange.bounded(receive, self.settings.body_limit)
        application = super().__call__
        await exchange.run(
            lambda: application(scope, limited, sender),
            begun,
            sender,
            method=scope["method"],
            seconds=self.settings.request_timeout.total_seconds(),
        )

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document, with the contract's errors and the core's schemas."""
        routes_version = self.router._get_routes_version()
        if self.openapi_schema is None or self._openapi_routes_version != routes_version:
            self.openapi_schema = openapi.document(self)
            self._openapi_routes_version = routes_version
        return self.openapi_schema

    def _around(self, lifespan: Lifespan | None) -> Lifespan:
        """Starts the core eagerly and stops it at the end, around the application's lifespan."""

        @asynccontextmanager
        async def around(app: Any) -> AsyncIterator[Any]:
            _ = self.runtime.parts
            try:
                if lifespan is None:
                    yield
                else:
                    async with lifespan(app) as state:
                        yield state
            finally:
                self.runtime.stop()

        return around
