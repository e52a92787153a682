"""The OpenAPI document: 3.1, complete, and its examples are true."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import pytest

from .answers import without
from .identities import AUTH, ask_for_tokens, bearer, become_somebody, new_username
from .orders import MISSING_ID, ORDERS, PlaceOrder, order_path
from .responses import JSON, PROBLEM_JSON, expect_success

HTTP_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
FRAME = {"health", "ready"}
REFUSALS = {
    "place_order": {"409", "413", "415", "422", "429"},
    "list_orders": {"422", "429"},
    "get_order": {"404", "422", "429"},
    "change_order": {"404", "409", "412", "413", "415", "422", "428", "429"},
    "cancel_order": {"404", "409", "412", "422", "429"},
    "get_order_status": {"404", "422", "429"},
}
SUCCESSES = {
    "place_order": {"200", "201"},
    "list_orders": {"200"},
    "get_order": {"200"},
    "change_order": {"200"},
    "cancel_order": {"200"},
    "get_order_status": {"200"},
}


def _operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: {
            **operation,
            "parameters": [
                _resolved(document, parameter)
                for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]
            ],
        }
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in HTTP_METHODS
    }


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _responses(
    document: dict[str, Any], operation: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, response in operation["responses"].items():
        yield status, _resolved(document, response)


def _contents(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every request and response body in the document, with a name for it."""
    for name, operation in _operations(document).items():
        if "requestBody" in operation:
            body = _resolved(document, operation["requestBody"])
            for content in body["content"].values():
                yield f"{name} request", content
        for status, response in _responses(document, operation):
            for content in response.get("content", {}).values():
                yield f"{name} {status}", content


def _examples(document: dict[str, Any], content: dict[str, Any]) -> list[Any]:
    schema = _resolved(document, content["schema"])
    named = [_resolved(document, example) for example in content.get("examples", {}).values()]
    bare = [holder["example"] for holder in (content, schema) if "example" in holder]
    return [*(example["value"] for example in named), *schema.get("examples", []), *bare]


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]


def test_the_document_does_not_depend_on_who_asks(client: httpx.Client) -> None:
    here = expect_success(client.get("/openapi.json"))
    there = expect_success(client.get("/openapi.json", headers={"Host": "localhost:1"}))
    assert here.content == there.content


def test_the_operations_of_the_frame_are_documented(document: dict[str, Any]) -> None:
    assert set(_operations(document)) >= FRAME


@pytest.mark.needs(example=True)
def test_the_operations_of_the_example_are_documented(document: dict[str, Any]) -> None:
    assert set(_operations(document)) >= set(REFUSALS)


@pytest.mark.needs(example=False)
def test_without_the_example_nothing_of_it_is_documented(
    client: httpx.Client, document: dict[str, Any]
) -> None:
    assert "order" not in client.get("/openapi.json").text.lower()
    assert not set(_operations(document)) & set(REFUSALS)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in _operations(document).items():
        assert operation.get("summary"), name


def test_every_operation_documents_problems(document: dict[str, Any]) -> None:
    for name, operation in _operations(document).items():
        refusals = [
            (status, set(response.get("content", {})))
            for status, response in _responses(document, operation)
            if not status.startswith("2")
        ]
        assert refusals, name
        assert [found for found in refusals if found[1] != {PROBLEM_JSON}] == [], name


def test_every_success_is_documented_as_json(document: dict[str, Any]) -> None:
    for name, operation in _operations(document).items():
        for status, response in _responses(document, operation):
            if status.startswith("2") and status != "204":
                assert set(response["content"]) == {JSON}, name


@pytest.mark.needs(example=True)
@pytest.mark.parametrize("name", REFUSALS)
def test_an_operation_documents_every_status(document: dict[str, Any], name: str) -> None:
    statuses = set(_operations(document)[name]["responses"])
    assert statuses >= REFUSALS[name]
    assert {status for status in statuses if status.startswith("2")} == SUCCESSES[name]


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    bare = [name for name, content in _contents(document) if not _examples(document, content)]
    assert bare == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    wrong = []
    for name, content in _contents(document):
        schema = {**content["schema"], "components": document.get("components", {})}
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for example in _examples(document, content):
            wrong += [(name, error.message) for error in validator.iter_errors(example)]
    assert wrong == []


def test_an_example_of_a_problem_has_the_status_that_it_stands_for(
    document: dict[str, Any],
) -> None:
    for name, operation in _operations(document).items():
        for status, response in _responses(document, operation):
            for media_type, content in response.get("content", {}).items():
                if media_type == PROBLEM_JSON and status.isdigit():
                    found = {problem["status"] for problem in _examples(document, content)}
                    assert found == {int(status)}, (name, status)


def _expect_documented(document: dict[str, Any], name: str, response: httpx.Response) -> None:
    described = dict(_responses(document, _operations(document)[name]))
    content = described[str(response.status_code)]["content"][PROBLEM_JSON]
    shown = {(problem["code"], problem["title"]) for problem in _examples(document, content)}
    sent = response.json()
    assert shown == {(sent["code"], sent["title"])}, name


