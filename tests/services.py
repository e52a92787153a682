"""Services as their people have them: in a repository and an environment of their own."""

import os
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests import user_edits, walkthrough
from tests.matrix.environments import Environment
from tests.matrix.processes import StageError
from tests.matrix.pythons import installed_pythons
from tests.repositories import commit, git
from tests.repository import CACHE

ADDED_BY_UV = {"idna": "add", "iniconfig": "add --group custom"}


class Service:
    """A rendered and committed service, and what its people run in it.

    The environment is kept from one run to the next under `name`: the dependencies are the same,
    and the sync is exact.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.log = directory.parent / "service.log"
        python = next(iter(installed_pythons().values()))
        # Test processes have one each, because it names the service that is installed in it.
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        environment = CACHE / "environments" / f"{name}-{python.name}-{worker}"
        self.environment = Environment(directory, environment, python)

    def run(self, *command: str, **variables: str) -> None:
        try:
            self.environment.run(*command, log=self.log, **variables)
        except StageError as error:
            pytest.fail(f"{error}\n{error.tail()}", pytrace=False)

    def uv(self, command: str, *arguments: str) -> None:
        self.run(find_uv_bin(), *command.split(), "--quiet", *arguments)

    def read(self, path: str) -> str:
        return (self.directory / path).read_text(encoding="utf-8")

    def add_everything(self) -> None:
        """Add what services add, at each of the places that are theirs, as their documents say."""
        self.uv("lock")
        commit(self.directory, "Lock")
        for name, command in ADDED_BY_UV.items():
            self.uv(command, name)
        user_edits.write(self.directory)
        user_edits.write_of_framework(self.directory)
        walkthrough.write_files(self.directory)
        self.uv("sync")
        script, *arguments = walkthrough.migration_command(self.directory)
        self.run(self.environment.command(script), *arguments)
        walkthrough.write_sql(self.directory)
        commit(self.directory, "Add customers")

    def expect_no_edit_lost(self) -> None:
        """Expect everything that `add_everything` has committed to be there still."""
        assert user_edits.lost(self.directory) == []
        for path, text in user_edits.of_framework(self.directory).items():
            assert text in self.read(path)
        pyproject = self.read("pyproject.toml")
        assert pyproject.count('"idna') == 2, "as a dependency, and as forbidden to the core"
        assert 'custom = [\n    "iniconfig' in pyproject
        committed = git(self.directory, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
        for path in [path for path in committed if "customers" in path or "custom" in path]:
            assert self.read(path).strip() == git(self.directory, "show", f"HEAD:{path}"), path
