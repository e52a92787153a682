"""The orders example as Litestar's and Tortoise's documentation would have it, and nothing more.

It works on the tables that the rendered service has migrated, and answers the same documents.
With FLOOR_QUEUE set an order is left to a job, whose row is written with it; else it is confirmed
at once.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from litestar import Litestar, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct
from tortoise import Tortoise, fields
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
    # Requests are not handled in the context of the lifespan.
    config = configuration(os.environ["DATABASE_URL"])
    await Tortoise.init(config, _enable_global_fallback=True)
    yield
    await Tortoise.close_connections()


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


@get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@get("/api/v1/orders/{order_id:uuid}")
async def get_order(order_id: FromPath[UUID]) -> PlacedOrder:
    order = await Order.get_or_none(id=order_id).prefetch_related("lines")
    if order is None:
        raise NotFoundException
    return placed(order, list(order.lines))


@get("/api/v1/orders")
async def list_orders(limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20) -> OrderPage:
    newest = Order.all().order_by("-created_at", "-id").limit(limit).prefetch_related("lines")
    return OrderPage(items=[placed(order, list(order.lines)) for order in await newest])


@post("/api/v1/orders")
async def place_order(data: NewOrder) -> PlacedOrder:
    now = datetime.now(UTC)
    async with in_transaction():
        order = await Order.create(
            owner="anonymous",
            status="pending",
            note=data.note,
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
            for position, line in enumerate(data.lines)
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


app = Litestar([health, get_order, list_orders, place_order], lifespan=[lifespan])
