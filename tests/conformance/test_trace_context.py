"""traceparent (W3C Trace Context): no value of it changes an answer."""

import httpx
import pytest

from .responses import expect_success

VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


SENT = {
    "recorded": VALID,
    "not recorded": VALID.replace("-01", "-00"),
    "a version that is none": VALID.replace("00-4bf9", "ff-4bf9"),
    "capitals": VALID.upper(),
    "too much": f"{VALID}-more",
    "nobody's": f"00-{'0' * 32}-{'0' * 16}-01",
    "blank": "",
    "nonsense": "nonsense",
    "long": "-" * 4000,
    "not ASCII": "ä",
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_whatever_a_request_says_of_its_trace_it_is_answered(
    client: httpx.Client, sent: str
) -> None:
    headers = [
        (b"traceparent", sent.encode()),
        (b"tracestate", b"a=1,,=;"),
        (b"baggage", b"%zz,=,a=b;c"),
    ]
    assert expect_success(client.get("/health", headers=headers)).json() == {"status": "ok"}
    assert client.get("/openapi.json", headers=headers).status_code == 200
