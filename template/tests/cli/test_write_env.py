"""Writing a `.env`."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run

EXAMPLE = "# A comment\nONE=change-me\nTWO=kept\nTHREE=a:change-me@b\n"


def test_every_placeholder_becomes_a_secret_of_its_own(run: Run) -> None:
    Path(".env.example").write_text(EXAMPLE)
    assert run("write-env").code == 0
    comment, one, two, three = Path(".env").read_text().splitlines()
    assert (comment, two) == ("# A comment", "TWO=kept")
    first = one.removeprefix("ONE=")
    second = three.removeprefix("THREE=a:").removesuffix("@b")
    assert len(first) == len(second) == 32
    assert first != second
    assert Path(".env.example").read_text() == EXAMPLE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_nobody_else_may_read_it(run: Run) -> None:
    Path(".env.example").write_text(EXAMPLE)
    run("write-env")
    assert Path(".env").stat().st_mode & 0o077 == 0


def test_what_is_there_is_not_overwritten(run: Run) -> None:
    Path(".env.example").write_text(EXAMPLE)
    Path(".env").write_text("ONE=mine\n")
    finished = run("write-env")
    assert finished.code == 1
    assert finished.err == [".env is there already; move it away first"]
    assert Path(".env").read_text() == "ONE=mine\n"


def test_elsewhere_than_in_the_project_there_is_nothing_to_copy(run: Run) -> None:
    finished = run("write-env")
    assert finished.code == 1
    assert finished.err == ["there is no .env.example here; change to the directory of the project"]
    assert not Path(".env").exists()


def test_the_example_that_comes_with_the_service_makes_valid_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = Path(__file__).parents[2] / ".env.example"
    Path(".env.example").write_text(example.read_text())
    monkeypatch.delenv("ENVIRONMENT")
    monkeypatch.delenv("LOG_FORMAT")
    run("write-env")
    lines = Path(".env").read_text().splitlines()
    assert not [line for line in lines if "change-me" in line and not line.startswith("# ")]
    assert run("check-settings").out == ["The settings are valid, for development."]
