import httpx2


async def test_cookies_in_several_lines_are_all_read(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/probe/cookies", headers=[("Cookie", "a=1"), ("Cookie", "b=2; c=3")])
    assert response.json() == {"a": "1", "b": "2", "c": "3"}
