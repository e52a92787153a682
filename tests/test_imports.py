"""What services import: declared where it comes from, rendered beside it, from no layer above.

Read from the template's files, so that it is seen for every valid combination; each cell of the
matrix has deptry, import-linter and mypy say the same of its own rendering.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import space
from tests.matrix.cells import every_cell
from tests.repository import TemplateFile, option_files, rendered_files, without_block
from tests.test_sources import WOVEN

PACKAGE = "package"
SOURCE = "src/{{package}}/"
LAYERS = ("domain", "application", "adapters", "bootstrap", "entrypoints")
CORE = {"domain", "application"}
# Where a distribution's name is not that of its module.
MODULES = {
    "argon2-cffi": "argon2",
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-instrumentation-httpx": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "tortoise-orm": "tortoise",
}
SUBSTITUTION = re.compile(r"\{\{ *(\w+)[^}]*\}\}")
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A Python file of services, as a module, and what it imports, by full names."""

    file: TemplateFile
    module: str
    imported: frozenset[str]

    @property
    def layer(self) -> str:
        return part(self.module, 1)


def part(module: str, number: int) -> str:
    return (module.split(".") + [""] * number)[number]


def module_of(target: str) -> str:
    inside = target.removeprefix(SOURCE).removesuffix(".py").removesuffix("__init__")
    return f"{PACKAGE}.{inside}".replace("/", ".").rstrip(".")


def imports_of(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, "relative"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def read(file: TemplateFile) -> Source:
    text = SUBSTITUTION.sub(r"\1", without_block(file.source.read_text(encoding="utf-8")))
    return Source(file, module_of(file.target), frozenset(imports_of(text)))


PYTHON = [it for it in rendered_files() if it.target.startswith(SOURCE) and it.target[-3:] == ".py"]
SOURCES = [read(file) for file in PYTHON if file.target not in WOVEN]


def contributions() -> list[tuple[frozenset[str], Mapping[str, Any]]]:
    """Return what each option contributes, by the overlays that it is in."""
    texts = ((it, TAG.sub("", it.source.read_text(encoding="utf-8"))) for it in option_files())
    return [
        (frozenset(file.overlays), yaml.safe_load(SUBSTITUTION.sub(r"\1", text)) or {})
        for file, text in texts
    ]


CONTRIBUTIONS = contributions()


def contributed(active: set[str], key: str) -> Iterator[Any]:
    for overlays, contribution in CONTRIBUTIONS:
        if active.issuperset(overlays):
            yield from contribution.get(key, [])


def distribution(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def module_named(name: str) -> str:
    return MODULES.get(name, name.replace("-", "_"))


def differing(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what was found, each with the first cell that it was found in."""
    first: dict[str, str] = {}
    for what, cell in found:
        first.setdefault(what, cell)
    return first


def test_in_every_combination_each_dependency_is_declared_and_used() -> None:
    assert not differing(undeclared_and_unused())


def undeclared_and_unused() -> Iterator[tuple[str, str]]:
    libraries = {
        source: {part(name, 0) for name in source.imported} - sys.stdlib_module_names - {PACKAGE}
        for source in SOURCES
    }
    for cell in every_cell():
        active = space.active_overlays(cell.as_data())
        used = {
            name
            for source, names in libraries.items()
            if active.issuperset(source.file.overlays)
            for name in names
        }
        declared = {distribution(it) for it in contributed(active, "dependencies")}
        by_name = {canonicalize_name(it) for it in contributed(active, "loaded_by_name")}
        in_development = set(contributed(active, "imported_by_dev"))
        for name in used - {module_named(it) for it in declared} - in_development:
            yield f"{name} is not declared", cell.name
        for name in declared - by_name:
            if module_named(name) not in used:
                yield f"{name} is not used", cell.name


def test_in_every_combination_what_is_imported_of_the_service_is_there() -> None:
    assert not differing(missing())


def missing() -> Iterator[tuple[str, str]]:
    own = {
        source: {name for name in source.imported if part(name, 0) == PACKAGE} for source in SOURCES
    }
    for cell in every_cell():
        active = space.active_overlays(cell.as_data())
        there = [file for file in PYTHON if active.issuperset(file.overlays)]
        modules = {module_of(file.target) for file in there}
        for source, names in own.items():
            if active.issuperset(source.file.overlays):
                for name in names:
                    # The name of a module, or of something in one.
                    if not modules & {name, name.rpartition(".")[0]}:
                        yield f"{source.file.path.as_posix()} imports {name}", cell.name


def is_excepted(source: Source, imported: str) -> bool:
    """Whether an option lists it, as import-linter reads that: `**` is any name."""
    return any(
        fnmatch(f"{source.module} -> {of}", entry["imports"].replace("**", "*"))
        for _, contribution in CONTRIBUTIONS
        for entry in contribution.get("import_exceptions", [])
        for of in (imported, imported.rpartition(".")[0])
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.file.path.as_posix())
def test_no_layer_knows_one_above_it_and_the_core_no_library(source: Source) -> None:
    own = {name for name in source.imported if part(name, 0) == PACKAGE}
    if source.layer in LAYERS:
        below = set(LAYERS[: LAYERS.index(source.layer) + 1])
        assert {part(name, 1) for name in own} - {"settings"} <= below
    if source.layer in CORE:
        assert "settings" not in {part(name, 1) for name in own}
        assert {part(name, 0) for name in source.imported - own} <= sys.stdlib_module_names
    if source.layer == "entrypoints":
        adapters = {name for name in own if part(name, 1) == "adapters"}
        assert not {name for name in adapters if not is_excepted(source, name)}
