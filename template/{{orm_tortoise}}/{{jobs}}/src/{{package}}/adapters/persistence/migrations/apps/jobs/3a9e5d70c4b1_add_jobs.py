"""Add jobs, and the signal that there are new ones."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="JobRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("kind", fields.CharField(max_length=128)),
                ("payload", fields.JSONField()),
                ("owner", fields.CharField(max_length=255)),
                ("request_id", fields.CharField(max_length=128)),
                ("traceparent", fields.CharField(null=True, max_length=64)),
                ("status", fields.CharField(max_length=16)),
                ("attempts", fields.SmallIntField()),
                ("error", fields.CharField(null=True, max_length=500)),
                ("lease_until", fields.DatetimeField(null=True)),
                ("created_at", fields.DatetimeField()),
                ("updated_at", fields.DatetimeField()),
            ],
            options={
                "table": "jobs",
                "app": "jobs",
                "indexes": [Index(fields=["status", "updated_at"], name="ix_jobs_status_updated_at")],
                "pk_attr": "id",
            },
        ),
        ops.AddConstraint(
            "JobRow",
            CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'dead')", name="ck_jobs_status"),
        ),
        ops.RunSQL(
            [
                "ALTER TABLE jobs RENAME CONSTRAINT jobs_pkey TO pk_jobs",
                "CREATE INDEX ix_jobs_lease_until ON jobs (lease_until) WHERE lease_until IS NOT NULL",
            ],
            reverse_sql=ops.RunSQL.noop,
        ),
        ops.RunSQL(
            [
                """
        CREATE FUNCTION signal_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NOTIFY jobs;
            RETURN NULL;
        END
        $$
    """,
                """
        CREATE TRIGGER signal_jobs AFTER INSERT ON jobs
        FOR EACH STATEMENT EXECUTE FUNCTION signal_jobs()
    """,
            ],
            reverse_sql=["DROP TRIGGER signal_jobs ON jobs", "DROP FUNCTION signal_jobs()"],
        ),
    ]
