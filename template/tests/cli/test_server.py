"""What can be known without serving."""

import json

import pytest

from tests.cli.conftest import Run


def test_valid_settings_are_said_to_be_valid(run: Run) -> None:
    finished = run("check-settings")
    assert (finished.code, finished.err) == (0, [])
    assert finished.out == ["The settings are valid, for test."]


def test_every_problem_of_the_settings_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///app")
    finished = run("check-settings")
    assert (finished.code, finished.out) == (1, [])
    assert finished.err[0] == "invalid settings:"
    assert [line.partition(":")[0].strip() for line in sorted(finished.err[1:])] == ["ALLOWED_HOSTS", "DATABASE_URL"]


def test_the_openapi_document_needs_no_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("ENVIRONMENT")
    finished = run("openapi")
    assert (finished.code, finished.err) == (0, [])
    document = json.loads("\n".join(finished.out))
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/health"]["get"]["operationId"] == "health"


def test_without_a_command_there_is_help(run: Run) -> None:
    finished = run()
    text = "\n".join(finished.out + finished.err)
    for command in ("check-settings", "dev", "migrate", "openapi", "serve", "write-env"):
        assert command in text
