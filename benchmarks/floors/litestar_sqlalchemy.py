"""The orders example as Litestar's and SQLAlchemy's documentation would have it, and nothing more.

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
from uuid import UUID

from litestar import Litestar, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct, convert
from sqlalchemy import DateTime, ForeignKey, Numeric, SmallInteger, String, make_url, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from uuid_utils.compat import uuid7

POOL_SIZE = 5
QUEUE = bool(os.environ.get("FLOOR_QUEUE"))


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    owner: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]
    lines: Mapped[list["OrderLine"]] = relationship(order_by="OrderLine.position")

    @property
    def total(self) -> "Money":
        amount = sum((line.unit_price_amount * line.quantity for line in self.lines), Decimal(0))
        return Money(amount=f"{amount:.2f}", currency=self.lines[0].currency)


class OrderLine(Base):
    __tablename__ = "order_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    sku: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int]
    unit_price_amount: Mapped[Decimal] = mapped_column("unit_price", Numeric(12, 2))
    currency: Mapped[str] = mapped_column(String(3))

    @property
    def unit_price(self) -> "Money":
        return Money(amount=f"{self.unit_price_amount:.2f}", currency=self.currency)


class Job(Base):
    __tablename__ = "jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(128))
    payload: Mapped[dict[str, str]] = mapped_column(JSONB)
    owner: Mapped[str] = mapped_column(String(255))
    request_id: Mapped[str] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


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


engine = create_async_engine(
    make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg"),
    pool_size=POOL_SIZE,
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    yield
    await engine.dispose()


async def provide_session() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Session = NamedDependency[AsyncSession]


@get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@get("/api/v1/orders/{order_id:uuid}")
async def get_order(order_id: FromPath[UUID], session: Session) -> PlacedOrder:
    order = await session.get(Order, order_id, options=[selectinload(Order.lines)])
    if order is None:
        raise NotFoundException
    return placed(order)


@get("/api/v1/orders")
async def list_orders(
    session: Session, limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20
) -> OrderPage:
    newest = select(Order).order_by(Order.created_at.desc(), Order.id.desc()).limit(limit)
    orders = await session.scalars(newest.options(selectinload(Order.lines)))
    return OrderPage(items=[placed(order) for order in orders])


@post("/api/v1/orders")
async def place_order(data: NewOrder, session: Session) -> PlacedOrder:
    now = datetime.now(UTC)
    order = Order(
        owner="anonymous",
        status="pending",
        note=data.note,
        created_at=now,
        updated_at=now,
        version=1,
        lines=[
            OrderLine(
                position=position,
                sku=line.sku,
                quantity=line.quantity,
                unit_price_amount=Decimal(line.unit_price.amount),
                currency=line.unit_price.currency,
            )
            for position, line in enumerate(data.lines)
        ],
    )
    session.add(order)
    if QUEUE:
        await session.flush()
        session.add(confirmation_of(order))
        await session.commit()
        return placed(order)
    await session.commit()
    if await is_paid(order):
        order.status = "confirmed"
        order.updated_at = datetime.now(UTC)
        order.version += 1
        await session.commit()
    return placed(order)


def placed(order: Order) -> PlacedOrder:
    return convert(order, PlacedOrder, from_attributes=True)


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


app = Litestar(
    [health, get_order, list_orders, place_order],
    dependencies={"session": Provide(provide_session)},
    lifespan=[lifespan],
)
