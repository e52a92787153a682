"""The migrations of idempotency records."""
