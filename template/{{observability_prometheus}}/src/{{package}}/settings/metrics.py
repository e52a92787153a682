"""Settings of metrics."""

from typing import Self

from pydantic import BaseModel, Field, model_validator


class MetricsSettings(BaseModel):
    """With a port of their own metrics are not at the port of the API."""

    metrics_port: int | None = Field(None, ge=1, le=65535)

    @model_validator(mode="after")
    def _have_a_port_of_their_own(self) -> Self:
        # The port of the API is among the settings that these are mixed with.
        if self.metrics_port is not None and self.metrics_port == getattr(self, "port", None):
            raise ValueError("METRICS_PORT has to be another port than PORT")
        return self
