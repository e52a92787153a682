"""Metrics of jobs: none."""

from collections.abc import Mapping


def record_job(kind: str, outcome: str, seconds: float) -> None: ...


def set_backlog(counts: Mapping[str, int]) -> None: ...
