"""Text that people write."""

from typing import Final

# Anything but control characters, line breaks and tabs excepted; PostgreSQL stores no NUL.
TEXT: Final = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
