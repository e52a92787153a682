"""What was proved before, so that it is not proved again."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import yaml

from tests.rendering import ANSWERS_FILE
from tests.repository import CACHE, ROOT

LEDGER = CACHE / "ledger"
HARNESS = ("tests/matrix", "tests/conformance", "tests/rendering.py", "tests/space.py")


def hash_of_tree(project: Path) -> str:
    """Return a hash of a rendering: names, contents and modes, but not where it came from."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        if path.is_file():
            executable = bool(path.stat().st_mode & 0o100)
            digest.update(f"{path.relative_to(project).as_posix()}\0{executable}\0".encode())
            digest.update(_answers(path) if path.name == ANSWERS_FILE else path.read_bytes())
    return digest.hexdigest()


def hash_of_harness() -> str:
    """Return a hash of what judges the cells."""
    digest = hashlib.sha256()
    for path in sorted(_harness_files()):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key_of(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def proved(key: str) -> dict[str, float] | None:
    """Return the seconds that each stage took when the cell of this key passed, if it did."""
    entry = LEDGER / f"{key}.json"
    if not entry.exists():
        return None
    seconds: dict[str, float] = json.loads(entry.read_text(encoding="utf-8"))["seconds"]
    return seconds


def record(key: str, cell: str, seconds: dict[str, float]) -> None:
    LEDGER.mkdir(parents=True, exist_ok=True)
    entry = json.dumps({"cell": cell, "seconds": seconds}, indent=2)
    (LEDGER / f"{key}.json").write_text(entry + "\n", encoding="utf-8")


def _answers(path: Path) -> bytes:
    answers = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = {name: value for name, value in answers.items() if not name.startswith("_")}
    return json.dumps(asked, sort_keys=True).encode()


def _harness_files() -> Iterable[Path]:
    for name in HARNESS:
        path = ROOT / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)
