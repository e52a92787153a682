"""GET /metrics: Prometheus's text format, with labels that no client can multiply."""

import re
from uuid import uuid4

import httpx
import pytest

from .responses import expect_common_headers, expect_problem, only

pytestmark = pytest.mark.needs(observability="prometheus")

SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:]\w*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
REQUESTS = "http_requests_total"


def scrape(client: httpx.Client) -> list[tuple[str, dict[str, str], float]]:
    response = client.get("/metrics")
    assert response.status_code == 200
    expect_common_headers(response)
    assert only(response, "Content-Type").startswith("text/plain; version=")
    lines = [line for line in response.text.splitlines() if line and not line.startswith("#")]
    samples = [SAMPLE.fullmatch(line) for line in lines]
    assert all(samples), lines
    return [
        (sample["name"], dict(LABEL.findall(sample["labels"] or "")), float(sample["value"]))
        for sample in samples
        if sample
    ]


def requests(client: httpx.Client, **labels: str) -> float:
    return sum(
        value
        for name, found, value in scrape(client)
        if name == REQUESTS and labels.items() <= found.items()
    )


def test_requests_are_counted(client: httpx.Client) -> None:
    labels = {"method": "GET", "route": "/health", "status": "200"}
    before = requests(client, **labels)
    for _ in range(3):
        client.get("/health")
    assert requests(client, **labels) >= before + 3


def test_failures_are_counted_apart(client: httpx.Client) -> None:
    before = requests(client, method="DELETE", status="405")
    client.delete("/health")
    assert requests(client, method="DELETE", status="405") >= before + 1


def test_nothing_of_a_path_is_in_a_label(client: httpx.Client) -> None:
    made_up = f"made-up-{uuid4()}"
    client.get(f"/{made_up}")
    client.get(f"/api/v1/{made_up}/{made_up}")
    labels = [labels for _, labels, _ in scrape(client)]
    assert not [found for found in labels if made_up in "".join(found.values())]


def test_a_method_that_nobody_knows_is_in_no_label(client: httpx.Client) -> None:
    client.request("PROPFIND", "/health")
    assert not [labels for _, labels, _ in scrape(client) if "PROPFIND" in labels.values()]


@pytest.mark.parametrize(
    "accept",
    [
        "text/plain;version=v1",
        "text/plain;version=1.0.0-rc1",
        'text/plain;version="1.0.0"',
        "application/openmetrics-text;version=x",
    ],
)
def test_a_version_that_is_none_gets_the_default_format(client: httpx.Client, accept: str) -> None:
    response = client.get("/metrics", headers={"Accept": accept})
    assert response.status_code == 200
    assert only(response, "Content-Type").startswith("text/plain; version=0.0.4")


def test_metrics_are_not_part_of_the_documented_api(client: httpx.Client) -> None:
    assert "/metrics" not in client.get("/openapi.json").json()["paths"]


def test_metrics_can_only_be_read(client: httpx.Client) -> None:
    expect_problem(client.post("/metrics"), 405, "method_not_allowed")
