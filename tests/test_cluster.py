from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection
from django.utils import timezone

from tests import cluster


def flush() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT test_baseline.flush()")


@pytest.mark.django_db(transaction=True)
def test_flush_deletes_what_a_test_wrote() -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())

    flush()

    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_flush_puts_back_what_migrations_wrote() -> None:
    before = set(ContentType.objects.values_list("pk", "model"))
    Permission.objects.all().delete()
    ContentType.objects.all().delete()

    flush()

    assert before
    assert set(ContentType.objects.values_list("pk", "model")) == before
    assert Permission.objects.exists()


@pytest.mark.django_db
def test_tests_connect_as_the_app_role_which_may_not_truncate() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("TRUNCATE django_session")


@pytest.mark.django_db(transaction=True)
def test_programs_of_a_test_use_its_database(database_environment: dict[str, str]) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())

    with psycopg.connect(database_environment["DATABASE_URL"]) as other:
        row = other.execute("SELECT session_key FROM django_session").fetchone()

    assert row == ("k",)


def test_hash_changes_with_a_migration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    migrations = tmp_path / "tickets" / "migrations"
    migrations.mkdir(parents=True)
    monkeypatch.setattr(cluster.paths, "BASE_DIR", tmp_path)
    before = cluster.sources_hash()

    (migrations / "0001_ticket.py").write_text("import tickets.rows\n")
    with_migration = cluster.sources_hash()
    (tmp_path / "tickets" / "rows.py").write_text("SQL = ''\n")

    assert len({before, with_migration, cluster.sources_hash()}) == 3
