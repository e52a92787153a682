"""The orders example as Django's documentation would have it, and nothing more.

It works on the tables that the rendered service has migrated, and answers the same documents.
With FLOOR_QUEUE set an order is left to a job, whose row is written with it; else it is confirmed
at once.
"""

import os
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import unquote, urlsplit
from uuid import UUID

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from uuid_utils.compat import uuid7

POOL_SIZE = 5
QUEUE = bool(os.environ.get("FLOOR_QUEUE"))


def database() -> dict[str, object]:
    url = urlsplit(os.environ["DATABASE_URL"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.removeprefix("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or unquote(url.query.removeprefix("host=")),
        "PORT": url.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": POOL_SIZE}},
    }


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database()},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    USE_I18N=False,
)
django.setup(set_prefix=False)


class Order(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.CharField(max_length=255)
    status = models.CharField(max_length=16)
    note = models.CharField(max_length=500, null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.IntegerField()

    class Meta:
        app_label = "floor"
        db_table = "orders"
        ordering = ["-created_at", "-id"]


class OrderLine(models.Model):
    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.SmallIntegerField()
    sku = models.CharField(max_length=64)
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        app_label = "floor"
        db_table = "order_lines"
        ordering = ["position"]


class Job(models.Model):
    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=128)
    payload = models.JSONField()
    owner = models.CharField(max_length=255)
    request_id = models.CharField(max_length=128)
    status = models.CharField(max_length=16)
    attempts = models.SmallIntegerField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "floor"
        db_table = "jobs"


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


LIMIT = TypeAdapter(int)


def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def get_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = get_object_or_404(Order, pk=order_id)
    return answer(placed(order, list(order.lines.all())))


@require_http_methods(["GET", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    return place_order(request) if request.method == "POST" else list_orders(request)


def list_orders(request: HttpRequest) -> HttpResponse:
    limit = LIMIT.validate_python(request.GET.get("limit", 20))
    newest = Order.objects.prefetch_related("lines")[:limit]
    return answer(OrderPage(items=[placed(order, list(order.lines.all())) for order in newest]))


def place_order(request: HttpRequest) -> HttpResponse:
    new = NewOrder.model_validate_json(request.body)
    now = datetime.now(UTC)
    with transaction.atomic():
        order = Order.objects.create(
            owner="anonymous",
            status="pending",
            note=new.note,
            created_at=now,
            updated_at=now,
            version=1,
        )
        lines = OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                position=position,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=Decimal(line.unit_price.amount),
                currency=line.unit_price.currency,
            )
            for position, line in enumerate(new.lines)
        )
        if QUEUE:
            leave_to_a_job(order)
    if not QUEUE and is_paid(order):
        order.status = "confirmed"
        order.updated_at = datetime.now(UTC)
        order.version += 1
        order.save(update_fields=["status", "updated_at", "version"])
    return answer(placed(order, lines), 201)


urlpatterns = [
    path("health", health),
    path("api/v1/orders", orders),
    path("api/v1/orders/<uuid:order_id>", get_order),
]
app = get_wsgi_application()


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


def answer(body: BaseModel, status: int = 200) -> HttpResponse:
    return HttpResponse(body.model_dump_json(), "application/json", status)


def is_paid(order: Order) -> bool:
    return True


def leave_to_a_job(order: Order) -> None:
    Job.objects.create(
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
