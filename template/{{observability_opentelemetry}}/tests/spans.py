"""Spans, kept in memory instead of being sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Final

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import DEFAULT_ON

EXPORTER: Final = InMemorySpanExporter()


class Spans:
    """What was recorded."""

    @property
    def all(self) -> Sequence[ReadableSpan]:
        return EXPORTER.get_finished_spans()

    @property
    def one(self) -> ReadableSpan:
        (span,) = self.all
        return span

    def named(self, name: str) -> Sequence[ReadableSpan]:
        return [span for span in self.all if span.name == name]

    @property
    def trace_ids(self) -> set[str]:
        return {trace_id(span) for span in self.all}


@contextmanager
def recorded_spans() -> Iterator[Spans]:
    _record()
    EXPORTER.clear()
    yield Spans()


def trace_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return trace.format_trace_id(span.context.trace_id)


def parts(traceparent: str) -> tuple[str, str]:
    """Return the ids of trace and span in a `traceparent`."""
    _, trace_id, span_id, _ = traceparent.split("-")
    return trace_id, span_id


def span_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return trace.format_span_id(span.context.span_id)


@cache
def _record() -> None:
    """A process has one provider, and keeps it."""
    provider = TracerProvider(sampler=DEFAULT_ON, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
    trace.set_tracer_provider(provider)
