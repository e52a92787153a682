"""The headers that every response has, and the ones that requests may bring."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from secrets import token_hex
from typing import Final

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
# A name, or an address of IPv6, and perhaps a port (RFC 9110 §7.2).
HOST: Final = re.compile(r"([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
# What probes and scrapes ask for, every few seconds and by address: `Host` may name any host, and there are no traces.
EXEMPT: Final = frozenset({"/health", "/ready", "/metrics"})

SECURITY_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}
CONTENT_SECURITY_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
STRICT_TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What pages of an allowed origin may read, and send, beside what any page may (Fetch §4.10).
EXPOSED_HEADERS: Final = (
    "Deprecation, ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset,"
    " WWW-Authenticate, X-Request-ID"
)
ALLOWED_HEADERS: Final = (
    "Accept, Accept-Language, Authorization, Content-Language, Content-Type, Idempotency-Key, If-Match, traceparent,"
    " tracestate, X-Request-ID"
)


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


def deprecation(since: datetime, *, sunset: datetime) -> dict[str, str]:
    """Return what every answer of an operation says that goes away (RFC 9745, RFC 8594); both times are in UTC."""
    return {"deprecation": f"@{int(since.timestamp())}", "sunset": format_datetime(sunset, usegmt=True)}


def is_host(sent: str) -> bool:
    """Whether a `Host` header can be one; without a name it may be empty."""
    return not sent or HOST.fullmatch(sent) is not None


def is_allowed_host(sent: str, allowed: frozenset[str]) -> bool:
    """Whether a `Host` header names an allowed host. `*.example.com` allows every host below it."""
    host = HOST.fullmatch(sent)
    if host is None:
        return False
    name = host[1].lower()
    return name in allowed or any(pattern.startswith("*") and name.endswith(pattern[1:]) for pattern in allowed)


def is_json(content_type: str) -> bool:
    """Whether a `Content-Type` is JSON's own, whatever its parameters."""
    return content_type.partition(";")[0].strip().lower() == "application/json"


def allow(methods: Iterable[str]) -> str:
    """Return what `Allow` says of a path that has these methods: where there is GET there is HEAD."""
    known = set(methods)
    allowed = [method for method in METHODS if method in known]
    return ", ".join(["GET", "HEAD", *allowed[1:]] if "GET" in allowed else allowed)
