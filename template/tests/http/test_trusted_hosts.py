import pytest

from tests.http.expectations import Serve, expect_problem


@pytest.mark.parametrize("host", ["api.example", "api.example:8443", "API.Example", "[::1]:80"])
async def test_a_host_that_is_allowed_is_served_on_any_port(serve: Serve, host: str) -> None:
    async with serve(allowed_hosts=("api.example", "[::1]")) as client:
        response = await client.get("/api/v1/probe", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "api.example.evil", "xapi.example", "localhost", ""])
async def test_any_other_host_is_refused(serve: Serve, host: str) -> None:
    async with serve(allowed_hosts=("api.example",)) as client:
        response = await client.get("/api/v1/probe", headers={"Host": host})
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize(("host", "status"), [("a.example", 200), ("b.example:80", 200), ("example", 400)])
async def test_a_star_stands_for_every_name_below(serve: Serve, host: str, status: int) -> None:
    async with serve(allowed_hosts=("*.example",)) as client:
        response = await client.get("/api/v1/probe", headers={"Host": host})
    assert response.status_code == status


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_probes_may_call_the_service_by_its_address(serve: Serve, path: str) -> None:
    async with serve(allowed_hosts=("api.example",)) as client:
        response = await client.get(path, headers={"Host": "10.0.0.7:8000"})
    assert response.status_code == 200


async def test_a_refused_host_has_the_fixed_headers(serve: Serve) -> None:
    async with serve(allowed_hosts=("api.example",)) as client:
        response = await client.get("/docs")
    expect_problem(response, 400, "host_not_allowed")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
