"""The OpenAPI 3.1 document: FastAPI's, with the core's schemas and without what we never answer."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from apiwright.core.engine import Batch
from apiwright.core.repositories import roles_schema, sessions_schema
from apiwright.core.validation import BodyReader, CoreSchema, Mode
from apiwright.resources.compile import CompiledResource
from apiwright.resources.relations import DeclaredRelation
from apiwright.routes.declare import error_answer
from apiwright.schemas import bodies

if TYPE_CHECKING:
    from apiwright.backend import Backend

_DESCRIPTION = (
    "Success is `{data}`, lists add `{meta}`; every error is `{error: {code, message, details, "
    "requestId}}`, or RFC 9457 problem details with `Accept: application/problem+json`."
)
_TAGS = [
    {"name": "auth", "description": "Registering, signing in, staying signed in."},
    {"name": "users", "description": "Oneself, and for admins everybody."},
    {"name": "roles", "description": "What the names in users' roles allow; for admins."},
    {"name": "batch", "description": "Several changes in one transaction."},
    {"name": "health", "description": "For load balancers and orchestrators."},
]


def document(app: "Backend") -> dict[str, Any]:
    """The whole document, made once by each application."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description or _DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags or _tags(app),
        servers=app.servers or None,
    )
    for path in made["paths"].values():
        for operation in path.values():
            _answer_400_for_422(operation)
            _document_sign_in(operation)
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas.update(_schemas(app))
    for resource in app.resources:
        if resource.is_part:
            schemas[resource.name] = _row(resource, _components(app)) | {"title": resource.name}
        elif not resource.is_user:
            schemas.update(_resource(resource, _components(app)))
    components["headers"] = _HEADERS
    components["securitySchemes"] = {**components.get("securitySchemes", {}), **_security()}
    return made


def _tags(app: "Backend") -> list[dict[str, str]]:
    declared = [
        {"name": resource.path[1:], "description": resource.description}
        for resource in app.resources
        if not resource.is_user and not resource.is_part
    ]
    return [*_TAGS[:-1], *declared, _TAGS[-1]]


def _answer_400_for_422(operation: dict[str, Any]) -> None:
    """FastAPI documents its own 422 on whatever has parameters; we answer 400 in its place."""
    responses = operation.get("responses", {})
    schema = responses.get("422", {}).get("content", {}).get("application/json", {})
    if schema.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
        del responses["422"]
        if "400" not in responses:
            content = {"schema": {"$ref": "#/components/schemas/Error"}}
            responses["400"] = {
                "description": "The input is not valid.",
                "content": {"application/json": content},
            }


def _document_sign_in(operation: dict[str, Any]) -> None:
    """What a route of the application's own answers to who is not signed in."""
    needs_it = any("bearer" in scheme for scheme in operation.get("security", ()))
    if needs_it and "401" not in operation["responses"]:
        operation["responses"]["401"] = error_answer(401)


def _security() -> dict[str, Any]:
    return {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token from register, login or refresh.",
        },
        "signIn": {
            "type": "oauth2",
            "description": "E-mail as username, and password; client id and secret stay empty.",
            "flows": {
                "password": {
                    "tokenUrl": "api/v1/auth/token",
                    "refreshUrl": "api/v1/auth/token",
                    "scopes": {},
                }
            },
        },
    }


_HEADERS: dict[str, Any] = {
    "Location": {
        "description": "Where the new resource is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "ETag": {
        "description": "Of the version that you see; as If-Match it changes no other one.",
        "schema": {"type": "string", "examples": ['"3-Zm9vYmFy"']},
    },
    "RetryAfter": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Challenge": {"description": "RFC 6750.", "schema": {"type": "string"}},
}


def _schemas(app: "Backend") -> dict[str, Any]:
    """The core's schemas, and the shapes around them."""
    return {
        **_users(app.resources[0], _components(app)),
        "Registration": json.loads(app.runtime.registration.json_schema()),
        "SessionListed": _listed("Session", json.loads(sessions_schema().row_json_schema())),
        **_with_listed("Role", json.loads(roles_schema().row_json_schema())),
        **_bodies(roles_schema(), "Role"),
        **{name: json.loads(reader.json_schema()) for name, reader in _body_readers().items()},
        **_batch(),
        **_envelopes(),
        **_oauth(),
        **_errors(),
    }


