"""An order's way, in one trace."""

from pathlib import Path

import pytest

from tests.collector import running_collector
from tests.e2e.processes import serving
from tests.http.orders import body
from tests.spans import parts
from tests.stub_payment_gateway import running_gateway

pytestmark = pytest.mark.slow

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_request_its_statements_and_its_call_to_the_gateway_are_one_trace(tmp_path: Path, database_url: str) -> None:
    with (
        running_collector() as collector,
        running_gateway() as gateway,
        serving(
            tmp_path, database_url, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, PAYMENT_GATEWAY_URL=gateway.url
        ) as service,
        service.client() as client,
    ):
        traceparent = f"00-{TRACE}-00f067aa0ba902b7-01"
        response = client.post("/api/v1/orders", json=body(), headers={"traceparent": traceparent})
        assert response.status_code == 201
        service.terminate()
        assert service.has_ended_well()
        assert {span.trace_id for span in collector.spans} == {TRACE}
        assert collector.named("POST /api/v1/orders")
        assert collector.named("INSERT")
        (call,) = collector.named("POST")
        assert parts(gateway.received[0].headers["traceparent"]) == (TRACE, call.span_id)
        (access,) = [line for line in service.logs if line["event"] == "request" and line["method"] == "POST"]
        assert access["trace_id"] == TRACE
