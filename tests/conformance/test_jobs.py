"""Background work: its state over HTTP, and what it does to an order."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from .answers import without
from .orders import MISSING_ID, PlaceOrder, expect_order, order_path, unique
from .responses import expect_invalid, expect_problem, expect_success

JOBS = "/api/v1/jobs"
STATUSES = {"queued", "running", "succeeded", "failed", "dead"}
MEMBERS = {"id", "kind", "status", "attempts", "created_at", "updated_at"}
SECONDS = 30.0

queued = pytest.mark.needs(queue=without("none"))
with_orders = pytest.mark.needs(queue=without("none"), example=True)


def _job(client: httpx.Client, order: dict[str, Any]) -> dict[str, Any]:
    job = expect_success(client.get(order["confirmation_job"]["href"])).json()
    assert set(job) == MEMBERS
    assert job["id"] == order["confirmation_job"]["id"]
    assert job["status"] in STATUSES
    assert type(job["attempts"]) is int
    assert job["attempts"] >= 0
    assert isinstance(job["kind"], str)
    assert job["created_at"] <= job["updated_at"]
    return job  # type: ignore[no-any-return]


def _eventually(
    ask: Callable[[], dict[str, Any]], holds: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    deadline = time.monotonic() + SECONDS
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)
    return answer


@pytest.mark.needs(queue="none")
def test_without_a_queue_there_are_no_jobs(client: httpx.Client) -> None:
    expect_problem(client.get(f"{JOBS}/{MISSING_ID}"), 404, "not_found")


@queued
def test_an_id_of_no_job_is_not_found(client: httpx.Client) -> None:
    expect_problem(client.get(f"{JOBS}/{MISSING_ID}"), 404, "job_not_found")


@queued
@pytest.mark.parametrize("job_id", ["abc", "1", MISSING_ID[:-1], MISSING_ID.replace("-", "")])
def test_a_malformed_job_id_is_refused(client: httpx.Client, job_id: str) -> None:
    expect_invalid(client.get(f"{JOBS}/{job_id}"), "path", "/job_id")


@queued
def test_jobs_are_read_and_nothing_else(client: httpx.Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = client.request(method, f"{JOBS}/{MISSING_ID}")
        expect_problem(response, 405, "method_not_allowed")
    expect_problem(client.get(JOBS), 404, "not_found")


@with_orders
def test_an_order_names_the_job_that_confirms_it(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    named = order["confirmation_job"]
    assert set(named) == {"id", "href"}
    assert str(UUID(named["id"])) == named["id"]
    assert named["href"] == f"{JOBS}/{named['id']}"
    assert expect_success(client.get(order_path(order))).json()["confirmation_job"] == named


@with_orders
@pytest.mark.parametrize("status", ["confirmed", "declined"])
def test_a_job_that_asked_the_gateway_has_succeeded(
    client: httpx.Client, place_order: PlaceOrder, status: str
) -> None:
    order = place_order(status=status)
    job = _eventually(lambda: _job(client, order), lambda job: job["status"] == "succeeded")
    assert job["attempts"] == 1


@with_orders
def test_a_job_that_finds_no_gateway_fails_and_will_be_tried_again(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    job = _eventually(lambda: _job(client, order), lambda job: job["status"] == "failed")
    assert job["attempts"] >= 1
    again = _eventually(lambda: _job(client, order), lambda now: now["attempts"] > job["attempts"])
    assert again["updated_at"] > job["updated_at"]
    assert expect_success(client.get(order_path(order))).json() == order


@with_orders
def test_the_job_of_a_cancelled_order_leaves_it_cancelled(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order(note=unique())
    response = expect_success(client.post(order_path(order) + "/cancel"))
    cancelled = expect_order(response)
    _eventually(lambda: _job(client, order), lambda job: job["status"] == "succeeded")
    assert expect_success(client.get(order_path(order))).json() == cancelled


@queued
def test_a_job_is_documented(client: httpx.Client) -> None:
    document = expect_success(client.get("/openapi.json")).json()
    operation = document["paths"][f"{JOBS}/{{job_id}}"]["get"]
    assert operation["operationId"] == "get_job"
    assert set(operation["responses"]) >= {"200", "404", "422", "429"}
