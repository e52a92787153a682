"""Expected outcomes as values.

A function that may be refused for a reason that its caller has to handle returns a `Result`;
`match` takes it apart and the type checker knows whether every case was met.
"""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)
E_co = TypeVar("E_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """It worked, and this came out."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Err(Generic[E_co]):
    """It was refused, and this is why."""

    error: E_co


Result: TypeAlias = Ok[T_co] | Err[E_co]
