"""What was proved before, so that it is not proved again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import yaml

from tests.rendering import ANSWERS_FILE
from tests.repositories import git
from tests.repository import CACHE, ROOT, SOURCES

LEDGER = CACHE / "ledger"
# What judges the cells: code, what it knows of them, and the versions of all that it uses.
HARNESS = (
    "extensions/reserved_names.jinja",
    "tests/matrix",
    "tests/conformance",
    "tests/macros.py",
    "tests/rendering.py",
    "tests/repositories.py",
    "tests/repository.py",
    "tests/space.py",
    "uv.lock",
)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


@dataclass(frozen=True)
class Proof:
    """How a cell passed: the seconds of each stage, the versions of what ran, and the day (UTC).

    `commit` is that of the template; nothing if it was changed since.
    """

    cell: str
    seconds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    commit: str = ""
    day: str = field(default_factory=_today)


def hash_of_tree(project: Path) -> str:
    """Return a hash of a rendering: names, contents and modes, but not where it came from."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        if path.is_file():
            executable = bool(path.stat().st_mode & 0o100)
            digest.update(f"{path.relative_to(project).as_posix()}\0{executable}\0".encode())
            digest.update(_answers(path) if path.name == ANSWERS_FILE else path.read_bytes())
    return digest.hexdigest()


def hash_of_harness(root: Path = ROOT) -> str:
    """Return a hash of what judges the cells."""
    digest = hashlib.sha256()
    for path in sorted(_harness_files(root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def commit_of_template(root: Path = ROOT) -> str:
    """Return the commit that the template is at, or nothing if its files are others."""
    if git(root, "status", "--porcelain", "--", *SOURCES):
        return ""
    return git(root, "rev-parse", "--short=10", "HEAD")


def key_of(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def proved(key: str) -> Proof | None:
    """Return how the cell of this key passed, if it did."""
    entry = LEDGER / f"{key}.json"
    return Proof(**json.loads(entry.read_text(encoding="utf-8"))) if entry.exists() else None


def record(key: str, proof: Proof) -> None:
    """Keep a proof, whole or not at all: whoever is interrupted leaves no half of it."""
    LEDGER.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=LEDGER, delete=False) as entry:
        entry.write(json.dumps(asdict(proof), indent=2) + "\n")
    Path(entry.name).replace(LEDGER / f"{key}.json")


def _answers(path: Path) -> bytes:
    answers = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = {name: value for name, value in answers.items() if not name.startswith("_")}
    return json.dumps(asked, sort_keys=True).encode()


def _harness_files(root: Path) -> Iterable[Path]:
    for name in HARNESS:
        path = root / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)
