"""Those who may enter the admin."""

import re
from typing import Final

import httpx2
from django.contrib.auth.hashers import make_password

from tests.sql import Sql

PASSWORD: Final = "correct horse battery staple"


def logged_in(client: httpx2.Client, database: Sql, *permissions: str) -> httpx2.Client:
    """Return the client, logged in as someone who has these permissions there; without any, who may do everything."""
    database.execute(f"""
        INSERT INTO staff_users (username, password, is_superuser, is_staff, is_active,
            first_name, last_name, email, date_joined)
        VALUES ('grace', '{make_password(PASSWORD)}', {not permissions}, true, true, '', '', '', now())
    """)  # noqa: S608
    for permission in permissions:
        database.execute(f"""
            INSERT INTO staff_users_user_permissions (staffuser_id, permission_id)
            SELECT staff_users.id, auth_permission.id FROM staff_users, auth_permission
            WHERE auth_permission.codename = '{permission}'
        """)  # noqa: S608
    assert log_in(client, "grace").headers["Location"] == "/admin/"
    return client


def log_in(client: httpx2.Client, username: str, *, then: str = "/admin/") -> httpx2.Response:
    client.cookies.clear()
    page = client.get("/admin/login/")
    token = token_in(page)
    form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token, "next": then}
    return client.post("/admin/login/", data=form, headers={"Origin": origin_of(page)})


def origin_of(page: httpx2.Response) -> str:
    """Return where a browser says that a form of a page comes from; it keeps it to itself if it is told to."""
    if page.headers["Referrer-Policy"] == "no-referrer":
        return "null"
    return f"{page.url.scheme}://{page.url.netloc.decode()}"


def token_in(page: httpx2.Response) -> str:
    """Return what a form of a page has to send back."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found is not None
    return found[1]
