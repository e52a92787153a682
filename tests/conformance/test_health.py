"""Liveness touches nothing; readiness names what it checked."""

import httpx
import pytest

from .answers import without
from .responses import expect_problem, expect_success


def test_health_is_ok(client: httpx.Client) -> None:
    assert expect_success(client.get("/health")).json() == {"status": "ok"}


def test_ready_says_that_the_database_answers(client: httpx.Client) -> None:
    body = expect_success(client.get("/ready")).json()
    assert set(body) == {"status", "checks"}
    assert body["status"] == "ready"
    assert body["checks"]["database"] == "ok"


@pytest.mark.needs(queue=("none", "procrastinate"))
def test_ready_checks_nothing_but_the_database(client: httpx.Client) -> None:
    assert client.get("/ready").json()["checks"] == {"database": "ok"}


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_probes_are_answered_whatever_the_query_says(client: httpx.Client, path: str) -> None:
    expect_success(client.get(path, params={"cache": "buster"}))


@pytest.mark.parametrize("charset", ["utf-16", "hex"])
def test_probes_are_answered_whatever_the_charset(client: httpx.Client, charset: str) -> None:
    headers = {"Content-Type": f"x/y;charset={charset}"}
    expect_success(client.get("/health?a=b", headers=headers))


@pytest.mark.needs(observability=without("prometheus"))
def test_there_are_no_metrics_unless_asked_for(client: httpx.Client) -> None:
    expect_problem(client.get("/metrics"), 404, "not_found")
