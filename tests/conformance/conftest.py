"""Options, fixtures, and the one place that decides which tests apply."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pytest

from .answers import applies, read_answers
from .identities import identify
from .orders import ORDERS, PlaceOrder, expect_order, order_body, settled
from .responses import expect_success

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption("--base-url", help="where the service under test listens")
    group.addoption("--answers", help="its .copier-answers.yml, or the same as .json")
    group.addoption(
        "--limited-base-url",
        help="a second server of the same service, started with RATE_LIMIT=5/minute",
    )
    group.addoption(
        "--admin", help="username and password, joined by a colon, of an account with scope admin"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "needs(**answers): applies only to services with these answers; a tuple lists "
        "alternatives, `without(value)` negates, `limited_server=True` asks for "
        "--limited-base-url and `admin=True` for --admin",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Stay out of runs over a larger folder that name no server to talk to."""
    named = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    started_for_us = any(HERE in (path, *path.parents) for path in named)
    return None if started_for_us or config.getoption("--base-url") else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    if not ours:
        return
    facts = _facts(config)
    deselected = [item for item in ours if not _applies(item, facts)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in set(deselected)]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name text by how it starts and what it sums up to; some of it is hostile.

    pytest asks this of the tests outside of this folder, too.
    """
    if not isinstance(val, str | bytes):
        return None
    text = ascii(val)
    return text if len(text) < 30 else f"{text[:24]} ({crc32(text.encode()):x})"


def _required(config: pytest.Config, option: str) -> str:
    value = config.getoption(option)
    if not value:
        raise pytest.UsageError(f"the conformance suite needs {option}")
    return str(value)


def _facts(config: pytest.Config) -> dict[str, Any]:
    _required(config, "--base-url")
    answers = read_answers(Path(_required(config, "--answers")))
    return {
        **answers,
        "limited_server": bool(config.getoption("--limited-base-url")),
        "admin": bool(config.getoption("--admin")),
    }


def _applies(item: pytest.Item, facts: dict[str, Any]) -> bool:
    try:
        return all(applies(marker.kwargs, facts) for marker in item.iter_markers("needs"))
    except KeyError as error:
        raise pytest.UsageError(f"{item.nodeid} needs {error}, which was not answered") from error


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> str:
    return _required(pytestconfig, "--base-url").rstrip("/")


@pytest.fixture(scope="session")
def stranger(base_url: str) -> Iterator[httpx.Client]:
    """A client that shows no credentials."""
    with _client(base_url) as client:
        yield client


@pytest.fixture(scope="session")
def credentials(pytestconfig: pytest.Config, stranger: httpx.Client) -> dict[str, str]:
    """The headers by which a client is known, as the service under test knows clients."""
    return identify(_facts(pytestconfig)["auth"], stranger)


@pytest.fixture(scope="session")
def client(base_url: str, credentials: dict[str, str]) -> Iterator[httpx.Client]:
    with _client(base_url, credentials) as client:
        yield client


@pytest.fixture(scope="session")
def limited(pytestconfig: pytest.Config, credentials: dict[str, str]) -> Iterator[httpx.Client]:
    base_url = _required(pytestconfig, "--limited-base-url").rstrip("/")
    with _client(base_url, credentials) as client:
        yield client


def _client(base_url: str, credentials: dict[str, str] | None = None) -> httpx.Client:
    return httpx.Client(
        base_url=base_url,
        headers=credentials,
        timeout=30,
        follow_redirects=False,
        trust_env=False,
        # An idle connection is let go of before a server closes it: no request meets that moment.
        limits=httpx.Limits(keepalive_expiry=2),
    )


@pytest.fixture(scope="session")
def document(client: httpx.Client) -> dict[str, Any]:
    """The service's own OpenAPI document."""
    document = expect_success(client.get("/openapi.json")).json()
    assert isinstance(document, dict)
    return document


@pytest.fixture(scope="session")
def place_order(client: httpx.Client) -> PlaceOrder:
    def place(*, status: str = "pending", note: str | None = None) -> dict[str, Any]:
        response = client.post(ORDERS, json=order_body(status=status, note=note))
        order = expect_order(expect_success(response, 201))
        if status != "pending":
            order = settled(client, order)
        assert order["status"] == status
        return order

    return place
