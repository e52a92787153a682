import httpx2
import pytest

from tests.http.expectations import Logs


@pytest.mark.parametrize("sent", ["a", "0123-abc_DEF.7", "x" * 128])
async def test_a_sane_request_id_is_kept_and_given_back(client: httpx2.AsyncClient, logs: Logs, sent: str) -> None:
    response = await client.get("/api/v1/probe", headers={"X-Request-ID": sent})
    assert response.headers["X-Request-ID"] == sent
    assert response.json()["request_id"] == sent
    assert logs.access_line["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", 'a"', "a\tb", "ä", "../../etc", "a\n"])
async def test_any_other_request_id_is_replaced(client: httpx2.AsyncClient, sent: str) -> None:
    response = await client.get("/api/v1/probe", headers={b"X-Request-ID": sent.encode()})
    made = response.headers["X-Request-ID"]
    assert made not in {"", sent}
    assert response.json()["request_id"] == made


async def test_requests_without_an_id_get_different_ones(client: httpx2.AsyncClient) -> None:
    made = {(await client.get("/health")).headers["X-Request-ID"] for _ in range(3)}
    assert len(made) == 3


async def test_a_refusal_has_the_id_of_its_request(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/nothing", headers={"X-Request-ID": "lost"})
    assert response.headers["X-Request-ID"] == "lost"
    assert response.json()["request_id"] == "lost"
