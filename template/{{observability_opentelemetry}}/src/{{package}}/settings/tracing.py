"""Settings of traces. Other `OTEL_` variables are read by the OpenTelemetry SDK, as it documents them."""

from pydantic import BaseModel, HttpUrl


class TracingSettings(BaseModel):
    """Without an endpoint nothing is traced."""

    otel_exporter_otlp_endpoint: HttpUrl | None = None
    otel_exporter_otlp_traces_endpoint: HttpUrl | None = None
    otel_sdk_disabled: bool = False

    @property
    def traces_endpoint(self) -> str | None:
        """Where spans go, as the OTLP exporter specification derives it."""
        if self.otel_sdk_disabled:
            return None
        if self.otel_exporter_otlp_traces_endpoint is not None:
            return str(self.otel_exporter_otlp_traces_endpoint)
        if self.otel_exporter_otlp_endpoint is not None:
            return f"{str(self.otel_exporter_otlp_endpoint).rstrip('/')}/v1/traces"
        return None
