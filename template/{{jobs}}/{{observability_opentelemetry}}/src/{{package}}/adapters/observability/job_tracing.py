"""A job belongs to the trace of the request that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

__all__ = ["current_traceparent", "job_span"]

TRACE_CONTEXT: Final = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """Return the `traceparent` (W3C Trace Context) of the span that is current, if there is one."""
    carrier: dict[str, str] = {}
    TRACE_CONTEXT.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def job_span(kind: str, job_id: str, traceparent: str | None) -> Iterator[None]:
    """Run the block in a span of its own, within the trace of `traceparent`, or else in a new one."""
    carrier = {} if traceparent is None else {"traceparent": traceparent}
    with trace.get_tracer(__name__).start_as_current_span(
        f"process {kind}",
        TRACE_CONTEXT.extract(carrier, Context()),
        SpanKind.CONSUMER,
        {"messaging.operation.type": "process", "messaging.destination.name": kind, "messaging.message.id": job_id},
    ):
        yield
