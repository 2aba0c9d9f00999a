from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from supportsuccess import audit
from supportsuccess.audit.models import EventGroup
from tests.supportsuccess.audit.conftest import Examples

BY = audit.System("test")


class Stopped(Exception):
    pass


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def current_setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('supportsuccess.audit_group', true), '')")
        return str(cursor.fetchone()[0])


def test_group_notes_who_did_what_to_which_thing_and_why(thing: Any) -> None:
    with transaction.atomic(), audit.group("rename_thing", thing, by=BY, reason="asked"):
        pass

    group = EventGroup.objects.of(thing).get()
    assert (group.action, group.actor_id, group.actor_label) == (
        "rename_thing",
        None,
        "system:test",
    )
    assert (group.object_table, group.object_id, group.reason) == (
        "example_thing",
        thing.pk,
        "asked",
    )


@pytest.mark.django_db
def test_group_inside_a_group_joins_it() -> None:
    with transaction.atomic(), audit.group("outer", by=BY) as outer:
        with audit.group("inner", by=audit.System("other")) as inner:
            pass
        still_set = current_setting()

    assert inner == outer
    assert still_set == str(outer)
    assert not EventGroup.objects.filter(action="inner").exists()


@pytest.mark.django_db
def test_setting_is_cleared_on_leaving_although_the_transaction_goes_on() -> None:
    with transaction.atomic():
        with audit.group("outer", by=BY):
            pass

        assert not current_setting()


@pytest.mark.django_db
def test_setting_is_cleared_after_an_exception_that_is_caught_inside_the_transaction() -> None:
    with transaction.atomic(), pytest.raises(Stopped), audit.group("outer", by=BY):
        raise Stopped

    assert not current_setting()


@pytest.mark.django_db
def test_setting_is_cleared_after_a_database_error() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), audit.group("outer", by=BY):
        raw("SELECT 1/0")

    assert not current_setting()


def test_setting_is_cleared_when_a_failed_statement_was_rolled_back_inside(
    examples: Examples,
) -> None:
    with transaction.atomic(), audit.group("outer", by=BY):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("SELECT 1/0")
        examples.Thing.objects.create()

    assert not current_setting()


@pytest.mark.django_db(transaction=True)
def test_group_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError), audit.group("alone", by=BY):
        pass


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_group_of_the_owner_connection_covers_that_connection_only(
    committed_examples: Examples,
) -> None:
    with transaction.atomic("owner"), audit.group("load", by=BY, using="owner"):
        committed_examples.Thing.objects.using("owner").create()
        with pytest.raises(DatabaseError, match="change outside an action"):
            committed_examples.Thing.objects.create()

    assert committed_examples.Thing.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_eventgroup", "audit_change"])
@pytest.mark.django_db
def test_the_application_cannot_change_the_record(statement: str, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        raw(statement.format(table))


def test_later_transaction_goes_on_with_a_group(examples: Examples) -> None:
    with transaction.atomic(), audit.group("import_things", by=BY) as first:
        remembered = audit.open_group()

    with transaction.atomic(), audit.rejoin(first), audit.group("import_part", by=BY) as joined:
        examples.Thing.objects.create()

    assert remembered == first == joined
    assert not EventGroup.objects.filter(action="import_part").exists()
    assert audit.open_group() is None


@pytest.mark.django_db
def test_rejoining_another_group_puts_the_outer_one_back() -> None:
    with transaction.atomic(), audit.group("earlier", by=BY) as earlier:
        pass

    with transaction.atomic(), audit.group("outer", by=BY) as outer:
        with audit.rejoin(earlier):
            inside = current_setting()
        afterwards = current_setting()

    assert (inside, afterwards) == (str(earlier), str(outer))
