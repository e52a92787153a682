"""Metrics of requests: none."""


def record_request(method: str, route: str | None, status: int, seconds: float) -> None: ...
