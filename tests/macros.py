"""The macros under `extensions/`, called without Copier."""

from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tests.repository import ROOT


@cache
def macros(file: str) -> Any:
    """Return the module of `extensions/<file>.jinja`: its macros and variables."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(ROOT),
        undefined=StrictUndefined,
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
        autoescape=False,
    )
    return environment.get_template(f"extensions/{file}.jinja").module


def reserved_names() -> set[str]:
    return set(macros("reserved_names").reserved_names)
