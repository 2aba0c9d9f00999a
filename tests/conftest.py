import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from accounts.views import demo
from tests import chat_server, cluster

CLUSTER = pytest.StashKey[cluster.Cluster]()


def pytest_configure(config: pytest.Config) -> None:
    spread = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if spread and not config.option.collectonly:
        os.environ["SS_TEST_TEMPLATE"] = _started(config).template


def pytest_unconfigure(config: pytest.Config) -> None:
    if started := config.stash.get(CLUSTER, None):
        started.stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["SS_TEST_STATE_DIR"], ignore_errors=True)


def _started(config: pytest.Config) -> cluster.Cluster:
    started = cluster.Cluster()
    config.stash[CLUSTER] = started
    started.start()
    return started


@pytest.fixture(scope="session")
def database_template(request: pytest.FixtureRequest) -> str:
    return os.environ.get("SS_TEST_TEMPLATE") or _started(request.config).template


@pytest.fixture(scope="session")
def database_name() -> str:
    return f"test_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(
    *,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    database_template: str,
    database_name: str,
) -> Iterator[None]:
    with cluster.clone(database_template, name=database_name), django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()
            connections.settings[alias]["NAME"] = database_name
            connections[alias].settings_dict["NAME"] = database_name
        yield
        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def flush_in_one_call() -> Iterator[None]:
    """Django's flush truncates, which the app role may not: a function of the template does it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _flush)
        yield


def _flush(_test: Any) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT test_baseline.flush()")


@pytest.fixture
def database_environment(transactional_db: None, database_name: str) -> dict[str, str]:
    """The environment of a program that a test runs against its own database."""
    return cluster.environment_of(database_name)


@pytest.fixture(autouse=True)
def forget_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a database is the demo is kept for seconds: here for one test, however long."""
    monkeypatch.setattr(demo, "KEPT_SECONDS", 10**9)
    demo.forget()


@pytest.fixture
def chat(settings: Any) -> Iterator[chat_server.ChatServer]:
    """Where everything that is posted outside arrives."""
    with chat_server.running() as server:
        settings.OUTGOING_TEST_SERVER = f"127.0.0.1:{server.server_port}"
        yield server
