"""An application of one's own built on Backend: its routes answer by the contract too."""

from collections.abc import Iterator
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, Body, Header, HTTPException, Path, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.exceptions import HTTPException as StarletteHTTPException

from apiwright import AppError, Backend
from apiwright.errors import Conflict, Forbidden, NotFound, Unavailable
from tests.support import contract
from tests.support.application import backend
from tests.support.contract import refused

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sku: str = Field(min_length=1, max_length=8, pattern="^[A-Z]+$")
    quantity: int = Field(ge=1, le=99)
    kind: Literal["a", "b"] = "a"


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")
    customer: str
    items: list[Item] = Field(min_length=1, max_length=4)
    note: str | None = None

    @field_validator("note")
    @classmethod
    def _check_note(cls, note: str | None) -> str | None:
        if note == "forbidden word":
            raise ValueError("secret internal rule 42")
        return note


def add_routes(app: Backend) -> None:
    @app.post("/orders", status_code=201)
    async def create(order: Order) -> Order:
        return order

    @app.get("/orders/{id}")
    async def get(
        id: Annotated[int, Path(ge=1)],
        limit: Annotated[int, Query(le=10)] = 1,
        x_tenant: Annotated[str | None, Header(max_length=3)] = None,
    ) -> dict[str, int]:
        return {"id": id, "limit": limit}

    @app.post("/embedded")
    async def embedded(amount: Annotated[int, Body(embed=True)]) -> int:
        return amount

    @app.get("/http/{status}")
    async def http(status: int) -> None:
        raise HTTPException(status, "as the application says", {"X-Own": "1", "Retry-After": "7"})

    @app.get("/bare/{status}")
    async def bare(status: int) -> None:
        raise StarletteHTTPException(status)

    @app.get("/basic")
    async def basic() -> None:
        challenge = {"WWW-Authenticate": "Basic", "Cache-Control": "private"}
        raise HTTPException(401, "Say who you are.", challenge)

    @app.get("/moved/{status}")
    async def moved(status: int) -> None:
        raise HTTPException(status, headers={"Location": "/elsewhere"})

    @app.get("/structured")
    async def structured() -> None:
        raise HTTPException(404, {"internal": "dict"})

    errors: dict[str, AppError] = {
        "conflict": Conflict("Taken.", [("sku", "Is taken.", "unique")]),
        "forbidden": Forbidden("Not you."),
        "missing": NotFound("No such thing.", cause="select * from hidden"),
        "busy": Unavailable("Busy.", retry_after=3),
    }

    @app.get("/errors/{name}")
    async def fail(name: str) -> None:
        raise errors[name]

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("the secret is /etc/passwd in app.py")

    @app.get("/invalid-answer", response_model=Item)
    async def invalid_answer() -> dict[str, str]:
        return {"sku": "internal detail"}

    nested = APIRouter(prefix="/nested")

    @nested.get("/thing")
    async def thing() -> str:
        return "got"

    @nested.put("/thing")
    async def put_thing() -> str:
        return "put"

    app.include_router(nested)


@pytest.fixture(scope="module")
def client(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = backend(tmp_path_factory.mktemp("own"))
    add_routes(app)
    with TestClient(app) as client:
        client.event_hooks = {"response": [contract.check]}
        yield client


def test_a_good_request_reaches_the_route(client: TestClient) -> None:
    order = {"customer": "c", "items": [{"sku": "ABC", "quantity": 2}]}
    response = client.post("/orders", json=order)
    assert response.status_code == 201
    assert response.json()["items"] == [{"sku": "ABC", "quantity": 2, "kind": "a"}]


@pytest.mark.parametrize(
    ("order", "details"),
    [
        ({}, {("customer", "required"), ("items", "required")}),
        ({"customer": 1, "items": {}}, {("customer", "type"), ("items", "type")}),
        (
            {"customer": "c", "items": [], "vip": 1},
            {("items", "min_length"), ("vip", "unknown")},
        ),
        (
            {"customer": "c", "items": [{"sku": "A", "quantity": 1}] * 5},
            {("items", "max_length")},
        ),
        (
            {
                "customer": "c",
                "items": [
                    {"sku": "A", "quantity": 1},
                    {"sku": "", "quantity": 0, "kind": "c"},
                    {"sku": "TOOLONGSKU", "quantity": 100, "extra": 1},
                    {"sku": "abc", "quantity": "x"},
                ],
            },
            {
                ("items[1].sku", "min_length"),
                ("items[1].quantity", "min"),
                ("items[1].kind", "enum"),
                ("items[2].sku", "max_length"),
                ("items[2].quantity", "max"),
                ("items[2].extra", "unknown"),
                ("items[3].sku", "pattern"),
                ("items[3].quantity", "type"),
            },
        ),
        (
            {"customer": "c", "items": [{"sku": "A", "quantity": 1}], "note": "forbidden word"},
            {("note", "format")},
        ),
    ],
)
def test_pydantics_violations_are_told_in_the_contracts_terms(
    client: TestClient, order: dict[str, object], details: set[tuple[str, str]]
) -> None:
    response = client.post("/orders", json=order)
    assert refused(response, 400, "VALIDATION_ERROR") == details
    assert "secret internal rule" not in response.text


def test_parameters_are_named_by_their_place(client: TestClient) -> None:
    response = client.get("/orders/0?limit=99", headers={"X-Tenant": "four"})
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("path.id", "min"),
        ("query.limit", "max"),
        ("header.x-tenant", "max_length"),
    }
    assert refused(client.get("/orders/x"), 400, "VALIDATION_ERROR") == {("path.id", "type")}


