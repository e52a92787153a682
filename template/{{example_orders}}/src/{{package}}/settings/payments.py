"""Settings of the payment gateway."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, HttpUrl, SecretStr


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


class PaymentSettings(BaseModel):
    """Without a URL a sandbox stands in for the gateway."""

    payment_gateway_url: Annotated[HttpUrl | None, BeforeValidator(_blank_is_none)] = None
    payment_gateway_api_key: SecretStr = SecretStr("")
    payment_gateway_timeout_seconds: float = Field(2, gt=0)