def _body_readers() -> dict[str, BodyReader]:
    return {
        "Login": bodies.LOGIN,
        "Refresh": bodies.REFRESH,
        "PasswordChange": bodies.PASSWORD_CHANGE,
    }


def _users(users: CompiledResource[Any], components: Mapping[str, str]) -> dict[str, Any]:
    schema = users.schema.core
    oneself = ["email", "name", *(field.name for field in users.further if not field.is_read_only)]
    return {
        **_with_listed("User", _row(users, components), keeps_deleted=True),
        **_bodies(schema, "User"),
        "MePatch": _body("MePatch", BodyReader(schema, Mode.PATCH, only=oneself)),
    }


def _bodies(schema: CoreSchema, title: str) -> dict[str, Any]:
    """What makes, replaces and changes a row."""
    modes = {"Create": Mode.CREATE, "Replace": Mode.REPLACE, "Patch": Mode.PATCH}
    return {
        title + suffix: _body(title + suffix, BodyReader(schema, mode))
        for suffix, mode in modes.items()
    }


def _row(resource: CompiledResource[Any], components: Mapping[str, str]) -> dict[str, Any]:
    """A row as it is answered: what not every reader sees may be missing."""
    schema = resource.schema.core
    row: dict[str, Any] = json.loads(schema.row_json_schema())
    guarded = {field.wire_name for field in schema.fields if field.name in resource.readable}
    row["required"] = [member for member in row["required"] if member not in guarded]
    for relation in resource.relations:
        row["properties"] |= _included(relation, components[relation.table])
    return row


def _included(relation: DeclaredRelation, component: str) -> dict[str, Any]:
    """The members that a row has where they were asked for by `include`."""
    row = _reference(component)
    if not relation.to_many:
        return {relation.name: {"anyOf": [row, {"type": "null"}]}}
    return {
        relation.name: {"type": "array", "items": row, "maxItems": 100},
        f"{relation.name}More": {
            "type": "boolean",
            "const": True,
            "description": f"There are more {relation.name} than an answer includes.",
        },
    }


def _components(app: "Backend") -> dict[str, str]:
    """What the schemas of rows are called, by table."""
    return {
        resource.schema.table: "User" if resource.is_user else resource.name
        for resource in app.resources
    }


def _body(title: str, reader: BodyReader) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(reader.json_schema())
    return made | {"title": title}


def _resource(resource: CompiledResource[Any], components: Mapping[str, str]) -> dict[str, Any]:
    """A row as it is answered, and the bodies that make and change it."""
    name, schema = resource.name, resource.schema.core
    return {
        **_with_listed(
            name, _row(resource, components) | {"title": name}, keeps_deleted=resource.keeps_deleted
        ),
        **_bodies(schema, name),
        **_nested_body(resource),
        f"{name}Answer": _object(f"{name}Answer", data=_reference(name)),
        f"{name}Page": _page(name),
    }


def _nested_body(resource: CompiledResource[Any]) -> dict[str, Any]:
    """What makes a row where the path says to which other it refers, if a body could say it."""
    title, nested, schema = resource.nested_body, resource.nested, resource.schema.core
    if nested is None or title == f"{resource.name}Create":
        return {}
    body = _body(title, BodyReader(schema, Mode.CREATE))
    told = next(field.wire_name for field in schema.fields if field.name == nested.column)
    del body["properties"][told]
    body["required"] = [name for name in body.get("required", ()) if name != told]
    return {title: body}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(title: str, /, **members: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "required": list(members),
        "properties": members,
    }


def _envelopes() -> dict[str, Any]:
    tokens = {
        "accessToken": {"type": "string", "description": "A JWT, sent as Bearer."},
        "refreshToken": {"type": "string", "description": "Opaque; good for one refresh."},
        "tokenType": {"type": "string", "const": "Bearer"},
        "expiresIn": {"type": "integer", "description": "The access token's life in seconds."},
    }
    number = {"type": "integer", "minimum": 1}
    meta = _object(
        "PageMeta",
        **{
            name: {"type": "integer", "minimum": minimum}
            for name, minimum in (("page", 1), ("limit", 1), ("total", 0), ("totalPages", 0))
        },
    )
    cursor = {
        "type": ["string", "null"],
        "description": "For the `cursor` parameter; null at an end.",
    }
    steps = _object("CursorMeta", limit=number, nextCursor=cursor, prevCursor=cursor)
    return {
        "PageMeta": meta,
        "CursorMeta": steps,
        "Tokens": _object("Tokens", **tokens),
        "SignIn": _object("SignIn", user=_reference("User"), **tokens),
        "TokensAnswer": _object("TokensAnswer", data=_reference("Tokens")),
        "SignInAnswer": _object("SignInAnswer", data=_reference("SignIn")),
        "UserAnswer": _object("UserAnswer", data=_reference("User")),
        "UserPage": _page("User"),
        "SessionPage": _page("Session"),
        "RoleAnswer": _object("RoleAnswer", data=_reference("Role")),
        "RolePage": _page("Role"),
        "Jwks": _jwks(),
        "Health": _object("Health", status={"type": "string", "const": "ok"}),
    }


