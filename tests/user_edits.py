"""What the people of a service add to it, each at the place that is theirs.

`ADDED` holds the text that an update has to leave where it is, by file.
"""

from pathlib import Path

CUSTOM_SETTINGS = '''"""The service's own settings."""

from pydantic import BaseModel


class CustomSettings(BaseModel):
    invoice_prefix: str = "INV"
'''

COMMAND = '''"""Commands for customers."""

import idna
import typer

app = typer.Typer(name="customers")


@app.callback()
def customers() -> None:
    """Customers."""


@app.command()
def domain(name: str) -> None:
    """Print a customer's domain as the DNS has it."""
    typer.echo(idna.encode(name).decode())
'''

COMMAND_TEST = '''"""The commands for customers."""

from typer.testing import CliRunner

from my_service.entrypoints.cli.commands.customers import app


def test_a_domain_is_printed_as_the_dns_has_it() -> None:
    result = CliRunner().invoke(app, ["domain", "bücher.example"])
    assert result.output == "xn--bcher-kva.example\\n"
'''

SETTINGS_TEST = '''"""The service's own settings."""

from my_service.settings import Settings


def test_invoices_have_a_prefix() -> None:
    assert Settings.model_fields["invoice_prefix"].default == "INV"
'''

OVERRIDE = """# The service's own part of Docker Compose.
services:
  mail:
    image: mailpit
"""

MAKE = """# The service's own make targets. Updates of the template never touch this file.

greet: ## Say hello
	@echo hello
"""

WORKFLOW = """name: Own

on: workflow_dispatch

permissions: {}

jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: make greet
"""

# Files of the service alone, new or its own from the start.
WRITTEN = {
    "src/my_service/settings/custom.py": CUSTOM_SETTINGS,
    "src/my_service/entrypoints/cli/commands/customers.py": COMMAND,
    "tests/unit/test_customers_command.py": COMMAND_TEST,
    "tests/unit/test_custom_settings.py": SETTINGS_TEST,
    "compose.override.yaml": OVERRIDE,
    "custom.mk": MAKE,
    ".github/workflows/own.yml": WORKFLOW,
    "docs/decisions/invoices.md": "# Invoices have a prefix\n\nAccounting asked for it.\n",
}

# Added at the end of files that the template goes on writing.
APPENDED = {
    ".env.example": "# What invoices begin with.\n#INVOICE_PREFIX=INV\n",
    ".gitignore": "/exports/\n",
    ".dockerignore": "!assets\n",
    "README.md": "\nThe desk's team runs it; ask them before you deploy on a Friday.\n",
    "docs/decisions/README.md": "\n| Invoices | [invoices.md](invoices.md) |\n",
    "pyproject.toml": '\n[tool.ruff.lint.extend-per-file-ignores]\n"scripts/**" = ["T20"]\n',
    ".pre-commit-config.yaml": (
        "  - repo: local\n"
        "    hooks:\n"
        "      - id: greet\n"
        "        name: say hello\n"
        "        language: system\n"
        "        entry: make greet\n"
        "        pass_filenames: false\n"
    ),
}

# The same, in services of one framework.
APPENDED_OF_FRAMEWORK = {
    "src/my_service/settings/django.py": (
        "\n"
        'INSTALLED_APPS += ["django.contrib.humanize"]\n'
        'MIDDLEWARE.insert(0, "django.middleware.locale.LocaleMiddleware")\n'
        "NUMBER_GROUPING = 3\n"
    ),
    ".flaskenv": "FLASK_RUN_PORT=5001\n",
}


def write(service: Path) -> None:
    for path, text in WRITTEN.items():
        (service / path).parent.mkdir(parents=True, exist_ok=True)
        (service / path).write_text(text, encoding="utf-8")
    append(service, APPENDED)
    forbid_in_core(service / "pyproject.toml", "idna")


def write_of_framework(service: Path) -> None:
    append(service, of_framework(service))


def of_framework(service: Path) -> dict[str, str]:
    return {path: text for path, text in APPENDED_OF_FRAMEWORK.items() if (service / path).exists()}


def append(service: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        before = (service / path).read_text(encoding="utf-8")
        (service / path).write_text(before + text, encoding="utf-8")


def forbid_in_core(pyproject: Path, module: str) -> None:
    """Add a module to the list of what the core must not import, below the template's own."""
    text = pyproject.read_text(encoding="utf-8")
    begin = text.index("forbidden_modules = [", text.index('name = "The core knows no library"'))
    end = text.index("\n]", begin)
    pyproject.write_text(f'{text[:end]}\n    "{module}",{text[end:]}', encoding="utf-8")


def lost(service: Path) -> list[str]:
    """Return what of the above is not there any more, as a path and the text."""
    expected = [*WRITTEN.items(), *APPENDED.items()]
    return [
        f"{path}: {text}"
        for path, text in expected
        if text.strip("\n") not in (service / path).read_text(encoding="utf-8")
    ]
