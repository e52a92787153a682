"""The headers that every response has, and the ones that requests may bring."""

import re
from secrets import token_hex
from typing import Final

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")

SECURITY_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}
CONTENT_SECURITY_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
STRICT_TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"


def accept_request_id(sent: str | None) -> str:
    """Return the request id that the client sent if it is a sane token, else one of our own."""
    return sent if sent and REQUEST_ID.fullmatch(sent) else token_hex(16)


def fixed_headers(*, path: str, scheme: str) -> dict[str, str]:
    """Return the headers that a response has whatever made it; they replace what is there."""
    headers = dict(SECURITY_HEADERS)
    if path.startswith("/api/"):
        headers["cache-control"] = "no-store"
    if scheme == "https":
        headers["strict-transport-security"] = STRICT_TRANSPORT_SECURITY
    return headers


def is_allowed_host(sent: str, allowed: frozenset[str]) -> bool:
    """Whether a `Host` header names an allowed host. `*.example.com` allows every host below it."""
    name = sent.lower() if sent.endswith("]") else sent.lower().rsplit(":", 1)[0]
    return name in allowed or any(pattern.startswith("*") and name.endswith(pattern[1:]) for pattern in allowed)
