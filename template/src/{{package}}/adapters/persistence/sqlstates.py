"""What PostgreSQL says of an error by its SQLSTATE."""

from typing import Final

# Beginnings: no connection, no resources, and shut down or starting up; a standby that takes no writes, as after
# a failover; and a timeout of the server's that ended a statement or its wait for a lock, which a migration may hold.
UNAVAILABLE: Final = ("08", "53", "57P", "25006", "57014", "55P03")


def is_unavailable(state: str | None) -> bool:
    """Whether what failed with this state may succeed when it is asked again later."""
    return state is not None and state.startswith(UNAVAILABLE)
