from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture
async def document(client: httpx2.AsyncClient) -> dict[str, Any]:
    response = await client.get("/openapi.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    document = response.json()
    assert isinstance(document, dict)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


async def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")


async def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert {"health", "ready"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(name.isidentifier() and name.islower() for name in ids)


async def test_every_failure_that_is_documented_is_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        failures = {status: response for status, response in operation["responses"].items() if status >= "400"}
        assert "500" in failures, f"{method} {path}"
        for status, response in failures.items():
            content = response["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemBody"}, f"{method} {path} {status}"


async def test_every_operation_of_the_api_documents_its_limits(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if path.startswith("/api/"):
            expected = {"429", "500"} | ({"413", "415", "422"} if "requestBody" in operation else set())
            assert expected <= set(operation["responses"]), f"{method} {path}"


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    found = set(references(document))
    assert "#/components/schemas/ProblemBody" in found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


async def test_the_problem_schema_describes_the_problems_that_are_sent(
    client: httpx2.AsyncClient, document: dict[str, Any]
) -> None:
    schema = document["components"]["schemas"]["ProblemBody"]
    problem = (await client.get("/api/v1/nothing")).json()
    assert set(schema["required"]) <= set(problem) <= set(schema["properties"])


async def test_the_docs_page_shows_this_document(client: httpx2.AsyncClient) -> None:
    assert '"/openapi.json"' in (await client.get("/docs")).text
