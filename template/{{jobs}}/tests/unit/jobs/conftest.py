"""What use cases of background work are tried with."""

import pytest

from tests.fakes.jobs import FakeJobDatabase, FakeJobHandler, FakeJobQueue, FakeJobTelemetry


@pytest.fixture
def jobs() -> FakeJobDatabase:
    return FakeJobDatabase()


@pytest.fixture
def queue() -> FakeJobQueue:
    return FakeJobQueue()


@pytest.fixture
def handle() -> FakeJobHandler:
    return FakeJobHandler()


@pytest.fixture
def telemetry() -> FakeJobTelemetry:
    return FakeJobTelemetry()
