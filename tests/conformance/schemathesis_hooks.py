"""Keeps valid data meaningful: a schema can't say that one order has one currency.

Only requests that were generated as valid are touched; malformed ones go out as they are.
"""

import hashlib
import json
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

AnyCase = Case[Any]


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, Any]) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    _spell_integers_as_integers(case.body)
    _use_one_currency(case.body)
    _choose_a_name_that_can_be_seen(case.body)
    _drop_made_up_cursor(case)
    _bind_key_to_body(case)
    _match_any_version_now_and_then(case)
    _commit_what_later_steps_look_for(case)


def _spell_integers_as_integers(body: Any) -> None:
    """3.0 is an integer to JSON Schema, but a quantity has to be written as one."""
    if isinstance(body, dict) and isinstance(body.get("lines"), list):
        for line in body["lines"]:
            line["quantity"] = int(line["quantity"])


def _use_one_currency(body: Any) -> None:
    """Mixed currencies are refused with 422, a rule across fields that no schema states."""
    if not isinstance(body, dict) or not isinstance(body.get("lines"), list):
        return
    prices = [line["unit_price"] for line in body["lines"]]
    for price in prices[1:]:
        price["currency"] = prices[0]["currency"]


def _choose_a_name_that_can_be_seen(body: Any) -> None:
    """A username of characters that nobody can see is refused with 422; no pattern lists them."""
    if isinstance(body, dict) and "username" in body:
        digest = hashlib.sha256(body["username"].encode(errors="replace")).hexdigest()
        body["username"] = f"{digest[:16]}@example.com"


def _drop_made_up_cursor(case: AnyCase) -> None:
    """A cursor is opaque and only the service makes valid ones; any other is refused with 422."""
    if case.query:
        case.query.pop("cursor", None)


def _bind_key_to_body(case: AnyCase) -> None:
    """The same short key is drawn for many bodies, which is refused with 422: one key per body."""
    key = case.headers.get("Idempotency-Key") if case.headers else None
    if key:
        digest = hashlib.sha256(json.dumps(case.body, default=repr).encode()).hexdigest()
        case.headers["Idempotency-Key"] = f"{key[:190]}{digest}"


def _match_any_version_now_and_then(case: AnyCase) -> None:
    """A drawn entity tag is never the current one, so half of the changes ask for any version."""
    tag = case.headers.get("If-Match") if case.headers else None
    if tag and len(tag) % 2:
        case.headers["If-Match"] = "*"


def _commit_what_later_steps_look_for(case: AnyCase) -> None:
    """A dry run answers with an order that does not exist; a sequence of steps would look it up."""
    in_sequence = case.meta is not None and case.meta.phase.name.value == "stateful"
    if in_sequence and case.query and case.query.get("mode") == "dry_run":
        case.query["mode"] = "commit"
