import httpx2

from tests.http.expectations import Serve, expect_problem

OURS = "https://app.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST"}


async def test_pages_of_other_origins_are_told_nothing_by_default(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/probe", headers={"Origin": OURS})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]


async def test_a_preflight_is_an_unknown_method_by_default(client: httpx2.AsyncClient) -> None:
    response = await client.options("/api/v1/probe", headers={"Origin": OURS, **PREFLIGHT})
    expect_problem(response, 405, "method_not_allowed")


async def test_a_page_of_an_allowed_origin_may_read_what_it_gets(serve: Serve) -> None:
    async with serve(cors_origins=(OURS,)) as client:
        responses = [
            await client.get(path, headers={"Origin": OURS})
            for path in ("/api/v1/probe", "/api/v1/nothing", "/api/v1/probe/bug/1")
        ]
    assert [response.status_code for response in responses] == [200, 404, 500]
    for response in responses:
        assert response.headers["Access-Control-Allow-Origin"] == OURS
        assert "Origin" in response.headers["Vary"]
        exposed = response.headers["Access-Control-Expose-Headers"]
        assert {"ETag", "Location", "X-Request-ID"} <= set(exposed.split(", "))


async def test_a_page_of_another_origin_may_not(serve: Serve) -> None:
    async with serve(cors_origins=(OURS,)) as client:
        response = await client.get("/api/v1/probe", headers={"Origin": "https://app.example.evil"})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Origin" in response.headers["Vary"]


async def test_a_preflight_of_an_allowed_origin_is_told_what_it_may_do(serve: Serve) -> None:
    headers = {"Access-Control-Request-Headers": "content-type, idempotency-key, if-match"}
    async with serve(cors_origins=(OURS,)) as client:
        response = await client.options("/api/v1/probe", headers={"Origin": OURS, **PREFLIGHT, **headers})
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == OURS
    methods = set(response.headers["Access-Control-Allow-Methods"].split(", "))
    assert {"POST", "PATCH", "DELETE"} <= methods
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert {"content-type", "idempotency-key", "if-match"} <= set(allowed.split(", "))


async def test_a_preflight_of_another_origin_is_allowed_nothing(serve: Serve) -> None:
    async with serve(cors_origins=(OURS,)) as client:
        response = await client.options("/api/v1/probe", headers={"Origin": "https://evil.example", **PREFLIGHT})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_preflight_has_the_fixed_headers_and_an_id(serve: Serve) -> None:
    async with serve(cors_origins=(OURS,)) as client:
        response = await client.options(
            "/api/v1/probe", headers={"Origin": OURS, "X-Request-ID": "before", **PREFLIGHT}
        )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-ID"] == "before"
