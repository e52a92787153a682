"""The orders example as Litestar's and asyncpg's documentation would have it, and nothing more.

It works on the tables that the rendered service has migrated, and answers the same documents.
With FLOOR_QUEUE set an order is left to a job, whose row is written with it; else it is confirmed
at once.
"""

import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct
from uuid_utils.compat import uuid7

POOL_SIZE = 5
QUEUE = bool(os.environ.get("FLOOR_QUEUE"))

GET = """
    SELECT * FROM orders JOIN order_lines ON order_id = id WHERE id = $1 ORDER BY position
"""
LIST = """
    SELECT * FROM (SELECT * FROM orders ORDER BY created_at DESC, id DESC LIMIT $1) AS newest
    JOIN order_lines ON order_id = id ORDER BY created_at DESC, id DESC, position
"""
ADD = """
    INSERT INTO orders (id, owner, status, note, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
ADD_LINE = """
    INSERT INTO order_lines (order_id, position, sku, quantity, unit_price, currency)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
ADD_JOB = """
    INSERT INTO jobs (
        id, kind, payload, owner, request_id, status, attempts, lease_until, created_at, updated_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
CONFIRM = """
    UPDATE orders SET status = $2, updated_at = $3, version = version + 1 WHERE id = $1
"""


class Money(Struct):
    amount: Annotated[str, Meta(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class Line(Struct):
    sku: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    quantity: Annotated[int, Meta(ge=1, le=1000)]
    unit_price: Money


class NewOrder(Struct):
    lines: Annotated[list[Line], Meta(min_length=1, max_length=100)]
    note: Annotated[str, Meta(max_length=500)] | None = None


class PlacedOrder(Struct):
    id: UUID
    status: str
    lines: list[Line]
    total: Money
    note: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class OrderPage(Struct):
    items: list[PlacedOrder]


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    url = os.environ["DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE) as pool:
        app.state.pool = pool
        yield


@get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@get("/api/v1/orders/{order_id:uuid}")
async def get_order(order_id: FromPath[UUID], request: Request[Any, Any, Any]) -> PlacedOrder:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(GET, order_id)
    if not rows:
        raise NotFoundException
    return order_of(rows)


@get("/api/v1/orders")
async def list_orders(
    request: Request[Any, Any, Any], limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20
) -> OrderPage:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(LIST, limit)
    orders = groupby(rows, itemgetter("id"))
    return OrderPage(items=[order_of(list(group)) for _, group in orders])


@post("/api/v1/orders")
async def place_order(data: NewOrder, request: Request[Any, Any, Any]) -> PlacedOrder:
    now = datetime.now(UTC)
    order = {
        "id": uuid7(),
        "owner": "anonymous",
        "status": "pending",
        "note": data.note,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }
    lines = [
        {
            "order_id": order["id"],
            "position": position,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": Decimal(line.unit_price.amount),
            "currency": line.unit_price.currency,
        }
        for position, line in enumerate(data.lines)
    ]
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(ADD, *order.values())
        await connection.executemany(ADD_LINE, [tuple(line.values()) for line in lines])
        if QUEUE:
            await connection.execute(ADD_JOB, *confirmation_of(order))
    if not QUEUE and await is_paid(order):
        order |= {"status": "confirmed", "updated_at": datetime.now(UTC), "version": 2}
        async with request.app.state.pool.acquire() as connection:
            await connection.execute(CONFIRM, order["id"], order["status"], order["updated_at"])
    return order_of([order | line for line in lines])


async def is_paid(order: dict[str, Any]) -> bool:
    return True


def order_of(rows: Sequence[Any]) -> PlacedOrder:
    """Return an order as it is answered from rows that each hold one of its lines, too."""
    order = rows[0]
    total = sum((row["unit_price"] * row["quantity"] for row in rows), Decimal(0))
    return PlacedOrder(
        id=order["id"],
        status=order["status"],
        lines=[
            Line(row["sku"], row["quantity"], money(row["unit_price"], row["currency"]))
            for row in rows
        ],
        total=money(total, order["currency"]),
        note=order["note"],
        created_at=order["created_at"],
        updated_at=order["updated_at"],
        version=order["version"],
    )


def money(amount: Decimal, currency: str) -> Money:
    return Money(f"{amount:.2f}", currency)


def confirmation_of(order: dict[str, Any]) -> tuple[object, ...]:
    payload = json.dumps({"order_id": str(order["id"])})
    asked = (order["id"], "orders.confirm/1", payload, order["owner"], "floor", "queued", 0)
    return *asked, order["created_at"], order["created_at"], order["updated_at"]


app = Litestar([health, get_order, list_orders, place_order], lifespan=[lifespan])
