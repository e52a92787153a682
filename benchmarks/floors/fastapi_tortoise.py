"""The orders example as FastAPI's and Tortoise's documentation would have it, and nothing more.

It works on the tables that the rendered service has migrated, and answers the same documents.
With FLOOR_QUEUE set an order is left to a job, whose row is written with it; else it is confirmed
at once.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field
from tortoise import fields
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.models import Model
from tortoise.transactions import in_transaction
from uuid_utils.compat import uuid7

POOL_SIZE = 5
QUEUE = bool(os.environ.get("FLOOR_QUEUE"))


class Order(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    owner = fields.CharField(max_length=255)
    status = fields.CharField(max_length=16)
    note = fields.CharField(max_length=500, null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField()
    lines: fields.ReverseRelation["OrderLine"]

    class Meta:
        table = "orders"


class OrderLine(Model):
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="lines"
    )
    position = fields.SmallIntField(primary_key=True, generated=False)
    sku = fields.CharField(max_length=64)
    quantity = fields.IntField()
    unit_price = fields.DecimalField(max_digits=12, decimal_places=2)
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "order_lines"
        ordering = ("position",)


class Job(Model):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=128)
    payload: fields.JSONField[dict[str, str]] = fields.JSONField()
    owner = fields.CharField(max_length=255)
    request_id = fields.CharField(max_length=128)
    status = fields.CharField(max_length=16)
    attempts = fields.SmallIntField()
    lease_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "jobs"


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
    async with RegisterTortoise(app, config=configuration(os.environ["DATABASE_URL"])):
        yield


def configuration(database_url: str) -> dict[str, object]:
    url = urlsplit(database_url)
    credentials = {
        "host": url.hostname or parse_qs(url.query)["host"][0],
        "port": url.port or 5432,
        "user": url.username,
        "password": url.password,
        "database": url.path.strip("/"),
        "maxsize": POOL_SIZE,
    }
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
        },
        "apps": {"models": {"models": [__name__]}},
    }


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> Health:
    return Health()


@app.get("/api/v1/orders/{order_id}")
async def get_order(order_id: UUID) -> PlacedOrder:
    order = await Order.get_or_none(id=order_id).prefetch_related("lines")
    if order is None:
        raise HTTPException(404)
    return placed(order, list(order.lines))


@app.get("/api/v1/orders")
async def list_orders(limit: Annotated[int, Query(ge=1, le=100)] = 20) -> OrderPage:
    newest = Order.all().order_by("-created_at", "-id").limit(limit).prefetch_related("lines")
    return OrderPage(items=[placed(order, list(order.lines)) for order in await newest])


@app.post("/api/v1/orders", status_code=201)
async def place_order(new: NewOrder) -> PlacedOrder:
    now = datetime.now(UTC)
    async with in_transaction():
        order = await Order.create(
            owner="anonymous",
            status="pending",
            note=new.note,
            created_at=now,
            updated_at=now,
            version=1,
        )
        lines = [
            OrderLine(
                order=order,
                position=position,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=Decimal(line.unit_price.amount),
                currency=line.unit_price.currency,
            )
            for position, line in enumerate(new.lines)
        ]
        await OrderLine.bulk_create(lines)
        if QUEUE:
            await confirmation_of(order).save(force_create=True)
            return placed(order, lines)
    if await is_paid(order):
        order.status = "confirmed"
        order.updated_at = datetime.now(UTC)
        order.version += 1
        await order.save(update_fields=["status", "updated_at", "version"])
    return placed(order, lines)


def placed(order: Order, lines: list[OrderLine]) -> PlacedOrder:
    total = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
    return PlacedOrder(
        id=order.id,
        status=order.status,
        lines=[
            Line(
                sku=line.sku,
                quantity=line.quantity,
                unit_price=Money(amount=f"{line.unit_price:.2f}", currency=line.currency),
            )
            for line in lines
        ],
        total=Money(amount=f"{total:.2f}", currency=lines[0].currency),
        note=order.note,
        created_at=order.created_at,
        updated_at=order.updated_at,
        version=order.version,
    )


async def is_paid(order: Order) -> bool:
    return True


def confirmation_of(order: Order) -> Job:
    return Job(
        id=order.id,
        kind="orders.confirm/1",
        payload={"order_id": str(order.id)},
        owner=order.owner,
        request_id="floor",
        status="queued",
        attempts=0,
        lease_until=order.created_at,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )
