"""Add orders and their lines."""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
    CREATE TABLE orders (
        id uuid NOT NULL,
        owner varchar(255) NOT NULL,
        status varchar(16) NOT NULL,
        note varchar(500),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_orders PRIMARY KEY (id),
        CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'confirmed', 'declined', 'cancelled'))
    );
    CREATE INDEX ix_orders_created_at_id ON orders (created_at, id);
    CREATE INDEX ix_orders_owner_created_at_id ON orders (owner, created_at, id);
    CREATE TABLE order_lines (
        order_id uuid NOT NULL,
        position smallint NOT NULL,
        sku varchar(64) NOT NULL,
        quantity integer NOT NULL,
        unit_price numeric(12, 2) NOT NULL,
        currency varchar(3) NOT NULL,
        CONSTRAINT pk_order_lines PRIMARY KEY (order_id, position),
        CONSTRAINT fk_order_lines_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
        CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0),
        CONSTRAINT ck_order_lines_unit_price CHECK (unit_price >= 0)
    );
"""
DROP = "DROP TABLE order_lines, orders"


class Migration(migrations.Migration):
    # In SQL: keys and names are as they are meant to be, and a foreign key cascades in the database.
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    "OrderRow",
                    [
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("owner", models.CharField(max_length=255)),
                        ("status", models.CharField(max_length=16)),
                        ("note", models.CharField(max_length=500, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        ("version", models.IntegerField()),
                    ],
                    {
                        "verbose_name": "order",
                        "db_table": "orders",
                        "indexes": [
                            models.Index(fields=["created_at", "id"], name="ix_orders_created_at_id"),
                            models.Index(fields=["owner", "created_at", "id"], name="ix_orders_owner_created_at_id"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(status__in=("pending", "confirmed", "declined", "cancelled")),
                                name="ck_orders_status",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    "OrderLineRow",
                    [
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "order_id",
                                "position",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("position", models.SmallIntegerField()),
                        ("sku", models.CharField(max_length=64)),
                        ("quantity", models.IntegerField()),
                        ("unit_price", models.DecimalField(decimal_places=2, max_digits=12)),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "order",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.orderrow",
                            ),
                        ),
                    ],
                    {
                        "db_table": "order_lines",
                        "ordering": ("position",),
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="ck_order_lines_quantity"),
                            models.CheckConstraint(
                                condition=models.Q(unit_price__gte=0), name="ck_order_lines_unit_price"
                            ),
                        ],
                    },
                ),
            ],
        )
    ]
