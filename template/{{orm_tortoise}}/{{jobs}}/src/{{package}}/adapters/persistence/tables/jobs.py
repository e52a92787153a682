"""The table of jobs: outbox, state, lease and dead letters in one."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class JobRow(Model):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=128)
    payload: fields.JSONField[dict[str, str]] = fields.JSONField()
    owner = fields.CharField(max_length=255)
    request_id = fields.CharField(max_length=128)
    traceparent = fields.CharField(max_length=64, null=True)
    status = fields.CharField(max_length=16)
    attempts = fields.SmallIntField()
    error = fields.CharField(max_length=500, null=True)
    # An index of the migration's own finds it, without those that have no lease: nobody looks for what is over.
    lease_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "jobs"
        constraints = (
            CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'dead')", name="ck_jobs_status"),
        )
        indexes = (Index(fields=("status", "updated_at"), name="ix_jobs_status_updated_at"),)
