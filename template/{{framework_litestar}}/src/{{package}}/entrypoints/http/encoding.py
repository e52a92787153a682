"""Bodies as JSON: each model is written once, by pydantic, straight to bytes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from pydantic import BaseModel


def _encoded(model: BaseModel) -> msgspec.Raw:
    return msgspec.Raw(model.model_dump_json(by_alias=True).encode())


ENCODERS: Final[Mapping[Any, Callable[[Any], Any]]] = {BaseModel: _encoded}
