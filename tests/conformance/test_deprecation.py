"""An operation that goes away says so (RFC 9745, RFC 8594)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from .orders import MISSING_ID, ORDERS, PlaceOrder, order_path
from .responses import expect_problem, expect_success, only

pytestmark = pytest.mark.needs(example=True)


def _deprecated_at(response: httpx.Response) -> datetime:
    match = re.fullmatch(r"@(\d+)", only(response, "Deprecation"))
    assert match
    return datetime.fromtimestamp(int(match[1]), UTC)


@pytest.mark.parametrize("status", ["pending", "confirmed", "declined"])
def test_the_status_of_an_order_is_still_answered(
    client: httpx.Client, place_order: PlaceOrder, status: str
) -> None:
    response = client.get(order_path(place_order(status=status)) + "/status")
    assert expect_success(response).json() == {"status": status}


def test_a_deprecated_operation_names_its_end(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    response = client.get(order_path(place_order()) + "/status")
    sunset = only(response, "Sunset")
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", sunset)
    assert _deprecated_at(response) < parsedate_to_datetime(sunset)


def test_the_status_of_no_order_is_not_found(client: httpx.Client) -> None:
    expect_problem(client.get(f"{ORDERS}/{MISSING_ID}/status"), 404, "order_not_found")


@pytest.mark.parametrize(("order_id", "status"), [(MISSING_ID, 404), ("7", 422)])
def test_a_deprecated_operation_names_its_end_where_it_refuses(
    client: httpx.Client, order_id: str, status: int
) -> None:
    response = client.get(f"{ORDERS}/{order_id}/status")
    assert response.status_code == status
    assert _deprecated_at(response) < parsedate_to_datetime(only(response, "Sunset"))


@pytest.mark.needs(auth="jwt", example=True)
def test_a_deprecated_operation_names_its_end_to_strangers(base_url: str) -> None:
    response = httpx.get(f"{base_url}{ORDERS}/{MISSING_ID}/status")
    expect_problem(response, 401, "unauthenticated")
    assert only(response, "Deprecation")
    assert only(response, "Sunset")


def test_other_operations_are_not_deprecated(client: httpx.Client, place_order: PlaceOrder) -> None:
    for path in (ORDERS, order_path(place_order())):
        headers = client.get(path).headers
        assert "Deprecation" not in headers
        assert "Sunset" not in headers


def test_only_the_status_is_marked_in_the_document(document: dict[str, Any]) -> None:
    deprecated = {
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if operation.get("deprecated")
    }
    assert deprecated == {"get_order_status"}
