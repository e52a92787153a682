"""Bodies of the health operations."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class HealthBody(BaseModel):
    status: Literal["ok"] = "ok"


class ReadyBody(BaseModel):
    status: Literal["ready"] = "ready"
    checks: Annotated[dict[str, Literal["ok"]], Field(examples=[{"database": "ok"}])]
