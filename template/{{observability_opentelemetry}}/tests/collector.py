"""A collector that takes spans as OTLP over HTTP, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.stub_server import Handler, serving


@dataclass(frozen=True, slots=True)
class CollectedSpan:
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]
    resource: dict[str, str]


@dataclass
class Collector:
    """Keeps the `spans` it is sent, and answers once it is told to, if it was told to wait."""

    url: str
    spans: list[CollectedSpan] = field(default_factory=list)
    answers: Event = field(default_factory=Event)

    def named(self, name: str) -> list[CollectedSpan]:
        return [span for span in self.spans if span.name == name]

    def take(self, body: bytes) -> None:
        for batch in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = {pair.key: pair.value.string_value for pair in batch.resource.attributes}
            self.spans += [
                CollectedSpan(
                    name=span.name,
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    attributes={pair.key: pair.value.string_value for pair in span.attributes},
                    resource=resource,
                )
                for scope in batch.scope_spans
                for span in scope.spans
            ]


@contextmanager
def running_collector(*, answering: bool = True) -> Iterator[Collector]:
    class CollectorHandler(Handler):
        def do_POST(self) -> None:  # noqa: N802
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            collector.answers.wait(60)
            self.send_response(200)
            self.end_headers()

    with serving(CollectorHandler) as url:
        collector = Collector(url)
        if answering:
            collector.answers.set()
        try:
            yield collector
        finally:
            collector.answers.set()
