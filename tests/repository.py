"""The files of this repository, and how the template's are overlaid."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template"
EXTENSIONS = ROOT / "extensions"
CACHE = ROOT / ".cache"
SOURCES = ("copier.yml", "extensions", "template")
SUFFIX = ".jinja"
OVERLAY = re.compile(r"\{\{(\w+)\}\}")
BASE = "base"
# The first and last line of a file that extends a building block.
BLOCK_FIRST = re.compile(r"\{%-? extends 'extensions/\w+\.jinja' -?%\}\{%-? block \w+ -?%\}")
BLOCK_LAST = "{% endblock %}"
GENERATED = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".DS_Store"}


@dataclass(frozen=True, order=True)
class TemplateFile:
    """A file of the template; `overlays` are the variables of the folders that it is in."""

    path: Path
    overlays: tuple[str, ...]

    @property
    def source(self) -> Path:
        return TEMPLATE / self.path

    @property
    def option(self) -> str:
        """Name what has to be chosen for this file: "base" or variables joined by a plus."""
        return "+".join(sorted(self.overlays)) or BASE

    @property
    def target(self) -> str:
        """Where it is rendered to, its variables apart."""
        return Path(*self.path.parts[len(self.overlays) :]).as_posix().removesuffix(SUFFIX)

    @property
    def is_rendered(self) -> bool:
        return not any(self.path.match(pattern) for pattern in never_rendered())


def template_files() -> list[TemplateFile]:
    """Return every file under `template/`, contributions too, in a stable order."""
    paths = sorted(path.relative_to(TEMPLATE) for path in TEMPLATE.rglob("*") if path.is_file())
    return [
        TemplateFile(path, tuple(overlays_of(path)))
        for path in paths
        if not GENERATED & set(path.parts)
    ]


def rendered_files() -> list[TemplateFile]:
    """Return the files that are rendered into services."""
    return [file for file in template_files() if file.is_rendered]


def option_files() -> list[TemplateFile]:
    """Return what options contribute to woven files."""
    return [file for file in template_files() if file.path.name == "option.yml"]


@cache
def never_rendered() -> list[str]:
    """Return the patterns of files that other template files read."""
    declared = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    return list(declared["_exclude"])


def copy_sources(destination: Path, *, of: Path = ROOT) -> Path:
    """Copy what Copier reads, without this repository's history, and return the copy."""
    ignore = shutil.ignore_patterns(*GENERATED)
    destination.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        source = of / name
        if source.is_dir():
            shutil.copytree(source, destination / name, ignore=ignore)
        else:
            shutil.copy2(source, destination / name)
    return destination


def without_block(text: str) -> str:
    """Return what a file that extends a building block has in it; any other as it is."""
    lines = text.splitlines()
    if lines and BLOCK_FIRST.fullmatch(lines[0]) and lines[-1] == BLOCK_LAST:
        lines = lines[1:-1]
    return "\n".join(lines)


def overlays_of(path: Path) -> Iterator[str]:
    """Yield the variables of the folders that a path in the template begins with."""
    for part in path.parts[:-1]:
        match = OVERLAY.fullmatch(part)
        if match is None or match[1] == "package":
            return
        yield match[1]
