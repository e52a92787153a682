"""Orders in the admin: read, and changed by use cases only."""

from typing import Any

import httpx2
import pytest

from tests.http.expectations import expect_problem
from tests.http.orders import place, read
from tests.http.staff import logged_in, token_in
from tests.sql import Sql

PAGES = "/admin/orders/orderrow"


@pytest.fixture
def order(client: httpx2.Client) -> dict[str, Any]:
    return place(client)


@pytest.fixture
def staff(client: httpx2.Client, database: Sql) -> httpx2.Client:
    """A client that has logged in."""
    return logged_in(client, database)


def ask_to_cancel(staff: httpx2.Client, selected: str) -> httpx2.Response:
    token = token_in(staff.get(f"{PAGES}/"))
    form = {"action": "cancel", "_selected_action": selected, "csrfmiddlewaretoken": token}
    return staff.post(f"{PAGES}/", data=form)


def cancel(staff: httpx2.Client, order: dict[str, Any]) -> httpx2.Response:
    ask_to_cancel(staff, order["id"])
    return staff.get(f"{PAGES}/")


def test_orders_are_listed_and_shown_with_their_lines(staff: httpx2.Client, order: dict[str, Any]) -> None:
    assert order["id"] in staff.get(f"{PAGES}/").text
    page = staff.get(f"{PAGES}/{order['id']}/change/")
    assert page.status_code == 200
    assert order["lines"][0]["sku"] in page.text
    assert order["lines"][0]["unit_price"]["amount"] in page.text


def test_orders_are_found_by_their_owner(staff: httpx2.Client, order: dict[str, Any]) -> None:
    assert order["id"] not in staff.get(f"{PAGES}/?q=nobody-of-that-name").text


@pytest.mark.parametrize("page", ["add/", "{id}/delete/"])
def test_orders_are_neither_added_nor_deleted(staff: httpx2.Client, order: dict[str, Any], page: str) -> None:
    assert staff.get(f"{PAGES}/{page.format(**order)}").status_code == 403


def test_an_order_can_not_be_changed_there(staff: httpx2.Client, order: dict[str, Any]) -> None:
    path = f"{PAGES}/{order['id']}/change/"
    form = {"note": "changed", "csrfmiddlewaretoken": token_in(staff.get(f"{PAGES}/"))}
    assert staff.post(path, data=form).status_code == 403
    assert read(staff, order) == order


def test_an_order_is_cancelled_by_the_use_case(staff: httpx2.Client, order: dict[str, Any]) -> None:
    assert f"{order['id']} is cancelled." in cancel(staff, order).text
    assert "Cancelled." in staff.get(f"{PAGES}/{order['id']}/history/").text
    cancelled = read(staff, order)
    assert cancelled["status"] == "cancelled"
    assert cancelled["version"] == order["version"] + 1


def test_what_is_no_order_can_not_be_cancelled(staff: httpx2.Client, order: dict[str, Any]) -> None:
    expect_problem(ask_to_cancel(staff, "zz"), 400, "bad_request")


def test_what_was_done_is_told_without_a_cookie_for_the_api(staff: httpx2.Client, order: dict[str, Any]) -> None:
    ask_to_cancel(staff, order["id"])
    assert {cookie.path for cookie in staff.cookies.jar} == {"/admin/"}


def test_to_look_at_orders_is_not_to_cancel_them(client: httpx2.Client, database: Sql, order: dict[str, Any]) -> None:
    onlooker = logged_in(client, database, "view_orderrow")
    assert order["id"] in cancel(onlooker, order).text
    assert read(client, order) == order


def test_who_may_change_orders_may_cancel_them(client: httpx2.Client, database: Sql, order: dict[str, Any]) -> None:
    staff = logged_in(client, database, "view_orderrow", "change_orderrow")
    assert f"{order['id']} is cancelled." in cancel(staff, order).text


def test_what_the_use_case_refuses_is_refused_there(staff: httpx2.Client, order: dict[str, Any]) -> None:
    cancel(staff, order)
    assert f"{order['id']}: OrderNotCancellable" in cancel(staff, order).text
