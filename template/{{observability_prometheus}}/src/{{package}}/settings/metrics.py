"""Settings of metrics."""

from pydantic import BaseModel, Field, ValidationInfo, field_validator


class MetricsSettings(BaseModel):
    """With a port of their own metrics are not at the port of the API."""

    metrics_port: int | None = Field(None, ge=1, le=65535)

    # It is among the settings that these are mixed with, and is looked at after these.
    @field_validator("port", check_fields=False)
    @classmethod
    def _is_another_port(cls, port: int, info: ValidationInfo) -> int:
        if port == info.data.get("metrics_port"):
            raise ValueError("has to be another port than METRICS_PORT")
        return port
