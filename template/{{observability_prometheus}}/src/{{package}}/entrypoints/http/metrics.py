"""Rate, errors and duration of requests, counted for Prometheus."""

from functools import cache
from http import HTTPMethod
from typing import Final

from prometheus_client import Counter, Histogram

METHODS: Final = frozenset(HTTPMethod.__members__)

REQUESTS: Final = Counter("http_requests_total", "Requests that were answered.", ["method", "route", "status"])
DURATION: Final = Histogram(
    "http_request_duration_seconds",
    "Time from the head of a request to the end of its response.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def record_request(method: str, route: str | None, status: int, seconds: float) -> None:
    """Count a request under the template of its route, so that no client can add a series."""
    requests, duration = _series(method if method in METHODS else "other", route or "none", status)
    requests.inc()
    duration.observe(seconds)


@cache
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Bind labels once; looking them up costs more than counting."""
    return REQUESTS.labels(method, route, str(status)), DURATION.labels(method, route)
