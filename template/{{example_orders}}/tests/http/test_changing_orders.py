from typing import Any

import httpx2
import pytest

from tests.http.expectations import expect_invalid, expect_problem
from tests.http.orders import CONFIRMED, NOBODYS, ORDERS, line, path_of, place, read

SEEN = {"If-Match": '"1"'}


async def test_a_note_is_changed_and_the_rest_stays(client: httpx2.AsyncClient) -> None:
    order = await place(client, note="before")
    response = await client.patch(path_of(order), json={"note": "after"}, headers=SEEN)
    changed = response.json()
    assert response.status_code == 200
    assert response.headers["ETag"] == '"2"'
    assert changed["updated_at"] > order["updated_at"]
    assert changed == {
        **order, "note": "after", "version": 2, "updated_at": changed["updated_at"],
    }  # fmt: skip
    assert await read(client, order) == changed


async def test_lines_are_replaced_and_the_total_with_them(client: httpx2.AsyncClient) -> None:
    order = await place(client, note="stays")
    lines = [line("1.00", sku="b"), line("2.00", sku="a", quantity=2)]
    await client.patch(path_of(order), json={"lines": lines}, headers=SEEN)
    found = await read(client, order)
    assert found["lines"] == lines
    assert found["total"]["amount"] == "5.00"
    assert found["note"] == "stays"


async def test_null_takes_the_note_away(client: httpx2.AsyncClient) -> None:
    order = await place(client, note="before")
    await client.patch(path_of(order), json={"note": None}, headers=SEEN)
    assert (await read(client, order))["note"] is None


@pytest.mark.parametrize("same", [{}, {"note": "before"}, {"lines": [line("12.03")]}])
async def test_a_change_of_nothing_makes_no_version(client: httpx2.AsyncClient, same: dict[str, Any]) -> None:
    order = await place(client, note="before")
    response = await client.patch(path_of(order), json=same, headers=SEEN)
    assert (response.status_code, response.json()) == (200, order)
    assert response.headers["ETag"] == '"1"'


@pytest.mark.parametrize("tags", ["*", '"1"', '"7", "1"', 'W/"7" ,"1"', '"","1"'])
async def test_an_etag_that_was_seen_matches(client: httpx2.AsyncClient, tags: str) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": tags})
    assert response.status_code == 200


@pytest.mark.parametrize("tags", ['"2"', 'W/"1"', '"01x"', '"2", "3"', '"' + "9" * 50 + '"', '""'])
async def test_any_other_etag_is_stale(client: httpx2.AsyncClient, tags: str) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": tags})
    expect_problem(response, 412, "stale_version")
    assert await read(client, order) == order


async def test_etags_may_come_in_several_lines(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    lines = [("If-Match", '"7"'), ("If-Match", '"1"')]
    response = await client.patch(path_of(order), json={"note": "a"}, headers=lines)
    assert response.status_code == 200


async def test_an_etag_is_compared_as_text_not_as_a_number(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": '"01"'})
    expect_problem(response, 412, "stale_version")


@pytest.mark.parametrize("tags", ["1", '"1', "", "**", '*, "1"', '"1" "2"', '"1",', '"a\tb"'])
async def test_what_is_not_an_etag_is_refused(client: httpx2.AsyncClient, tags: str) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": tags})
    expect_invalid(response, ("header", "/If-Match"))


async def test_a_version_that_has_passed_is_stale(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    await client.patch(path_of(order), json={"note": "first"}, headers=SEEN)
    response = await client.patch(path_of(order), json={"note": "second"}, headers=SEEN)
    expect_problem(response, 412, "stale_version")
    assert (await read(client, order))["note"] == "first"


async def test_a_change_has_to_say_what_it_has_seen(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json={"note": "a"})
    expect_problem(response, 428, "precondition_required")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": None}, "/lines"),
        ({"lines": []}, "/lines"),
        ({"lines": [line(quantity=0)]}, "/lines/0/quantity"),
        ({"note": "a\0"}, "/note"),
        ({"status": "confirmed"}, "/status"),
    ],
)
async def test_a_change_that_can_not_be_is_pointed_at(
    client: httpx2.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), json=change, headers=SEEN)
    expect_invalid(response, ("body", pointer))


async def test_currencies_do_not_mix_in_a_change_either(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    change = {"lines": [line(), line(currency="USD")]}
    response = await client.patch(path_of(order), json=change, headers=SEEN)
    expect_problem(response, 422, "mixed_currencies")


async def test_an_order_may_change_its_currency_as_a_whole(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    change = {"lines": [line(currency="USD")]}
    response = await client.patch(path_of(order), json=change, headers=SEEN)
    assert response.json()["total"]["currency"] == "USD"


async def test_an_order_that_is_settled_stays_as_it_is(client: httpx2.AsyncClient) -> None:
    order = await place(client, CONFIRMED)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": "*"})
    expect_problem(response, 409, "order_not_changeable")
    assert await read(client, order) == order


async def test_syntax_comes_before_all_other_refusals(client: httpx2.AsyncClient) -> None:
    problem = expect_problem(await client.patch(NOBODYS, json={"note": 1}), 422, "validation_failed")
    assert "/note" in [error["pointer"] for error in problem["errors"]]


async def test_a_missing_precondition_comes_before_a_missing_order(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.patch(NOBODYS, json={}), 428, "precondition_required")


async def test_a_missing_order_comes_before_a_stale_version(client: httpx2.AsyncClient) -> None:
    response = await client.patch(NOBODYS, json={}, headers={"If-Match": '"9"'})
    expect_problem(response, 404, "order_not_found")


async def test_a_stale_version_comes_before_a_conflict(client: httpx2.AsyncClient) -> None:
    order = await place(client, CONFIRMED)
    response = await client.patch(path_of(order), json={"note": "a"}, headers={"If-Match": '"99"'})
    expect_problem(response, 412, "stale_version")


async def test_a_body_of_another_media_type_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.patch(NOBODYS, content=b"{}", headers={"If-Match": "*", "Content-Type": "text/plain"})
    expect_problem(response, 415, "unsupported_media_type")


async def test_a_dry_run_answers_what_would_be_and_changes_nothing(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.patch(path_of(order), params={"mode": "dry_run"}, json={"note": "a"}, headers=SEEN)
    assert response.status_code == 200
    assert (response.json()["note"], response.json()["version"]) == ("a", 2)
    assert await read(client, order) == order


async def test_a_dry_run_refuses_what_would_be_refused(client: httpx2.AsyncClient) -> None:
    order = await place(client, CONFIRMED)
    for tags, status in (('"99"', 412), ("*", 409)):
        response = await client.patch(
            path_of(order), params={"mode": "dry_run"}, json={"note": "a"}, headers={"If-Match": tags}
        )
        assert response.status_code == status


async def test_what_is_not_an_id_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.patch(f"{ORDERS}/7", json={}, headers=SEEN)
    expect_invalid(response, ("path", "/order_id"))
