"""A release of the template that changes its own lines in the files that services add to."""

from pathlib import Path

GREETING_SETTINGS = '''"""Settings of greetings."""

from typing import Final

from packaging.version import Version
from pydantic import BaseModel

SINCE: Final = Version("0.0.2")


class GreetingSettings(BaseModel):
    greeting: str = "Hello"
'''

SQLALCHEMY_REPOSITORY = '''{% extends 'extensions/python.jinja' %}{% block source -%}
"""Greetings in the database."""

from sqlalchemy import literal, select

from {{ package }}.adapters.persistence.database import Session


class DatabaseGreetingRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, greeting: str) -> str | None:
        return await self._session.scalar(select(literal(greeting)))
{% endblock %}
'''

# Where nothing else is imported.
REPOSITORY = '''"""Greetings in the database."""

from {{ package }}.adapters.persistence.database import Session


class DatabaseGreetingRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

'''

ASYNCPG_REPOSITORY = (
    REPOSITORY
    + """    async def get(self, greeting: str) -> str | None:
        connection = await self._session.reading()
        found: str | None = await connection.fetchval("SELECT $1::text", greeting)
        return found
"""
)

TORTOISE_REPOSITORY = (
    REPOSITORY
    + """    async def get(self, greeting: str) -> str | None:
        found = await self._session.execute_query_dict("SELECT $1::text AS greeting", [greeting])
        return str(found[0]["greeting"])
"""
)

DJANGO_REPOSITORY = (
    REPOSITORY
    + """    def get(self, greeting: str) -> str | None:
        with self._session.cursor() as cursor:
            cursor.execute("SELECT %s::text", [greeting])
            return str(cursor.fetchone()[0])
"""
)

GREETING_USE_CASE = '''{% extends 'extensions/python.jinja' %}{% block source -%}
"""What can be done with greetings."""

from dataclasses import dataclass
from typing import Protocol

from {{ package }}.application.unit_of_work import UnitOfWork, UnitOfWorkFactory


class GreetingRepository(Protocol):
    async def get(self, greeting: str) -> str | None:
        """Return a greeting that the database knows."""


class GreetingUnitOfWork(UnitOfWork, Protocol):
    @property
    def greetings(self) -> GreetingRepository: ...


@dataclass(frozen=True, slots=True)
class Greet:
    unit_of_work: UnitOfWorkFactory[GreetingUnitOfWork]
    greeting: str

    async def __call__(self) -> str | None:
        async with self.unit_of_work() as work:
            return await work.greetings.get(self.greeting)
{% endblock %}
'''

GREETING_WIRING = '''{% extends 'extensions/python.jinja' %}{% block source -%}
"""Wires greetings."""

from {{ package }}.application.greetings import Greet
from {{ package }}.bootstrap.platform import Platform

__all__ = ["Greet", "wire_greetings"]


async def wire_greetings(platform: Platform) -> Greet:
    return Greet(platform.unit_of_work, platform.settings.greeting)
{% endblock %}
'''

