"""Copier's command for what starts one, as quick as `rendering` is in this process."""

import sys
from pathlib import Path

# The service that it runs in has a package of the same name.
sys.path[0] = str(Path(__file__).parents[1])

from copier.__main__ import CopierApp  # noqa: E402

from tests.rendering import quickly  # noqa: E402

if __name__ == "__main__":
    with quickly():
        CopierApp.run()
