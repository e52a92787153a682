"""What a unit of work in memory offers for the confirmation of orders: jobs."""

from tests.fakes.jobs import FakeJobDatabase as FakeConfirmationDatabase
from tests.fakes.jobs import FakeJobUnitOfWork as FakeConfirmationWork

__all__ = ["FakeConfirmationDatabase", "FakeConfirmationWork"]
