"""The directory in which processes share their metrics: none."""


def forget_foreign_directory() -> None:
    """Nothing here would look at it."""