def _batch() -> dict[str, Any]:
    item = _object(
        "BatchItem",
        status={"type": "integer", "examples": [201]},
        headers={
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Such as `location`.",
        },
        body={"type": ["object", "null"], "description": "The answer's; null for a 204."},
    )
    items = {"type": "array", "items": _reference("BatchItem")}
    return {
        "Batch": _body("Batch", BodyReader(Batch.SCHEMA, Mode.CREATE)),
        "BatchItem": item,
        "BatchAnswer": _object("BatchAnswer", data=items),
    }


def _jwks() -> dict[str, Any]:
    text = {"type": "string"}
    key = _object(
        "Jwk",
        kty={**text, "const": "OKP"},
        crv={**text, "const": "Ed25519"},
        x={**text, "description": "The public key, base64url."},
        kid=text,
        alg={**text, "const": "EdDSA"},
        use={**text, "const": "sig"},
    )
    return _object("Jwks", keys={"type": "array", "items": key})


def _page(name: str) -> dict[str, Any]:
    rows = {"type": "array", "items": _reference(f"{name}Listed")}
    meta = {"anyOf": [_reference("PageMeta"), _reference("CursorMeta")]}
    return _object(f"{name}Page", data=rows, meta=meta)


def _with_listed(name: str, row: dict[str, Any], *, keeps_deleted: bool = False) -> dict[str, Any]:
    listed = _listed(name, row)
    if keeps_deleted:
        listed["properties"] = dict(_with_deletion(row["properties"]))
    return {name: row, f"{name}Listed": listed}


def _with_deletion(members: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members of a row where those that are deleted are listed, too, in their order."""
    for name, member in members.items():
        yield name, member
        if name == "updatedAt":
            yield "deletedAt", member | {"description": "Of a deleted row: since when."}


def _listed(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of a list, of which `fields` may have left members out."""
    part = {key: value for key, value in row.items() if key != "required"}
    return part | {"title": f"{name}Listed"}


def _oauth() -> dict[str, Any]:
    text = {"type": "string"}
    form = _object("OAuthForm", grant_type={"enum": ["password", "refresh_token"], **text})
    form["properties"] |= {
        "username": {**text, "description": "The e-mail, for grant `password`."},
        "password": {**text, "format": "password"},
        "refresh_token": {**text, "description": "For grant `refresh_token`."},
    }
    error = _object("OAuthError", error=text)
    error["properties"]["error_description"] = text
    return {
        "OAuthForm": form,
        "OAuthError": error,
        "OAuthTokens": _object(
            "OAuthTokens",
            access_token=text,
            token_type={**text, "const": "Bearer"},
            expires_in={"type": "integer"},
            refresh_token=text,
        ),
    }


def _errors() -> dict[str, Any]:
    text = {"type": "string"}
    detail = _object(
        "ErrorDetail",
        field={**text, "description": "The field by its path: `email`, `items[2].sku`."},
        message=text,
        code={**text, "description": "Stable: `required`, `max_length`, `unique`, …"},
    )
    members: dict[str, dict[str, Any]] = {
        "code": {**text, "examples": ["VALIDATION_ERROR"]},
        "details": {"type": "array", "items": _reference("ErrorDetail")},
        "requestId": text,
    }
    return {
        "ErrorDetail": detail,
        "Error": _object("Error", error=_object("ErrorBody", message=text, **members)),
        "Problem": _object(
            "Problem",
            type={**text, "format": "uri-reference"},
            title=text,
            status={"type": "integer"},
            detail=text,
            **members,
        ),
    }
