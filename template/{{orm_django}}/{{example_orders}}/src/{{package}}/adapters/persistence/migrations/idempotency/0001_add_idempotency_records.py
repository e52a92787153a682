"""Add idempotency records."""

from django.db import migrations, models

CREATE = """
    CREATE TABLE idempotency_records (
        scope varchar(64) NOT NULL,
        fingerprint varchar(64) NOT NULL,
        result text NOT NULL,
        settles_at timestamptz,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_idempotency_records PRIMARY KEY (scope)
    );
    CREATE INDEX ix_idempotency_records_expires_at ON idempotency_records (expires_at);
"""
DROP = "DROP TABLE idempotency_records"


class Migration(migrations.Migration):
    # In SQL: keys and names are as they are meant to be.
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    "IdempotencyRow",
                    [
                        ("scope", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("result", models.TextField()),
                        ("settles_at", models.DateTimeField(null=True)),
                        ("expires_at", models.DateTimeField(db_index=True)),
                    ],
                    {"db_table": "idempotency_records"},
                )
            ],
        )
    ]
