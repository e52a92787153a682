"""Accounts and tokens: who registers, logs in, refreshes, and when that ends."""

import base64
import json
import time
from typing import Any
from uuid import UUID

import httpx
import pytest

from .concurrency import at_once
from .identities import (
    AUTH,
    PASSWORD,
    ask_for_tokens,
    bearer,
    become_somebody,
    log_in,
    new_username,
    register,
)
from .responses import expect_invalid, expect_no_content, expect_problem, expect_success, only

pytestmark = pytest.mark.needs(auth="jwt")

# Longer than the grace that services have by default.
PATIENCE = 15.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _refresh(stranger: httpx.Client, tokens: dict[str, Any]) -> httpx.Response:
    body = {"refresh_token": tokens["refresh_token"]}
    return stranger.post(f"{AUTH}/refresh", json=body)


def _refreshed(stranger: httpx.Client, tokens: dict[str, Any]) -> dict[str, Any]:
    renewed = expect_success(_refresh(stranger, tokens)).json()
    assert isinstance(renewed, dict)
    return renewed


def _log_out(stranger: httpx.Client, tokens: dict[str, Any]) -> httpx.Response:
    return stranger.post(f"{AUTH}/logout", json={"refresh_token": tokens["refresh_token"]})


def _me(stranger: httpx.Client, token: str) -> httpx.Response:
    return stranger.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {token}"})


def _decoded(part: str) -> dict[str, Any]:
    decoded = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert isinstance(decoded, dict)
    return decoded


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _expect_refused_token(response: httpx.Response) -> dict[str, Any]:
    assert only(response, "WWW-Authenticate") == 'Bearer error="invalid_token"'
    return expect_problem(response, 401, "unauthenticated")


def _without_ids(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "request_id"}


def test_a_login_gets_a_pair_of_tokens(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert tokens["token_type"].lower() == "bearer"
    assert 0 < tokens["expires_in"] <= 3600
    assert len(tokens["refresh_token"]) >= 32


def test_an_access_token_says_what_it_has_to_and_for_how_long(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    header, claims = map(_decoded, tokens["access_token"].split(".")[:2])
    assert header["typ"] == "at+jwt"
    assert header["alg"] not in {"none", None}
    assert set(claims) >= {"iss", "aud", "sub", "exp", "iat", "jti", "scope"}
    assert claims["exp"] - claims["iat"] == tokens["expires_in"]
    assert abs(claims["iat"] - time.time()) < 60
    assert claims["scope"] == tokens["scope"]


def test_no_two_access_tokens_are_alike(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    assert _refreshed(stranger, tokens)["access_token"] != tokens["access_token"]


def test_whoever_is_logged_in_reads_who_they_are(stranger: httpx.Client) -> None:
    username = new_username()
    expect_success(register(stranger, username), 202)
    tokens = log_in(stranger, username)
    account = expect_success(_me(stranger, tokens["access_token"])).json()
    assert set(account) == {"id", "username", "scopes", "created_at"}
    assert account["username"] == username
    assert UUID(account["id"]).version == 7
    assert account["created_at"].endswith("Z")
    assert sorted(account["scopes"]) == sorted(tokens["scope"].split())


def test_a_free_username_and_a_taken_one_are_answered_alike(stranger: httpx.Client) -> None:
    username = new_username()
    first = expect_success(register(stranger, username), 202)
    second = expect_success(register(stranger, username, "another password"), 202)
    assert first.content == second.content
    assert set(first.headers) == set(second.headers)
    expect_problem(ask_for_tokens(stranger, username, "another password"), 400, "invalid_grant")
    log_in(stranger, username)


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(stranger: httpx.Client) -> None:
    username = new_username()
    expect_success(register(stranger, username), 202)
    wrong = ask_for_tokens(stranger, username, "a wrong password")
    unknown = ask_for_tokens(stranger, new_username())
    problems = [expect_problem(answer, 400, "invalid_grant") for answer in (wrong, unknown)]
    assert _without_ids(problems[0]) == _without_ids(problems[1])
    assert problems[0]["error"] == "invalid_grant"


@pytest.mark.parametrize("mend", [str.upper, str.title])
def test_case_does_not_tell_usernames_apart(stranger: httpx.Client, mend: Any) -> None:
    username = new_username()
    expect_success(register(stranger, mend(username)), 202)
    log_in(stranger, username)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("username", ""),
        ("username", "two words"),
        ("username", "a\u0000b"),
        ("username", "a\u200bb"),
        ("username", "x" * 255),
        ("username", 7),
        ("username", None),
        ("password", "1234567"),
        ("password", "x" * 1000),
        ("password", None),
        ("scopes", ["admin"]),
        ("scope", "admin"),
    ],
)
def test_an_account_that_can_not_be_is_refused(
    stranger: httpx.Client, member: str, value: Any
) -> None:
    body = {"username": new_username(), "password": PASSWORD, member: value}
    expect_invalid(stranger.post(f"{AUTH}/register", json=body), "body", f"/{member}")


def test_a_new_account_is_no_admin_s(stranger: httpx.Client) -> None:
    username = new_username()
    expect_success(register(stranger, username), 202)
    refused = ask_for_tokens(stranger, username, scope="admin")
    assert expect_problem(refused, 400, "invalid_scope")["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        (b"", "/grant_type"),
        (b"grant_type=&username=a&password=b", "/grant_type"),
        (b"grant_type=client_credentials", "/grant_type"),
        (b"grant_type=password&username=a", "/password"),
        (b"grant_type=password&password=a", "/username"),
        (b"grant_type=password&username=a&username=a&password=b", ""),
        (b"grant_type=password&username=%ff&password=b", ""),
        (b"a=b&" * 1000, ""),
    ],
)
def test_a_form_that_is_not_complete_is_refused(
    stranger: httpx.Client, form: bytes, pointer: str
) -> None:
    response = stranger.post(f"{AUTH}/token", content=form, headers=FORM)
    expect_invalid(response, "body", pointer)


