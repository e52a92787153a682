"""The vocabulary of the orders example: paths, bodies that are valid, and how an order looks."""

import re
import time
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx

from .responses import expect_success

ORDERS = "/api/v1/orders"
MISSING_ID = "01890a5d-ac96-774b-bcce-b302099a8057"

# The sandbox gateway decides by the cents of an order's total.
AMOUNT_FOR = {"confirmed": "10.00", "declined": "10.02", "pending": "10.03"}
STATUSES = {"pending", "confirmed", "declined", "cancelled"}
MEMBERS = {
    "id",
    "status",
    "lines",
    "total",
    "note",
    "created_at",
    "updated_at",
    "version",
}
# With a queue the gateway is asked after the answer, within this.
SETTLING_SECONDS = 60.0
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
AMOUNT = re.compile(r"(0|[1-9]\d*)\.\d{2}", re.ASCII)


class PlaceOrder(Protocol):
    """Places an order that ends in the wished status, and returns it."""

    def __call__(self, *, status: str = "pending", note: str | None = None) -> dict[str, Any]: ...


def order_path(order: dict[str, Any]) -> str:
    return f"{ORDERS}/{order['id']}"


def settled(client: httpx.Client, order: dict[str, Any]) -> dict[str, Any]:
    """Ask for an order until it is no longer pending; without a queue it is not from the start."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while order["status"] == "pending":
        assert time.monotonic() < deadline, "the order stays pending"
        time.sleep(0.02)
        order = expect_order(expect_success(client.get(order_path(order))))
    return order


def etag(order: dict[str, Any]) -> str:
    return f'"{order["version"]}"'


def unique(prefix: str = "conformance") -> str:
    return f"{prefix}-{uuid4()}"


def line(
    *,
    sku: Any = "sku-1",
    quantity: Any = 1,
    amount: Any = "10.00",
    currency: Any = "EUR",
) -> dict[str, Any]:
    return {
        "sku": sku,
        "quantity": quantity,
        "unit_price": {"amount": amount, "currency": currency},
    }


def order_body(*, status: str = "confirmed", note: str | None = None) -> dict[str, Any]:
    """A valid body for an order that the sandbox gateway leaves in this status."""
    return {"lines": [line(amount=AMOUNT_FOR[status])], "note": note}


def expect_order(response: httpx.Response) -> dict[str, Any]:
    """Check the shape of an order and return it."""
    order = response.json()
    assert isinstance(order, dict)
    expect_order_shape(order)
    return order


def expect_order_shape(order: dict[str, Any]) -> None:
    assert set(order) - {"confirmation_job"} == MEMBERS
    assert order["status"] in STATUSES
    assert order["note"] is None or isinstance(order["note"], str)
    assert type(order["version"]) is int
    assert order["version"] >= 1
    _expect_id(order["id"])
    _expect_times(order["created_at"], order["updated_at"])
    _expect_money(order["total"])
    assert order["lines"]
    for ordered in order["lines"]:
        assert set(ordered) == {"sku", "quantity", "unit_price"}
        _expect_money(ordered["unit_price"])


def _expect_id(text: str) -> None:
    assert str(UUID(text)) == text
    assert UUID(text).version == 7


def _expect_times(created_at: str, updated_at: str) -> None:
    assert TIMESTAMP.fullmatch(created_at), created_at
    assert TIMESTAMP.fullmatch(updated_at), updated_at
    assert datetime.fromisoformat(created_at) <= datetime.fromisoformat(updated_at)


def _expect_money(money: dict[str, Any]) -> None:
    assert set(money) == {"amount", "currency"}
    assert AMOUNT.fullmatch(money["amount"]), money
    assert re.fullmatch(r"[A-Z]{3}", money["currency"]), money
