"""Why accounts and tokens are refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InvalidUsername:
    """It is empty, too long, or has something in it that can't be seen."""


@dataclass(frozen=True, slots=True)
class UsernameTaken:
    """Somebody has that name."""


@dataclass(frozen=True, slots=True)
class InvalidGrant:
    """The username and password, or the refresh token, are not good (RFC 6749 §5.2). Nobody is told why."""


@dataclass(frozen=True, slots=True)
class InvalidScope:
    """None of the scopes that were asked for is the account's."""


@dataclass(frozen=True, slots=True)
class AccountNotFound:
    """The actor has no account, or none any more."""
