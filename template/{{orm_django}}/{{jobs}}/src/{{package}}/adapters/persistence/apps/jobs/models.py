"""The table of jobs: outbox, state, lease and dead letters in one."""

from django.db import models


class JobRow(models.Model):
    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=128)
    payload = models.JSONField()
    owner = models.CharField(max_length=255)
    request_id = models.CharField(max_length=128)
    traceparent = models.CharField(max_length=64, null=True)  # noqa: DJ001
    status = models.CharField(max_length=16)
    attempts = models.SmallIntegerField()
    error = models.CharField(max_length=500, null=True)  # noqa: DJ001
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "jobs"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=("queued", "running", "succeeded", "failed", "dead")),
                name="ck_jobs_status",
            ),
        )
        indexes = (
            # What has no lease is over, and nobody looks for it.
            models.Index(
                fields=("lease_until",), name="ix_jobs_lease_until", condition=models.Q(lease_until__isnull=False)
            ),
            models.Index(fields=("status", "updated_at"), name="ix_jobs_status_updated_at"),
        )

    def __str__(self) -> str:
        return str(self.id)
