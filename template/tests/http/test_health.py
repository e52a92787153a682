import httpx2
from pydantic import SecretStr

from tests.http.expectations import Logs, Serve, expect_problem


async def test_a_live_service_says_so(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_a_ready_service_names_what_it_has_checked(client: httpx2.AsyncClient) -> None:
    response = await client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": {"database": "ok"}}


async def test_readiness_names_the_database_when_it_is_gone(
    serve: Serve, logs: Logs, unreachable_database: SecretStr
) -> None:
    async with serve(database_url=unreachable_database) as client:
        problem = expect_problem(await client.get("/ready"), 503, "not_ready")
    assert problem["checks"] == {"database": "unavailable"}
    assert not [line for line in logs.lines if line["level"] in {"error", "critical"}]


async def test_a_service_without_its_database_is_alive_all_the_same(
    serve: Serve, unreachable_database: SecretStr
) -> None:
    async with serve(database_url=unreachable_database) as client:
        assert (await client.get("/health")).status_code == 200
