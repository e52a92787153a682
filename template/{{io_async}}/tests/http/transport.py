"""How requests get to the service without a network between."""

from typing import Any

import httpx2


def transport_to(service: Any, peer: str) -> httpx2.ASGITransport:
    """Return what carries requests from the address `peer` to an ASGI application."""
    return httpx2.ASGITransport(service, client=(peer, 50_000))
