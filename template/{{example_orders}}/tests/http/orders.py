"""Orders as a client writes them, and reads them."""

from typing import Any, Final

import httpx2

ORDERS: Final = "/api/v1/orders"
NOBODYS: Final = f"{ORDERS}/0196a1b2-0000-7000-8000-000000000000"

# The sandbox of the payment gateway decides by the cents of the total.
CONFIRMED: Final = "12.50"
DECLINED: Final = "12.02"
PENDING: Final = "12.03"


def line(price: str = CONFIRMED, *, currency: str = "EUR", **changed: Any) -> dict[str, Any]:
    return {"sku": "TEA-1", "quantity": 1, "unit_price": {"amount": price, "currency": currency}, **changed}


def body(price: str = CONFIRMED, **changed: Any) -> dict[str, Any]:
    return {"lines": [line(price)], **changed}


async def place(client: httpx2.AsyncClient, price: str = PENDING, **changed: Any) -> dict[str, Any]:
    """Place an order, a pending one unless told otherwise, and return it."""
    response = await client.post(ORDERS, json=body(price, **changed))
    assert response.status_code == 201, response.text
    order = response.json()
    assert isinstance(order, dict)
    return order


def path_of(order: dict[str, Any]) -> str:
    return f"{ORDERS}/{order['id']}"


async def read(client: httpx2.AsyncClient, order: dict[str, Any]) -> dict[str, Any]:
    response = await client.get(path_of(order))
    assert response.status_code == 200, response.text
    found = response.json()
    assert isinstance(found, dict)
    return found


async def count(client: httpx2.AsyncClient) -> int:
    return len((await client.get(ORDERS, params={"limit": 100})).json()["items"])
