"""Whichever framework answers, it is the same API: the OpenAPI documents say the same.

What is compared is what a client is told: operations, parameters, bodies, answers and security.
Where a framework tells something else, it is listed with the reason.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import space
from tests.matrix.environments import environment, lock
from tests.matrix.pythons import installed_pythons
from tests.rendering import render
from tests.repository import CACHE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("openapi-documents")]

REFERENCE = "fastapi"
# What a schema says that no client depends on, and that frameworks differ in.
UNSAID: Mapping[str, type] = {
    # A name for people: FastAPI gives one to what is only a reference, pydantic does not.
    "title": str,
    # FastAPI leaves out that what is optional is null by default.
    "default": type(None),
}
# By framework: where it tells something else, and why. None does.
DIFFERENCES: Mapping[str, Mapping[str, str]] = {}

Document = dict[str, Any]
FRAMEWORKS = space.choices("framework")


@pytest.fixture(scope="module")
def documents(template: Path) -> Mapping[str, Document]:
    return {framework: document_of(template, framework) for framework in FRAMEWORKS}


def document_of(template: Path, framework: str) -> Document:
    """Render the default service of a framework and return what its `openapi` command prints."""
    python = next(iter(installed_pythons().values()))
    directory = CACHE / "openapi" / framework
    log = directory.with_suffix(".log")
    shutil.rmtree(directory, ignore_errors=True)
    project = render(template, directory, {"framework": framework})
    lock(project, python, log)
    with environment(project, python, log) as ready:
        command = [ready.command("my-service"), "openapi"]
        printed = subprocess.run(
            command, cwd=project, env=ready.variables, capture_output=True, check=True
        )
    document: Document = json.loads(printed.stdout)
    return document


def told(document: Document) -> dict[str, Any]:
    """Return what a client is told, by operation and place."""
    return {
        f"{method.upper()} {path}: {place}": value
        for path, item in document["paths"].items()
        for method, operation in item.items()
        for place, value in told_of_operation(document, operation)
    } | {"security schemes": document.get("components", {}).get("securitySchemes", {})}


def told_of_operation(document: Document, operation: Document) -> Iterator[tuple[str, Any]]:
    yield "id", operation["operationId"]
    yield "tags", operation["tags"]
    yield "summary", operation["summary"]
    yield "description", operation["description"]
    yield "deprecated", operation.get("deprecated", False)
    yield "security", operation.get("security", [])
    for parameter in operation.get("parameters", []):
        yield (
            f"{parameter['in']} {parameter['name']}",
            (
                parameter["required"],
                parameter.get("description"),
                dereferenced(document, parameter["schema"]),
            ),
        )
    body = operation.get("requestBody", {})
    yield "body is required", body.get("required", False)
    yield "body", contents(document, body)
    for status, response in operation["responses"].items():
        yield f"{status} is described", response["description"]
        yield status, contents(document, response)


def contents(document: Document, holder: Document) -> dict[str, Any]:
    return {
        media_type: dereferenced(document, content)
        for media_type, content in holder.get("content", {}).items()
    }


def dereferenced(document: Document, node: Any) -> Any:
    """Return a schema with what it refers to in its place, without what is left unsaid."""
    if isinstance(node, list):
        return [dereferenced(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        target = document["components"]["schemas"][node["$ref"].rpartition("/")[2]]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    return {
        key: dereferenced(document, value)
        for key, value in node.items()
        if not (key in UNSAID and isinstance(value, UNSAID[key]))
    }


@pytest.mark.parametrize("framework", [name for name in FRAMEWORKS if name != REFERENCE])
def test_a_framework_tells_the_same(documents: Mapping[str, Document], framework: str) -> None:
    ours, theirs = told(documents[REFERENCE]), told(documents[framework])
    assert list(ours), "there is something to compare"
    differing = {
        place for place in ours.keys() | theirs.keys() if ours.get(place) != theirs.get(place)
    }
    assert differing == set(DIFFERENCES.get(framework, {}))


def test_a_difference_would_be_seen(documents: Mapping[str, Document]) -> None:
    changed = json.loads(json.dumps(documents[REFERENCE]))
    changed["components"]["schemas"]["OrderBody"]["properties"]["version"]["type"] = "string"
    assert told(changed) != told(documents[REFERENCE])
