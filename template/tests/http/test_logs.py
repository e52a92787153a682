import logging
import warnings

import httpx2
import pytest

from tests.http.expectations import Logs


async def test_a_request_is_one_line_that_says_what_became_of_it(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get("/api/v1/probe", headers={"X-Request-ID": "seen"})
    line = logs.access_line
    assert line["level"] == "info"
    assert line["request_id"] == "seen"
    assert line["method"] == "GET"
    assert line["path"] == line["route"] == "/api/v1/probe"
    assert line["status"] == 200
    assert line["client"] == "127.0.0.1"
    assert line["actor"] == "anonymous"
    assert line["duration_ms"] > 0
    assert line["timestamp"].endswith("Z")


async def test_a_line_names_the_route_by_its_template(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get("/api/v1/probe/bug/17")
    assert logs.access_line["path"] == "/api/v1/probe/bug/17"
    assert logs.access_line["route"] == "/api/v1/probe/bug/{number}"


async def test_a_head_request_is_logged_as_one(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.head("/api/v1/probe")
    assert logs.access_line["method"] == "HEAD"
    assert logs.access_line["route"] == "/api/v1/probe"


async def test_a_path_without_a_route_is_logged_without_one(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get("/api/v1/nothing")
    assert logs.access_line["status"] == 404
    assert logs.access_line["route"] is None
    assert logs.access_line["actor"] is None


async def test_what_was_expected_is_not_an_error(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get("/api/v1/nothing")
    await client.delete("/health")
    await client.post("/api/v1/probe", json={})
    await client.get("/api/v1/probe/outage")
    assert {line["level"] for line in logs.of("request")} == {"info"}
    assert not [line for line in logs.lines if line["level"] in {"error", "critical"}]


async def test_a_query_is_nobodys_business(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get("/health?token=hidden")
    assert logs.access_line["path"] == "/health"


async def test_a_line_break_in_a_path_does_not_make_a_line(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get('/a%0A{"event":"forged"}')
    assert logs.access_line["path"] == '/a\n{"event":"forged"}'
    assert not logs.of("forged")


def test_what_libraries_log_takes_the_same_form(logs: Logs) -> None:
    logging.getLogger("a.library").warning("it is %s", "late")
    (line,) = logs.lines
    assert (line["event"], line["level"], line["logger"]) == ("it is late", "warning", "a.library")


def test_an_exception_that_a_library_logs_stays_on_its_line(logs: Logs) -> None:
    logging.getLogger("a.library").error("failed", exc_info=ValueError("no\nway"))
    (line,) = logs.lines
    assert "ValueError: no\nway" in line["exception"]


def test_warnings_take_the_same_form(logs: Logs) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old and tired", DeprecationWarning, stacklevel=1)
    (line,) = logs.lines
    assert "old and tired" in line["event"]
    assert line["level"] == "warning"


@pytest.mark.parametrize("quiet", ["debug", "info"])
def test_what_is_below_the_level_is_not_written(logs: Logs, quiet: str) -> None:
    logging.getLogger("a.library").log(logging.getLevelNamesMapping()[quiet.upper()], "psst")
    assert len(logs.lines) == (quiet == "info")
