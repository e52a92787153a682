"""Metrics, as Prometheus reads them."""

from http.client import HTTPConnection

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def scrape(port: int, *, accept: str = "*/*") -> list[Sample]:
    """Read the metrics that are served at a port of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/metrics", headers={"Accept": accept})
        response = connection.getresponse()
        assert response.status == 200
        return parse(response.read().decode())
    finally:
        connection.close()


def parse(text: str) -> list[Sample]:
    """Return the samples, but for the buckets of histograms: they are by far the most, and reading takes its time."""
    lines = "".join(line for line in text.splitlines(keepends=True) if "_bucket{" not in line)
    return [sample for family in text_string_to_metric_families(lines) for sample in family.samples]


def total(samples: list[Sample], name: str, **labels: str) -> float:
    """Return the sum over the series that have these labels."""
    return sum(sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())
