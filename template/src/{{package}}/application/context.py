"""Who acts, and how: the value that every use case takes first."""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

Scope = NewType("Scope", str)

ADMIN: Final = Scope("admin")


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone, or something, that was let in. `subject` is opaque and never changes."""

    subject: str
    scopes: Container[Scope]

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes

    def may_see(self, owner: str) -> bool:
        """Whether what belongs to `owner` exists as far as this principal can tell."""
        return owner == self.subject or ADMIN in self.scopes


class Mode(StrEnum):
    """Whether an operation is carried out or only tried."""

    COMMIT = "commit"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class OperationContext:
    """One call of one use case: the actor, where the call came from and how to carry it out."""

    actor: Principal
    request_id: str
    idempotency_key: str | None = None
    mode: Mode = Mode.COMMIT
