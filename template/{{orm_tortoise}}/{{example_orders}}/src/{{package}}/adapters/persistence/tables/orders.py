"""The tables of orders."""

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class OrderRow(Model):
    id = fields.UUIDField(primary_key=True)
    owner = fields.CharField(max_length=255)
    status = fields.CharField(max_length=16)
    note = fields.CharField(max_length=500, null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField()
    lines: fields.ReverseRelation["OrderLineRow"]

    class Meta:
        table = "orders"
        constraints = (
            CheckConstraint("status IN ('pending', 'confirmed', 'declined', 'cancelled')", name="ck_orders_status"),
        )
        indexes = (
            Index(fields=("created_at", "id"), name="ix_orders_created_at_id"),
            Index(fields=("owner", "created_at", "id"), name="ix_orders_owner_created_at_id"),
        )


# Its key is its order and its position. Tortoise knows no key of several columns, so the migration makes it, and lines
# are found by their order alone.
class OrderLineRow(Model):
    order: fields.ForeignKeyRelation[OrderRow] = fields.ForeignKeyField("orders.OrderRow", related_name="lines")
    order_id: UUID
    position = fields.SmallIntField(primary_key=True, generated=False)
    sku = fields.CharField(max_length=64)
    quantity = fields.IntField()
    unit_price = fields.DecimalField(max_digits=12, decimal_places=2)
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "order_lines"
        ordering = ("position",)
        constraints = (
            CheckConstraint("quantity > 0", name="ck_order_lines_quantity"),
            CheckConstraint("unit_price >= 0", name="ck_order_lines_unit_price"),
        )