def test_a_login_is_a_form_and_everything_else_is_json(stranger: httpx.Client) -> None:
    answers = [
        stranger.post(f"{AUTH}/token", json={"grant_type": "password"}),
        *(
            stranger.post(f"{AUTH}/{path}", data={"a": "b"})
            for path in ("register", "refresh", "logout")
        ),
    ]
    for answer in answers:
        expect_problem(answer, 415, "unsupported_media_type")


def test_without_credentials_a_client_is_asked_for_them(stranger: httpx.Client) -> None:
    response = stranger.get(f"{AUTH}/me")
    expect_problem(response, 401, "unauthenticated")
    assert only(response, "WWW-Authenticate") == "Bearer"


def test_credentials_of_another_kind_are_not_taken(stranger: httpx.Client) -> None:
    token = become_somebody(stranger)["access_token"]
    for value in (token, f"Basic {token}", f"Token {token}"):
        response = stranger.get(f"{AUTH}/me", headers={"Authorization": value})
        expect_problem(response, 401, "unauthenticated")


def test_a_token_in_the_query_or_a_cookie_is_not_looked_at(stranger: httpx.Client) -> None:
    token = become_somebody(stranger)["access_token"]
    queried = stranger.get(f"{AUTH}/me", params={"access_token": token, "token": token})
    sent = stranger.get(f"{AUTH}/me", headers={"Cookie": f"access_token={token}"})
    for response in (queried, sent):
        expect_problem(response, 401, "unauthenticated")


