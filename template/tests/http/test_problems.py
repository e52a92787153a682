import httpx2
import pytest

from tests.http.expectations import Logs, expect_problem


async def test_an_unknown_path_is_not_found(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.get("/api/v1/nothing"), 404, "not_found")


async def test_a_path_with_a_trailing_slash_is_another_path(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.get("/health/"), 404, "not_found")
    expect_problem(await client.get("/api/v1/probe/"), 404, "not_found")


async def test_a_problem_names_its_path_encoded_as_it_was_asked_for(client: httpx2.AsyncClient) -> None:
    problem = expect_problem(await client.get("/caf%C3%A9%20%22"), 404, "not_found")
    assert problem["instance"] == "/caf%C3%A9%20%22"


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "PATCH", "PUT", "TRACE", "BREW"])
async def test_a_method_that_a_path_does_not_have_is_told_the_ones_it_has(
    client: httpx2.AsyncClient, method: str
) -> None:
    response = await client.request(method, "/api/v1/probe")
    expect_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


async def test_head_is_answered_as_get_without_the_body(client: httpx2.AsyncClient) -> None:
    got = await client.get("/api/v1/probe")
    response = await client.head("/api/v1/probe")
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["Content-Length"] == got.headers["Content-Length"]
    assert response.headers["Content-Type"] == got.headers["Content-Type"]


async def test_head_of_what_is_not_there_is_a_404_without_a_body(client: httpx2.AsyncClient) -> None:
    response = await client.head("/api/v1/nothing")
    assert response.status_code == 404
    assert response.content == b""
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_an_exception_is_answered_without_a_word_of_it(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/probe/bug/4711")
    expect_problem(response, 500, "internal_error")
    assert "4711" not in response.text.replace(response.request.url.path, "")
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text


async def test_an_exception_is_logged_once_with_its_traceback_and_request(
    client: httpx2.AsyncClient, logs: Logs
) -> None:
    await client.get("/api/v1/probe/bug/4711", headers={"X-Request-ID": "who-broke-it"})
    (line,) = [line for line in logs.lines if line["level"] == "error"]
    assert line["event"] == "unhandled exception"
    assert line["request_id"] == "who-broke-it"
    assert "RuntimeError: the secret is 4711" in line["exception"]
    assert logs.access_line["status"] == 500


async def test_an_outage_is_answered_with_when_to_come_back(client: httpx2.AsyncClient, logs: Logs) -> None:
    response = await client.get("/api/v1/probe/outage")
    expect_problem(response, 503, "service_unavailable")
    assert response.headers["Retry-After"] == "1"
    assert "secret" not in response.text
    assert logs.access_line["status"] == 503
