"""Bodies of the health operations."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class HealthBody(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"] = "ok"


class ReadyBody(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready", "checks": {"database": "ok"}}]})

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ok"]]
