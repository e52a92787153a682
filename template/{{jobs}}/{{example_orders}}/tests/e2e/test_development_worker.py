import pytest

from tests.e2e.processes import accessible_folder, eventually, started
from tests.http.orders import ORDERS, body

pytestmark = pytest.mark.slow


def test_what_one_command_starts_confirms_orders_and_ends_with_it() -> None:
    with accessible_folder() as folder, started(folder, "dev") as service, service.client() as client:
        eventually(service.answers)
        placed = client.post(ORDERS, json=body())
        eventually(lambda: client.get(placed.headers["Location"]).json()["status"] == "confirmed")
        service.press_ctrl_c()
        assert service.process.wait(60) in {0, -2, 130}
        eventually(service.has_left_nothing_running)
        assert "Traceback" not in service.output + service.errors
