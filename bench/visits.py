"""Requests as a person makes them: signed in by session, through the whole middleware."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.test import Client, override_settings

from accounts.actions.people import create_person
from accounts.models import Role
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpResponseBase

BY = audit.System("bench")


class BadAnswer(Exception):
    """A page that was to be measured did not answer as it should."""


@contextmanager
def signed_in(role: Role) -> Iterator[Client]:
    """A browser of a person with this role; nothing of it is left behind."""
    settings = override_settings(ROOT_URLCONF="bench.urls", DEBUG=False)
    with settings, transaction.atomic():
        address = f"{uuid.uuid4().hex}@bench.example.com"
        person = create_person(address, name="Bench", role=role, by=BY)
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend="accounts.backends.RoleBackend")
        yield client
        transaction.set_rollback(True)


def visit(client: Client, url: str, *, headers: Mapping[str, str] | None = None) -> bytes:
    """What a page answers. Raises BadAnswer."""
    response = client.get(url, headers=headers)
    return _good(url, response).content


def post(
    client: Client, url: str, form: Mapping[str, object], *, headers: Mapping[str, str]
) -> None:
    """Send a form. Raises BadAnswer."""
    _good(url, client.post(url, form, headers=headers))


def _good[Answer: HttpResponseBase](url: str, response: Answer) -> Answer:
    if response.status_code != 200:
        raise BadAnswer(f"{url} answered {response.status_code}")
    return response
