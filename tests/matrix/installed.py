"""What a service has installed, seen from inside: names that no service may take."""

import re
import subprocess

from tests.macros import reserved_names
from tests.matrix.environments import Environment

# Distributions, the modules that they bring, and their commands.
LISTING = """
from importlib.metadata import distributions, entry_points, packages_distributions
print(*packages_distributions(), sep="\\n")
print(*(found.metadata["Name"] for found in distributions()), sep="\\n")
print(*(script.name for script in entry_points(group="console_scripts")), sep="\\n")
"""


def unreserved_names(environment: Environment, slug: str) -> list[str]:
    """Return the names that are installed in this environment and could still be typed."""
    done = subprocess.run(
        [environment.command("python"), "-c", LISTING], capture_output=True, text=True, check=True
    )
    names = {re.sub(r"[-.]+", "_", name).lower() for name in done.stdout.splitlines()}
    typed = {name for name in names if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)}
    return sorted(typed - reserved_names() - {slug.replace("-", "_")} - versioned(typed))


def versioned(names: set[str]) -> set[str]:
    """Return coverage's commands that end in a version: nobody takes those."""
    return {name for name in names if re.search(r"\d$", name) and "coverage" in name}
