"""Add idempotency records."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="IdempotencyRow",
            fields=[
                ("scope", fields.CharField(primary_key=True, max_length=64)),
                ("fingerprint", fields.CharField(max_length=64)),
                ("result", fields.TextField()),
                ("settles_at", fields.DatetimeField(null=True)),
                ("expires_at", fields.DatetimeField()),
            ],
            options={
                "table": "idempotency_records",
                "app": "idempotency",
                "indexes": [Index(fields=["expires_at"], name="ix_idempotency_records_expires_at")],
                "pk_attr": "scope",
            },
        ),
        ops.RunSQL(
            "ALTER TABLE idempotency_records RENAME CONSTRAINT idempotency_records_pkey TO pk_idempotency_records",
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
