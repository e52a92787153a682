"""What is secret stays out of the logs, over a full run of every process."""

import secrets
from pathlib import Path

import pytest

from tests.e2e.processes import eventually, serving
from tests.e2e.workers import working
from tests.environment import REQUIRED
from tests.http.orders import ORDERS, body
from tests.stub_payment_gateway import Answer, running_gateway

pytestmark = pytest.mark.slow

AUTH = "/api/v1/auth"


def test_no_password_token_or_key_is_in_the_logs_of_a_full_run(tmp_path: Path, database_url: str) -> None:
    password, api_key = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    known = {password, api_key, REQUIRED["JWT_SECRET"]}
    with running_gateway() as gateway:
        gateway.answers = [Answer(500), Answer(200, b"no payment")]
        settings = {
            "PAYMENT_GATEWAY_URL": gateway.url,
            "PAYMENT_GATEWAY_API_KEY": api_key,
            "LOG_LEVEL": "debug",
            "AUTH_RATE_LIMIT": "1000/minute",
        }
        with (
            serving(tmp_path / "server", database_url, **settings) as service,
            service.client() as client,
            working(tmp_path / "worker", database_url, **settings) as worker,
        ):
            account = {"username": "someone@example.com", "password": password}
            client.post(f"{AUTH}/register", json=account)
            client.post(f"{AUTH}/register", json={**account, "unknown": password})
            form = {"grant_type": "password", **account}
            client.post(f"{AUTH}/token", data={**form, "username": "nobody@example.com"})
            issued = client.post(f"{AUTH}/token", data=form).json()
            renewed = client.post(f"{AUTH}/refresh", json={"refresh_token": issued["refresh_token"]}).json()
            known |= {tokens[kind] for tokens in (issued, renewed) for kind in ("access_token", "refresh_token")}
            client.headers["Authorization"] = f"Bearer {renewed['access_token']}"
            assert client.post(ORDERS, json=body()).status_code == 201
            eventually(lambda: any(line["event"] == "job" for line in worker.logs))
            client.post(f"{AUTH}/logout", json={"refresh_token": renewed["refresh_token"]})
            client.get(ORDERS, headers={"Authorization": f"Bearer {issued['access_token']}x"})
            for process in (service, worker):
                process.terminate()
                assert process.has_ended_well()
        assert gateway.received[0].headers["authorization"] == f"Bearer {api_key}"
        written = "".join(process.output + process.errors for process in (service, worker))
        assert "request" in written
        assert not [secret for secret in known if secret in written]
