"""Outcomes and backlog of jobs, for Prometheus."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

__all__ = ["record_job", "set_backlog"]

# What waits, or waits for somebody to look. Those that succeeded are no backlog.
STATUSES: Final = ("queued", "running", "failed", "dead")

ATTEMPTS: Final = Counter("job_attempts_total", "Attempts at jobs, by what became of them.", ["kind", "outcome"])
DURATION: Final = Histogram(
    "job_duration_seconds",
    "Time that an attempt took.",
    ["kind"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60),
)
BACKLOG: Final = Gauge("job_backlog", "Jobs there are, by status.", ["status"], multiprocess_mode="livemostrecent")


def record_job(kind: str, outcome: str, seconds: float) -> None:
    """Count an attempt; `outcome` is the status that the job has after it."""
    ATTEMPTS.labels(kind, outcome).inc()
    DURATION.labels(kind).observe(seconds)


def set_backlog(counts: Mapping[str, int]) -> None:
    """Say how many jobs there are of each status. What is not said is none."""
    for status in STATUSES:
        BACKLOG.labels(status).set(counts.get(status, 0))
