"""The tables of orders."""

from django.db import models


class OrderRow(models.Model):
    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=255)
    status = models.CharField(max_length=16)
    note = models.CharField(max_length=500, null=True)  # noqa: DJ001
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.IntegerField()

    class Meta:
        db_table = "orders"
        verbose_name = "order"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=("pending", "confirmed", "declined", "cancelled")),
                name="ck_orders_status",
            ),
        )
        indexes = (
            models.Index(fields=("created_at", "id"), name="ix_orders_created_at_id"),
            models.Index(fields=("owner", "created_at", "id"), name="ix_orders_owner_created_at_id"),
        )

    def __str__(self) -> str:
        return str(self.id)


class OrderLineRow(models.Model):
    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(OrderRow, models.CASCADE, related_name="lines", db_index=False)
    position = models.SmallIntegerField()
    sku = models.CharField(max_length=64)
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "order_lines"
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="ck_order_lines_quantity"),
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="ck_order_lines_unit_price"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"
