"""Settings of idempotency."""

from pydantic import BaseModel, Field


class IdempotencySettings(BaseModel):
    idempotency_ttl_hours: float = Field(24, gt=0, le=8760)
