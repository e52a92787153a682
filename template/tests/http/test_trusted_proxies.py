import httpx2

from tests.http.expectations import Logs, Serve

PROXY = "10.1.2.3"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


async def test_a_trusted_proxy_is_believed_about_its_client(serve: Serve, logs: Logs) -> None:
    async with serve(trusted_proxies=("10.0.0.0/8",), peer=PROXY) as client:
        response = await client.get("/api/v1/probe", headers=FORWARDED)
    assert response.json()["address"] == "203.0.113.9"
    assert response.json()["scheme"] == "https"
    assert "max-age=" in response.headers["Strict-Transport-Security"]
    assert logs.access_line["client"] == "203.0.113.9"


async def test_anyone_else_is_not(serve: Serve, logs: Logs) -> None:
    async with serve(trusted_proxies=("10.0.0.0/8",), peer="192.0.2.1") as client:
        response = await client.get("/api/v1/probe", headers=FORWARDED)
    assert response.json()["address"] == "192.0.2.1"
    assert response.json()["scheme"] == "http"
    assert "Strict-Transport-Security" not in response.headers
    assert logs.access_line["client"] == "192.0.2.1"


async def test_nobody_is_believed_unless_the_settings_say_so(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/probe", headers=FORWARDED)
    assert response.json()["address"] == "127.0.0.1"
    assert response.json()["scheme"] == "http"


async def test_what_a_client_put_before_the_proxys_word_counts_for_nothing(serve: Serve) -> None:
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.9.9.9"}
    async with serve(trusted_proxies=("10.0.0.0/8",), peer=PROXY) as client:
        response = await client.get("/api/v1/probe", headers=headers)
    assert response.json()["address"] == "203.0.113.9"


async def test_clients_behind_one_proxy_have_a_rate_limit_each(serve: Serve) -> None:
    async with serve(trusted_proxies=(PROXY,), peer=PROXY, rate_limit="1/minute") as client:
        answers = [
            (await client.get("/api/v1/probe", headers={"X-Forwarded-For": address})).status_code
            for address in ("203.0.113.1", "203.0.113.2", "203.0.113.1")
        ]
    assert answers == [200, 200, 429]


async def test_a_made_up_address_does_not_get_around_the_rate_limit(serve: Serve) -> None:
    async with serve(rate_limit="1/minute") as client:
        answers = [
            (await client.get("/api/v1/probe", headers={"X-Forwarded-For": address})).status_code
            for address in ("203.0.113.1", "203.0.113.2")
        ]
    assert answers == [200, 429]