def test_a_missing_body_is_named(client: TestClient) -> None:
    assert client.post("/orders").status_code == 400
    assert refused(client.post("/embedded", json={}), 400, "VALIDATION_ERROR") == {
        ("amount", "required")
    }


@pytest.mark.parametrize("content", [b'{"customer": ', b"{'a': 1}", b'"\xff"', b"[" * 9999])
def test_a_body_that_is_not_json_answers_400_malformed(client: TestClient, content: bytes) -> None:
    response = client.post("/orders", content=content, headers={"Content-Type": "application/json"})
    assert refused(response, 400, "MALFORMED_JSON") == set()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "VALIDATION_ERROR"),
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
        (409, "CONFLICT"),
        (412, "PRECONDITION_FAILED"),
        (413, "PAYLOAD_TOO_LARGE"),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (422, "UNPROCESSABLE"),
        (428, "PRECONDITION_REQUIRED"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL_ERROR"),
        (503, "UNAVAILABLE"),
        (504, "TIMEOUT"),
    ],
)
def test_http_exceptions_get_the_contracts_code(client: TestClient, status: int, code: str) -> None:
    response = client.get(f"/http/{status}")
    assert refused(response, status, code) == set()
    if status == 405:
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    else:
        assert response.headers["x-own"] == "1"
        assert response.headers.get_list("retry-after") == ["7"]
    assert response.json()["error"]["message"] == "as the application says"
    bare = client.get(f"/bare/{status}")
    assert refused(bare, status, code) == set()
    assert bare.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("status", [402, 410, 418, 451, 499, 501, 507])
def test_a_status_the_contract_does_not_know_keeps_it_in_the_envelope(
    client: TestClient, status: int
) -> None:
    response = client.get(f"/http/{status}")
    assert response.status_code == status
    assert response.json()["error"]["details"] == []
    problem = client.get(f"/http/{status}", headers={"Accept": "application/problem+json"})
    assert problem.json()["status"] == status


@pytest.mark.parametrize("status", [204, 303, 304, 307])
def test_an_exception_below_400_is_an_answer_without_an_envelope(
    client: TestClient, status: int
) -> None:
    response = client.get(f"/moved/{status}", follow_redirects=False)
    assert (response.status_code, response.content) == (status, b"")
    assert response.headers["location"] == "/elsewhere"


def test_headers_of_an_exception_stand_instead_of_ours(client: TestClient) -> None:
    response = client.get("/basic")
    assert refused(response, 401, "UNAUTHORIZED") == set()
    assert response.headers.get_list("www-authenticate") == ["Basic"]
    assert response.headers.get_list("cache-control") == ["private"]


def test_a_detail_that_is_no_text_is_not_shown(client: TestClient) -> None:
    response = client.get("/structured")
    assert refused(response, 404, "NOT_FOUND") == set()
    assert "internal" not in response.text


def test_app_errors_answer_with_their_status_and_details(client: TestClient) -> None:
    response = client.get("/errors/conflict")
    assert refused(response, 409, "CONFLICT") == {("sku", "unique")}
    assert refused(client.get("/errors/forbidden"), 403, "FORBIDDEN") == set()
    assert refused(client.get("/errors/missing"), 404, "NOT_FOUND") == set()
    busy = client.get("/errors/busy")
    assert refused(busy, 503, "UNAVAILABLE") == set()
    assert busy.headers["retry-after"] == "3"


def test_an_unexpected_exception_answers_500_and_nothing_of_it(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/crash")
    assert refused(response, 500, "INTERNAL_ERROR") == set()
    assert "secret" not in response.text
    (record,) = [record for record in caplog.records if record.name == "apiwright"]
    assert record.exc_info is not None
    assert "the secret is" in str(record.exc_info[1])
    problem = client.get("/crash", headers={"Accept": "application/problem+json"})
    assert problem.json()["status"] == 500


def test_an_answer_that_does_not_fit_its_model_answers_500(client: TestClient) -> None:
    response = client.get("/invalid-answer")
    assert refused(response, 500, "INTERNAL_ERROR") == set()
    assert "internal detail" not in response.text


def test_own_routes_have_head_options_and_allow(client: TestClient) -> None:
    for path, methods in [
        ("/nested/thing", "GET, HEAD, OPTIONS, PUT"),
        ("/orders", "OPTIONS, POST"),
        ("/orders/1", "GET, HEAD, OPTIONS"),
    ]:
        assert client.options(path).headers["allow"] == methods
        response = client.request("DELETE", path)
        assert refused(response, 405, "METHOD_NOT_ALLOWED") == set()
        assert response.headers["allow"] == methods
    head = client.head("/nested/thing")
    assert (head.status_code, head.headers["content-length"]) == (200, "5")


def test_the_document_has_own_routes_beside_ours_without_422(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert {"/orders", "/nested/thing", "/api/v1/users"} <= set(document["paths"])
    responses = document["paths"]["/orders"]["post"]["responses"]
    assert set(responses) == {"201", "400"}
    assert "HTTPValidationError" not in str(document)
    assert "Order" in document["components"]["schemas"]
