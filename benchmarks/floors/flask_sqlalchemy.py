"""The orders example as Flask's and SQLAlchemy's documentation would have it, and nothing more.

It works on the tables that the rendered service has migrated, and answers the same documents.
With FLOOR_QUEUE set an order is left to a job, whose row is written with it; else it is confirmed
at once.
"""

import os
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from flask import Flask, Response, abort, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import (
    DateTime,
    ForeignKey,
    Numeric,
    SmallInteger,
    String,
    create_engine,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)
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


class Money(BaseModel):
    amount: str = Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Line(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    sku: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    quantity: int = Field(ge=1, le=1000)
    unit_price: Money


class NewOrder(BaseModel):
    lines: list[Line] = Field(min_length=1, max_length=100)
    note: str | None = Field(None, max_length=500)


class PlacedOrder(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: str
    lines: list[Line]
    total: Money
    note: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class OrderPage(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    items: list[PlacedOrder]


LIMIT = TypeAdapter(int)

engine = create_engine(
    make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg"),
    pool_size=POOL_SIZE,
    max_overflow=0,
)
new_session = sessionmaker(engine, expire_on_commit=False)
app = Flask(__name__)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/orders/<uuid:order_id>")
def get_order(order_id: UUID) -> Response:
    with new_session() as session:
        order = session.get(Order, order_id, options=[selectinload(Order.lines)])
    if order is None:
        abort(404)
    return answer(PlacedOrder.model_validate(order))


@app.get("/api/v1/orders")
def list_orders() -> Response:
    limit = LIMIT.validate_python(request.args.get("limit", 20))
    newest = select(Order).order_by(Order.created_at.desc(), Order.id.desc()).limit(limit)
    with new_session() as session:
        orders = session.scalars(newest.options(selectinload(Order.lines))).all()
    return answer(OrderPage.model_validate({"items": orders}))


@app.post("/api/v1/orders")
def place_order() -> Response:
    new = NewOrder.model_validate(request.get_json())
    now = datetime.now(UTC)
    order = Order(
        owner="anonymous",
        status="pending",
        note=new.note,
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
            for position, line in enumerate(new.lines)
        ],
    )
    with new_session() as session:
        session.add(order)
        if QUEUE:
            session.flush()
            session.add(confirmation_of(order))
            session.commit()
        else:
            session.commit()
            if is_paid(order):
                order.status = "confirmed"
                order.updated_at = datetime.now(UTC)
                order.version += 1
                session.commit()
    return answer(PlacedOrder.model_validate(order), 201)


def answer(body: BaseModel, status: int = 200) -> Response:
    return Response(body.model_dump_json(), status, mimetype="application/json")


def is_paid(order: Order) -> bool:
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
