"""The directory in which processes share their metrics."""

import os
from typing import Final

# Where it is set as a process imports the library, that keeps values in files that others can read.
SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
# The library reads this, too.
DEPRECATED: Final = "prometheus_multiproc_dir"
# Names the directory that a server of this service has made, for itself and its children.
OWN: Final = "METRICS_OF_THE_SERVER"


def forget_foreign_directory() -> None:
    """Forget a directory that is of nobody's making here, before anything imports the library.

    What earlier starts have counted there would be counted again, as nobody empties it, and where it is missing no
    metric can be made.
    """
    for name in (SHARED, DEPRECATED):
        if os.environ.get(name) != os.environ.get(OWN):
            os.environ.pop(name, None)
