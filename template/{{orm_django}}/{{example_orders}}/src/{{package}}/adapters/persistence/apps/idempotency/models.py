"""The table of idempotency records."""

from django.db import models


class IdempotencyRow(models.Model):
    scope = models.CharField(max_length=64, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    result = models.TextField()
    settles_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "idempotency_records"

    def __str__(self) -> str:
        return self.scope
