"""Add jobs, and the signal that there are new ones."""

from django.db import migrations, models

CREATE = """
    CREATE TABLE jobs (
        id uuid NOT NULL,
        kind varchar(128) NOT NULL,
        payload jsonb NOT NULL,
        owner varchar(255) NOT NULL,
        request_id varchar(128) NOT NULL,
        traceparent varchar(64),
        status varchar(16) NOT NULL,
        attempts smallint NOT NULL,
        error varchar(500),
        lease_until timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_jobs PRIMARY KEY (id),
        CONSTRAINT ck_jobs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'dead'))
    );
    CREATE INDEX ix_jobs_lease_until ON jobs (lease_until) WHERE lease_until IS NOT NULL;
    CREATE INDEX ix_jobs_status_updated_at ON jobs (status, updated_at);
    CREATE FUNCTION signal_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NOTIFY jobs;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER signal_jobs AFTER INSERT ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION signal_jobs();
"""
DROP = """
    DROP TABLE jobs;
    DROP FUNCTION signal_jobs();
"""


class Migration(migrations.Migration):
    # In SQL: keys and names are as they are meant to be, and models know no triggers.
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    "JobRow",
                    [
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=128)),
                        ("payload", models.JSONField()),
                        ("owner", models.CharField(max_length=255)),
                        ("request_id", models.CharField(max_length=128)),
                        ("traceparent", models.CharField(max_length=64, null=True)),
                        ("status", models.CharField(max_length=16)),
                        ("attempts", models.SmallIntegerField()),
                        ("error", models.CharField(max_length=500, null=True)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                    ],
                    {
                        "db_table": "jobs",
                        "indexes": [
                            models.Index(
                                fields=["lease_until"],
                                name="ix_jobs_lease_until",
                                condition=models.Q(lease_until__isnull=False),
                            ),
                            models.Index(fields=["status", "updated_at"], name="ix_jobs_status_updated_at"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(status__in=("queued", "running", "succeeded", "failed", "dead")),
                                name="ck_jobs_status",
                            )
                        ],
                    },
                )
            ],
        )
    ]
