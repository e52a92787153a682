"""Routes that read JSON as it is defined (RFC 8259): in UTF-8, without NaN, under its own name."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute


def is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json"


class JSONRequest(Request):
    async def json(self) -> Any:
        """Return the parsed body, or None if it can't be parsed or does not go by JSON's own name.

        None is no valid body, so it is refused, but not before the client is known and counted.
        """
        if not is_json(self):
            return None
        with suppress(ValueError):
            return orjson.loads(await self.body())
        self.state.is_unreadable = True
        return None


class ServiceRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(JSONRequest(request.scope, request.receive))

        return handle_json


class ServiceRouter(APIRouter):
    """What every module of routes makes its `router` of."""

    def __init__(self, *, prefix: str = "", tag: str) -> None:
        super().__init__(prefix=prefix, tags=[tag], route_class=ServiceRoute)
