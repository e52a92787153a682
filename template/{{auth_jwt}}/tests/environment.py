"""What the service needs in its environment because of the way clients are known."""

from typing import Final

REQUIRED: Final[dict[str, str]] = {"JWT_SECRET": "7Zc1mQv0aXo3kTn5rWy8bLu2dHs6eJf9"}
# The same for tests, where nothing has to be slow to be safe. Production refuses it.
CHEAP: Final = REQUIRED | {"PASSWORD_HASH_MEMORY_KIB": "32", "PASSWORD_HASH_PASSES": "1"}
