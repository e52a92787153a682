"""The orders example as FastAPI's and asyncpg's documentation would have it, and nothing more.

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
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, Field
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


class Money(BaseModel):
    amount: str = Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Line(BaseModel):
    sku: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    quantity: int = Field(ge=1, le=1000)
    unit_price: Money


class NewOrder(BaseModel):
    lines: list[Line] = Field(min_length=1, max_length=100)
    note: str | None = Field(None, max_length=500)


class PlacedOrder(BaseModel):
    id: UUID
    status: str
    lines: list[Line]
    total: Money
    note: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class OrderPage(BaseModel):
    items: list[PlacedOrder]


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    url = os.environ["DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> Health:
    return Health()


@app.get("/api/v1/orders/{order_id}", response_model=PlacedOrder)
async def get_order(order_id: UUID, request: Request) -> dict[str, Any]:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(GET, order_id)
    if not rows:
        raise HTTPException(404)
    return order_of(rows)


@app.get("/api/v1/orders", response_model=OrderPage)
async def list_orders(
    request: Request, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(LIST, limit)
    return {"items": [order_of(list(group)) for _, group in groupby(rows, itemgetter("id"))]}


@app.post("/api/v1/orders", response_model=PlacedOrder, status_code=201)
async def place_order(new: NewOrder, request: Request) -> dict[str, Any]:
    now = datetime.now(UTC)
    order = {
        "id": uuid7(),
        "owner": "anonymous",
        "status": "pending",
        "note": new.note,
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
        for position, line in enumerate(new.lines)
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


def order_of(rows: Sequence[Any]) -> dict[str, Any]:
    """Return an order as it is answered from rows that each hold one of its lines, too."""
    total = sum((row["unit_price"] * row["quantity"] for row in rows), Decimal(0))
    lines = [
        {
            "sku": row["sku"],
            "quantity": row["quantity"],
            "unit_price": money(row["unit_price"], row["currency"]),
        }
        for row in rows
    ]
    return {**rows[0], "lines": lines, "total": money(total, rows[0]["currency"])}


def money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": f"{amount:.2f}", "currency": currency}


def confirmation_of(order: dict[str, Any]) -> tuple[object, ...]:
    payload = json.dumps({"order_id": str(order["id"])})
    asked = (order["id"], "orders.confirm/1", payload, order["owner"], "floor", "queued", 0)
    return *asked, order["created_at"], order["created_at"], order["updated_at"]
