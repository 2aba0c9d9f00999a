"""Larkfield, loaded once for all that look at it, into a database of its own."""

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from insights.demo.load import load
from tests import cluster

PASSWORD = "larkfield"  # noqa: S105 - the database is thrown away


@pytest.fixture(scope="module")
def larkfield(
    *, django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_template: str
) -> Iterator[datetime]:
    """The moment as of which the demo company was loaded; tests only look."""
    name = f"demo_{os.getpid()}"
    names = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    with cluster.clone(database_template, name=name), django_db_blocker.unblock():
        _use(dict.fromkeys(names, name))
        try:
            now = timezone.now()
            load(password=PASSWORD, now=now, say=print)
            yield now
        finally:
            _use(names)


def _use(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
