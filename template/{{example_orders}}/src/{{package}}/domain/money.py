"""Amounts of money."""

from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, to the hundredth and never negative, in a currency named as in ISO 4217."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.amount < 0 or self.amount != self.amount.quantize(CENT):
            raise ValueError(f"not an amount of money: {self.amount}")

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} can't be added to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, factor: int) -> "Money":
        return Money(self.amount * factor, self.currency)
