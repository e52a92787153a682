"""A request, its statements, its job and the job's call to another service are one trace."""

from pathlib import Path

import pytest

from tests.collector import running_collector
from tests.e2e.processes import eventually, serving
from tests.e2e.workers import working
from tests.http.orders import ORDERS, body
from tests.stub_payment_gateway import running_gateway

pytestmark = pytest.mark.slow

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def test_a_request_its_statements_its_job_and_its_payment_share_one_trace(tmp_path: Path, database_url: str) -> None:
    with running_collector() as collector, running_gateway() as gateway:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "PAYMENT_GATEWAY_URL": gateway.url}
        with (
            serving(tmp_path / "server", database_url, **traced) as service,
            service.client() as client,
            working(tmp_path / "worker", database_url, **traced) as worker,
        ):
            headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
            assert client.post(ORDERS, json=body(), headers=headers).status_code == 201
            eventually(lambda: any(line["event"] == "job" for line in worker.logs))
            for process in (service, worker):
                process.terminate()
                assert process.has_ended_well()
        (paid,) = gateway.received
        assert paid.headers["traceparent"].split("-")[1] == TRACE
        of_trace = {span.span_id: span for span in collector.spans if span.trace_id == TRACE}
        (request,) = [span for span in of_trace.values() if span.parent_id == PARENT]
        (job,) = [span for span in of_trace.values() if span.name == "process orders.confirm/1"]
        (call,) = [span for span in of_trace.values() if span.span_id == paid.headers["traceparent"].split("-")[2]]
        assert request.name == f"POST {ORDERS}"
        assert job.parent_id == request.span_id
        assert call.parent_id == job.span_id
        statements = {(span.name, span.parent_id) for span in of_trace.values()}
        assert {("INSERT", request.span_id), ("UPDATE", job.span_id)} <= statements
        for process, event in ((service, "request"), (worker, "job")):
            (line,) = [line for line in process.logs if line["event"] == event and line.get("path", ORDERS) == ORDERS]
            assert line["trace_id"] == TRACE
