"""What an order says of its confirmation: nothing, since it is done before the answer."""

from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

CONFIRMATION_EXAMPLE: Final[dict[str, Any]] = {}


class ConfirmationFields(BaseModel):
    pass


def confirmation_of(order_id: UUID) -> dict[str, Any]:
    return {}
