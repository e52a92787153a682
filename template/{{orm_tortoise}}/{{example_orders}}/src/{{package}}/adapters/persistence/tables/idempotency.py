"""The table of idempotency records."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class IdempotencyRow(Model):
    scope = fields.CharField(max_length=64, primary_key=True)
    fingerprint = fields.CharField(max_length=64)
    result = fields.TextField()
    settles_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "idempotency_records"
        indexes = (Index(fields=("expires_at",), name="ix_idempotency_records_expires_at"),)
