from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_healthz_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_ready_with_everything_migrated(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_readyz_counts_migrations_not_applied(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "not applied" in response.json()["migrations"]


def test_readyz_says_that_the_database_does_not_answer(client: Client) -> None:
    gone = OperationalError("the connection is closed")

    with mock.patch("supportsuccess.probes.MigrationRecorder", side_effect=gone):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "does not answer"
