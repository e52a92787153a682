"""What the service needs in its environment because of the way clients are known: nothing."""

from typing import Final

REQUIRED: Final[dict[str, str]] = {}
# The same for tests, where nothing has to be slow to be safe.
CHEAP: Final = REQUIRED