def test_every_bad_token_is_refused_alike(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    header, claims, signature = tokens["access_token"].split(".")
    unsigned = _encoded({**_decoded(header), "alg": "none"})
    others = _encoded({**_decoded(header), "alg": "HS512"})
    promoted = _encoded({**_decoded(claims), "scope": "admin"})
    another = _encoded({**_decoded(claims), "sub": "01890a5d-ac96-774b-bcce-b302099a8057"})
    later = _encoded({**_decoded(claims), "exp": 2**40})
    bad = [
        "x",
        "a.b.c",
        "..",
        tokens["refresh_token"],
        f"{header}.{claims}.",
        f"{header}.{claims}",
        f"{header}.{claims}.{signature[:-2]}",
        f"{header}.{claims}.{signature[::-1]}",
        f"{unsigned}.{claims}.",
        f"{unsigned}.{claims}.{signature}",
        f"{others}.{claims}.{signature}",
        f"{header}.{promoted}.{signature}",
        f"{header}.{another}.{signature}",
        f"{header}.{later}.{signature}",
        _encoded({"alg": []}) + f".{claims}.{signature}",
        "9" * 5_000,
    ]
    problems = [_expect_refused_token(_me(stranger, token)) for token in bad]
    assert all(_without_ids(problem) == _without_ids(problems[0]) for problem in problems)


def test_a_refresh_token_is_exchanged(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    renewed = _refreshed(stranger, tokens)
    assert set(renewed) == set(tokens)
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert renewed["scope"] == tokens["scope"]
    expect_success(_me(stranger, renewed["access_token"]))
    _refreshed(stranger, renewed)


def test_twenty_refreshes_at_once_leave_one_live_family_and_a_later_replay_kills_it(
    stranger: httpx.Client,
) -> None:
    tokens = become_somebody(stranger)
    answers = at_once(20, lambda _: _refresh(stranger, tokens))
    successors = [expect_success(answer).json() for answer in answers]
    assert len({successor["refresh_token"] for successor in successors}) == 20
    newest = _refreshed(stranger, successors[0])
    _wait_until_replays_are_refused(stranger, tokens)
    for dead in (newest, *successors[1:]):
        expect_problem(_refresh(stranger, dead), 400, "invalid_grant")


def test_a_replay_ends_no_other_login(stranger: httpx.Client) -> None:
    username = new_username()
    expect_success(register(stranger, username), 202)
    one, other = log_in(stranger, username), log_in(stranger, username)
    _refreshed(stranger, one)
    _wait_until_replays_are_refused(stranger, one)
    _refreshed(stranger, other)


def _wait_until_replays_are_refused(stranger: httpx.Client, tokens: dict[str, Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while (replay := _refresh(stranger, tokens)).status_code == 200:
        assert time.monotonic() < deadline, "the grace does not end"
        time.sleep(0.5)
    expect_problem(replay, 400, "invalid_grant")


@pytest.mark.parametrize("token", ["x", "0" * 43, "é", "a.b.c", "' OR 1=1 --"])
def test_what_is_no_refresh_token_is_refused(stranger: httpx.Client, token: str) -> None:
    problem = expect_problem(_refresh(stranger, {"refresh_token": token}), 400, "invalid_grant")
    assert problem["error"] == "invalid_grant"


def test_an_access_token_refreshes_nothing(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    refused = _refresh(stranger, {"refresh_token": tokens["access_token"]})
    assert refused.status_code in {400, 422}


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_a_refresh_token_has_to_be_sent(stranger: httpx.Client, path: str) -> None:
    expect_invalid(stranger.post(f"{AUTH}/{path}", json={}), "body", "/refresh_token")
    unknown = {"refresh_token": "x", "more": 1}
    expect_invalid(stranger.post(f"{AUTH}/{path}", json=unknown), "body", "/more")


def test_after_a_logout_there_is_nothing_to_refresh(stranger: httpx.Client) -> None:
    tokens = become_somebody(stranger)
    renewed = _refreshed(stranger, tokens)
    expect_no_content(_log_out(stranger, renewed))
    for ended in (renewed, tokens):
        expect_problem(_refresh(stranger, ended), 400, "invalid_grant")
    expect_no_content(_log_out(stranger, renewed))
    expect_no_content(_log_out(stranger, {"refresh_token": "nobody's"}))


@pytest.mark.needs(limited_server=True)
def test_guesses_at_tokens_are_limited(limited: httpx.Client) -> None:
    guesses = [_me(limited, f"guess-{number}") for number in range(12)]
    refused = [guess for guess in guesses if guess.status_code == 429]
    assert refused
    expect_problem(refused[-1], 429, "rate_limited")
    # Whoever shows a good token is not held up by the guesses of another at the same address.
    own = bearer(become_somebody(limited))
    assert limited.get(f"{AUTH}/me", headers=own).status_code == 200
