"""Add orders and their lines."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="OrderRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("owner", fields.CharField(max_length=255)),
                ("status", fields.CharField(max_length=16)),
                ("note", fields.CharField(null=True, max_length=500)),
                ("created_at", fields.DatetimeField()),
                ("updated_at", fields.DatetimeField()),
                ("version", fields.IntField()),
            ],
            options={
                "table": "orders",
                "app": "orders",
                "indexes": [
                    Index(fields=["created_at", "id"], name="ix_orders_created_at_id"),
                    Index(fields=["owner", "created_at", "id"], name="ix_orders_owner_created_at_id"),
                ],
                "pk_attr": "id",
            },
        ),
        ops.AddConstraint(
            "OrderRow",
            CheckConstraint("status IN ('pending', 'confirmed', 'declined', 'cancelled')", name="ck_orders_status"),
        ),
        ops.CreateModel(
            name="OrderLineRow",
            fields=[
                (
                    "order",
                    fields.ForeignKeyField(
                        "orders.OrderRow", source_field="order_id", related_name="lines", on_delete=fields.CASCADE
                    ),
                ),
                ("position", fields.SmallIntField(primary_key=True, generated=False)),
                ("sku", fields.CharField(max_length=64)),
                ("quantity", fields.IntField()),
                ("unit_price", fields.DecimalField(max_digits=12, decimal_places=2)),
                ("currency", fields.CharField(max_length=3)),
            ],
            options={"table": "order_lines", "app": "orders", "pk_attr": "position"},
        ),
        ops.AddConstraint("OrderLineRow", CheckConstraint("quantity > 0", name="ck_order_lines_quantity")),
        ops.AddConstraint("OrderLineRow", CheckConstraint("unit_price >= 0", name="ck_order_lines_unit_price")),
        ops.RunSQL(
            [
                "ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO pk_orders",
                "ALTER TABLE order_lines DROP CONSTRAINT order_lines_pkey",
                "ALTER TABLE order_lines ADD CONSTRAINT pk_order_lines PRIMARY KEY (order_id, position)",
                """ALTER TABLE order_lines
                RENAME CONSTRAINT order_lines_order_id_fkey TO fk_order_lines_order_id_orders""",
            ],
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