@pytest.mark.needs(example=True)
def test_examples_of_problems_are_those_that_orders_are_refused_with(
    client: httpx.Client, document: dict[str, Any], place_order: PlaceOrder
) -> None:
    cancelled = order_path(place_order())
    expect_success(client.post(f"{cancelled}/cancel"))
    note, any_version, stale = {"note": "x"}, {"If-Match": "*"}, {"If-Match": '"9"'}
    for path in (f"{ORDERS}/{MISSING_ID}", cancelled):
        _expect_documented(
            document, "change_order", client.patch(path, json=note, headers=any_version)
        )
        _expect_documented(document, "cancel_order", client.post(f"{path}/cancel"))
    _expect_documented(document, "get_order", client.get(f"{ORDERS}/{MISSING_ID}"))
    _expect_documented(document, "get_order_status", client.get(f"{ORDERS}/{MISSING_ID}/status"))
    _expect_documented(document, "change_order", client.patch(cancelled, json=note, headers=stale))
    _expect_documented(document, "cancel_order", client.post(f"{cancelled}/cancel", headers=stale))
    _expect_documented(document, "place_order", client.post(ORDERS, json={}))


@pytest.mark.needs(queue=without("none"))
def test_the_example_of_a_missing_job_is_true(
    client: httpx.Client, document: dict[str, Any]
) -> None:
    _expect_documented(document, "get_job", client.get(f"/api/v1/jobs/{MISSING_ID}"))


@pytest.mark.needs(auth="jwt")
def test_examples_of_refused_credentials_are_true(
    stranger: httpx.Client, document: dict[str, Any]
) -> None:
    _expect_documented(document, "get_account", stranger.get(f"{AUTH}/me"))
    _expect_documented(document, "issue_tokens", ask_for_tokens(stranger, new_username()))
    refreshed = stranger.post(f"{AUTH}/refresh", json={"refresh_token": "none"})
    _expect_documented(document, "refresh_tokens", refreshed)


@pytest.mark.needs(auth="jwt", example=True)
def test_the_example_of_a_missing_scope_is_true(
    stranger: httpx.Client, document: dict[str, Any]
) -> None:
    reading = bearer(become_somebody(stranger, scope="orders:read"))
    refused = stranger.post(ORDERS, json={}, headers=reading)
    _expect_documented(document, "place_order", refused)


@pytest.mark.needs(auth=without("none"))
def test_operations_say_what_they_ask_for_and_how_they_refuse(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    gated = 0
    for name, operation in _operations(document).items():
        asked = [
            (scheme, scopes)
            for ask in operation.get("security", [])
            for scheme, scopes in ask.items()
        ]
        gated += bool(asked)
        assert {scheme for scheme, _ in asked} <= set(schemes), name
        assert ("401" in operation["responses"]) == bool(asked), name
        assert ("403" in operation["responses"]) == any(scopes for _, scopes in asked), name
    assert gated


@pytest.mark.needs(auth=without("none"), example=True)
def test_the_operations_of_the_example_ask_for_a_scope(document: dict[str, Any]) -> None:
    for name in REFUSALS:
        ((_, scopes),) = _operations(document)[name]["security"][0].items()
        assert scopes == ["orders:read" if "get" in name or "list" in name else "orders:write"]


@pytest.mark.needs(auth="none")
def test_without_auth_nothing_asks_for_credentials(document: dict[str, Any]) -> None:
    assert "securitySchemes" not in document.get("components", {})
    assert not document.get("security")
    assert not [op for op in _operations(document).values() if op.get("security")]


def test_no_schema_is_the_framework_s_own(document: dict[str, Any]) -> None:
    schemas = set(document.get("components", {}).get("schemas", {}))
    assert not schemas & {"HTTPValidationError", "ValidationError", "HTTPException"}


def _parameters(document: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {
        parameter["name"].lower(): parameter
        for parameter in _operations(document)[name]["parameters"]
    }


@pytest.mark.needs(example=True)
def test_the_parameters_of_the_example_are_documented(document: dict[str, Any]) -> None:
    assert set(_parameters(document, "list_orders")) >= {"status", "limit", "cursor"}
    assert set(_parameters(document, "place_order")) >= {"mode", "idempotency-key"}
    assert set(_parameters(document, "change_order")) >= {"mode", "if-match"}
    assert set(_parameters(document, "cancel_order")) >= {"mode", "if-match"}


@pytest.mark.needs(example=True)
def test_a_change_is_documented_to_need_a_precondition(document: dict[str, Any]) -> None:
    assert _parameters(document, "change_order")["if-match"]["required"]
    assert not _parameters(document, "cancel_order")["if-match"].get("required")


def test_no_header_or_query_parameter_is_documented_to_be_null(document: dict[str, Any]) -> None:
    # Neither has a way to say null; what is left out is optional, not null.
    for name in _operations(document):
        for parameter in _parameters(document, name).values():
            schema = _resolved(document, parameter["schema"])
            assert {"type": "null"} not in schema.get("anyOf", []), (name, parameter["name"])


@pytest.mark.needs(example=True)
def test_the_page_size_is_documented_with_its_bounds(document: dict[str, Any]) -> None:
    schema = _resolved(document, _parameters(document, "list_orders")["limit"]["schema"])
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 100, 20)


@pytest.mark.needs(example=True)
def test_bodies_are_closed_to_unknown_members(document: dict[str, Any]) -> None:
    for name in ("place_order", "change_order"):
        body = _resolved(document, _operations(document)[name]["requestBody"])
        assert set(body["content"]) == {JSON}
        schema = _resolved(document, body["content"][JSON]["schema"])
        assert schema["additionalProperties"] is False
