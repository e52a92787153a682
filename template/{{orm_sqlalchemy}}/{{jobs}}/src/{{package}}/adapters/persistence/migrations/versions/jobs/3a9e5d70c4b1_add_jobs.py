"""Add jobs, and the signal that there are new ones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "3a9e5d70c4b1"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = ("jobs",)
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(128), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("request_id", sa.String(128), nullable=False),
        sa.Column("traceparent", sa.String(64), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.String(500), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'dead')", name=op.f("ck_jobs_status")
        ),
    )
    op.create_index("ix_jobs_lease_until", "jobs", ["lease_until"], postgresql_where=sa.text("lease_until IS NOT NULL"))
    op.create_index("ix_jobs_status_updated_at", "jobs", ["status", "updated_at"])
    op.execute("""
        CREATE FUNCTION signal_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NOTIFY jobs;
            RETURN NULL;
        END
        $$
    """)
    op.execute("""
        CREATE TRIGGER signal_jobs AFTER INSERT ON jobs
        FOR EACH STATEMENT EXECUTE FUNCTION signal_jobs()
    """)


def downgrade() -> None:
    op.drop_table("jobs")
    op.execute("DROP FUNCTION signal_jobs()")