PROCESS = """  - name: nightly
    command: check-settings
    does: checks
    definition: 'profiles: [nightly]'
"""
CONTRIBUTIONS = {
    "dependencies": "  - packaging\n",
    "dev_dependencies": "  - pluggy\n",
    "environment": "  - name: GREETING\n    value: Hello\n    comment: How clients are greeted.\n",
    "settings": "  - {module: greeting, class: GreetingSettings}\n",
    "processes": PROCESS,
    "commands": "  - command: greet\n    does: greets\n",
    "adr": "  - file: greetings.md\n    title: Greetings\n",
}
FEATURE = """features:
  - {name: greetings, class: Greet, wire: wire_greetings}
repositories:
  - {name: greetings, class: DatabaseGreetingRepository}
"""
REPOSITORIES = {
    "{{orm_sqlalchemy}}": SQLALCHEMY_REPOSITORY,
    "{{orm_asyncpg}}": ASYNCPG_REPOSITORY,
    "{{orm_tortoise}}": TORTOISE_REPOSITORY,
    "{{orm_django}}": DJANGO_REPOSITORY,
}
FILES = {
    "src/{{package}}/settings/greeting.py": GREETING_SETTINGS,
    **{
        f"{overlay}/src/{{{{package}}}}/adapters/persistence/greetings.py.jinja": text
        for overlay, text in REPOSITORIES.items()
    },
    "src/{{package}}/application/greetings.py.jinja": GREETING_USE_CASE,
    "src/{{package}}/bootstrap/greetings.py.jinja": GREETING_WIRING,
    "docs/decisions/greetings.md": "# Greetings\n\nThey are kind.\n",
}
# The last of the template's own lines before the service's place, or lines beside it.
REPLACED = {
    "Makefile.jinja": (
        "test: $(UV) ## All tests but the slow ones\n",
        "test: $(UV) ## The quick tests\n",
    ),
    "README.md.jinja": ("The template's `CHANGELOG.md` says", "A page, `CHANGELOG.md`, says"),
    "compose.yaml.jinja": ("stop_grace_period: 40s", "stop_grace_period: 45s"),
    ".github/workflows/ci.yml.jinja": ("timeout-minutes: 20", "timeout-minutes: 25"),
    ".gitignore": (".vscode/\n", ".vscode/\n.zed/\n"),
    ".dockerignore": ("**/__pycache__\n", "**/__pycache__\n**/.DS_Store\n"),
    ".pre-commit-config.yaml": (
        "        pass_filenames: false\n",
        "        pass_filenames: false\n        verbose: true\n",
    ),
    ".env.example.jinja": ("Updates of the template never write", "An update never writes"),
    "docs/decisions/README.md.jinja": ("not with your machine.", "not with any other."),
    "pyproject.toml.jinja": (
        "[tool.deptry]\n",
        "[tool.deptry]\noptional_dependencies_dev_groups = []\n",
    ),
    "{{framework_django}}/src/{{package}}/settings/django.py.jinja": (
        '    "security.W002",\n]\n',
        '    "security.W002",\n]\nNUMBER_GROUPING = 2\n',
    ),
    "{{framework_flask}}/.flaskenv.jinja": (
        ".flask_command\n",
        ".flask_command\nFLASK_RUN_HOST=127.0.0.1\n",
    ),
}
ARRIVED = {
    "pyproject.toml": ['"packaging",', '"pluggy",', "optional_dependencies_dev_groups = []"],
    ".env.example": ["#GREETING=Hello"],
    "compose.yaml": ["nightly:", "stop_grace_period: 45s"],
    "Makefile": ["## The quick tests"],
    "README.md": ["| `greet` | greets |", "A page, `CHANGELOG.md`, says"],
    ".github/workflows/ci.yml": ["timeout-minutes: 25"],
    ".gitignore": [".zed/"],
    ".dockerignore": ["**/.DS_Store"],
    ".pre-commit-config.yaml": ["verbose: true"],
    "docs/decisions/README.md": ["greetings.md", "not with any other."],
    "src/my_service/settings/__init__.py": ["    GreetingSettings,"],
    "src/my_service/bootstrap/__init__.py": [
        "DatabaseGreetingRepository(session)",
        "wire_greetings(platform)",
    ],
}
# In services of one framework.
ARRIVED_OF_FRAMEWORK = {
    "src/my_service/settings/django.py": ["NUMBER_GROUPING = 2"],
    ".flaskenv": ["FLASK_RUN_HOST=127.0.0.1"],
}


def make(formwork: Path) -> None:
    """Change the template in its repository; committing and tagging is the caller's."""
    template = formwork / "template"
    for path, text in FILES.items():
        (template / path).write_text(text, encoding="utf-8")
    option = template / "option.yml"
    text = option.read_text(encoding="utf-8")
    for key, lines in CONTRIBUTIONS.items():
        text = _replaced(text, f"\n{key}:\n", f"\n{key}:\n{lines}")
    option.write_text(f"{text.rstrip()}\n{FEATURE}", encoding="utf-8")
    for path, (old, new) in REPLACED.items():
        file = template / path
        file.write_text(_replaced(file.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def missing(service: Path) -> list[str]:
    """Return what of the release did not arrive, as a path and the text."""
    of_framework = {
        path: texts for path, texts in ARRIVED_OF_FRAMEWORK.items() if (service / path).exists()
    }
    return [
        f"{path}: {text}"
        for path, texts in {**ARRIVED, **of_framework}.items()
        for text in texts
        if text not in (service / path).read_text(encoding="utf-8")
    ]


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"the template has no longer: {old!r}"
    return text.replace(old, new)
