"""What an application's own code does with statuses and parts: the core holds it to the same."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apiwright import Backend, Repository, Unprocessable
from apiwright.errors import ValidationFailed
from apiwright.testing import running, temporary_settings
from tests.python.resources.test_states_and_parts import Bill, Line


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Backend]:
    app = Backend(temporary_settings(tmp_path), resources=[Bill, Line])
    with running(app) as api:
        app.state.owner = api.sign_up().id
        yield app


@pytest.fixture
def bills(app: Backend) -> Repository[Bill]:
    return app.runtime.repository(Bill)


def a_bill(app: Backend, *counts: int) -> dict[str, Any]:
    lines = [{"count": count, "price": Decimal("0.10")} for count in counts]
    return {"ownerId": app.state.owner, "lines": lines}


def test_a_row_is_inserted_with_its_parts(app: Backend, bills: Repository[Bill]) -> None:
    bill = bills.insert(a_bill(app, 1, 2))
    assert bill.total == Decimal("0.30")
    lines = app.runtime.repository(Line)
    assert [line.count for line in lines.list(bill=bill.id, sort="created_at").rows] == [1, 2]
    bills.delete(bill.id)
    assert lines.count() == 0


def test_many_are_too(app: Backend, bills: Repository[Bill]) -> None:
    ids = bills.insert_many([a_bill(app, 1), a_bill(app, 2, 3)])
    assert len(ids) == 2
    assert app.runtime.repository(Line).count() == 3
    with pytest.raises(ValidationFailed) as caught:
        bills.insert_many([a_bill(app, 1), a_bill(app, 0)])
    assert [field for field, _, _ in caught.value.details] == ["[1].lines[0].count"]


def test_a_sum_is_the_parts_whatever_is_said(app: Backend, bills: Repository[Bill]) -> None:
    assert bills.insert({**a_bill(app, 5), "total": "99.00"}).total == Decimal("0.50")


def test_no_step_is_taken_that_is_not_listed(app: Backend, bills: Repository[Bill]) -> None:
    bill = bills.insert(a_bill(app, 1))
    assert bills.update(bill.id, {"state": "paid"}).state == "paid"
    with pytest.raises(Unprocessable) as caught:
        bills.update(bill.id, {"state": "open"})
    assert [tuple(detail) for detail in caught.value.details] == [
        ("state", "Is paid, which stays so.", "transition")
    ]
