"""Settings of the payment gateway."""

from pydantic import BaseModel, Field, HttpUrl, SecretStr


class PaymentSettings(BaseModel):
    """Without a URL a sandbox stands in for the gateway."""

    payment_gateway_url: HttpUrl | None = None
    payment_gateway_api_key: SecretStr = SecretStr("")
    payment_gateway_timeout_seconds: float = Field(2, gt=0, le=10)
