"""How problems look in the OpenAPI document."""

from typing import Annotated

from pydantic import BaseModel, Field


class InvalidValueBody(BaseModel):
    location: Annotated[str, Field(alias="in", examples=["body"])]
    pointer: Annotated[str, Field(examples=["/lines/0/quantity"])]
    message: Annotated[str, Field(examples=["Input should be greater than or equal to 1"])]


class ProblemBody(BaseModel):
    """RFC 9457, with a stable `code` and the id of the request."""

    type: Annotated[str, Field(examples=["urn:problem-type:not-found"])]
    title: Annotated[str, Field(examples=["Not found"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(examples=["Nothing matches the given URI."])]
    instance: Annotated[str, Field(examples=["/api/v1/things/7"])]
    code: Annotated[str, Field(examples=["not_found"])]
    request_id: Annotated[str, Field(examples=["4d2c6f0e"])]
    errors: list[InvalidValueBody] | None = None
