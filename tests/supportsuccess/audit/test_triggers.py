from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from supportsuccess import audit
from supportsuccess.audit.models import Change
from tests.supportsuccess.audit.conftest import Examples

BY = audit.System("test")


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def changes(model: Any) -> list[Change]:
    return list(Change.objects.filter(table_name=model._meta.db_table).order_by("pk"))


def copy_in(_thing: Any) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY example_fact (number) FROM STDIN") as copy,
    ):
        copy.write_row((1,))


OUTSIDE = {
    "update": lambda thing: type(thing).objects.update(note="other"),
    "create": lambda thing: type(thing).objects.create(),
    "delete": lambda thing: thing.delete(),
    "bulk_create": lambda thing: type(thing).objects.bulk_create([type(thing)()]),
    "bulk_update": lambda thing: type(thing).objects.bulk_update(
        [type(thing)(pk=thing.pk)], ["note"]
    ),
    "raw insert": lambda _: raw("INSERT INTO example_thing (name, note) VALUES ('', '')"),
    "raw update": lambda _: raw("UPDATE example_thing SET note = 'other'"),
    "raw delete": lambda _: raw("DELETE FROM example_thing"),
    "copy": copy_in,
}


@pytest.mark.parametrize("way", OUTSIDE)
def test_change_outside_a_group_is_refused(thing: Any, way: str) -> None:
    with (
        pytest.raises((DatabaseError, psycopg.DatabaseError), match="change outside an action"),
        transaction.atomic(),
    ):
        OUTSIDE[way](thing)

    assert type(thing).objects.get().note == "first"


def test_refusals_have_stable_states(thing: Any) -> None:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        type(thing).objects.update(note="other")

    assert isinstance(refusal.value.__cause__, psycopg.Error)
    assert refusal.value.__cause__.sqlstate == "SS001"


def test_insert_records_the_row_without_personal_and_computed_columns(thing: Any) -> None:
    (change,) = changes(type(thing))

    assert (change.operation, change.row_id, change.before) == ("insert", thing.pk, None)
    assert change.after == {"id": thing.pk, "note": "first", "number": 1}


def test_update_records_changed_columns_and_only_that_personal_ones_changed(thing: Any) -> None:
    with transaction.atomic(), audit.group("edit_thing", thing, by=BY) as group:
        type(thing).objects.update(name="Bea", number=None)

    change = changes(type(thing))[-1]
    assert change.group_id == group
    assert change.before == {"name": {"personal": True}, "number": 1}
    assert change.after == {"name": {"personal": True}, "number": None}


def test_update_that_changes_nothing_is_not_recorded(thing: Any) -> None:
    with transaction.atomic(), audit.group("edit_thing", thing, by=BY):
        type(thing).objects.update(note="first")

    assert [change.operation for change in changes(type(thing))] == ["insert"]


def test_delete_records_the_last_image(thing: Any) -> None:
    with transaction.atomic(), audit.group("drop_thing", thing, by=BY):
        type(thing).objects.all().delete()

    change = changes(type(thing))[-1]
    assert (change.operation, change.after) == ("delete", None)
    assert change.before["note"] == "first"
    assert "name" not in change.before


def test_bulk_create_records_every_row(examples: Examples) -> None:
    with transaction.atomic(), audit.group("fill", by=BY):
        made = examples.Thing.objects.bulk_create([examples.Thing(number=n) for n in range(3)])

    assert [change.row_id for change in changes(examples.Thing)] == [row.pk for row in made]


def test_upsert_records_inserted_and_updated_rows(thing: Any) -> None:
    with transaction.atomic(), audit.group("fill", by=BY):
        type(thing).objects.bulk_create(
            [type(thing)(pk=thing.pk, number=2), type(thing)(pk=thing.pk + 1, number=3)],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["number"],
        )

    recorded = {(change.operation, change.row_id) for change in changes(type(thing))[1:]}
    assert recorded == {("insert", thing.pk + 1), ("update", thing.pk)}


def test_append_only_counts_the_rows_of_a_statement(examples: Examples) -> None:
    with transaction.atomic(), audit.group("note_facts", by=BY):
        examples.Fact.objects.bulk_create([examples.Fact(number=n) for n in range(5)])

    (change,) = changes(examples.Fact)
    assert (change.rows, change.row_id, change.after) == (5, None, None)


def test_append_only_refuses_an_insert_outside_a_group(examples: Examples) -> None:
    with pytest.raises(DatabaseError, match="change outside an action"), transaction.atomic():
        examples.Fact.objects.create(number=1)


AGAINST = {
    "update": lambda facts: facts.update(number=2),
    "delete": lambda facts: facts.all().delete(),
    "raw update": lambda _: raw("UPDATE example_fact SET number = 2"),
    "raw delete": lambda _: raw("DELETE FROM example_fact"),
}


@pytest.mark.parametrize("way", AGAINST)
def test_append_only_refuses_changes_inside_a_group(examples: Examples, way: str) -> None:
    with transaction.atomic(), audit.group("note_facts", by=BY):
        examples.Fact.objects.create(number=1)

    with (
        pytest.raises(DatabaseError, match=r"never (changed|deleted)"),
        transaction.atomic(),
        audit.group("change_facts", by=BY),
    ):
        AGAINST[way](examples.Fact.objects)


def test_redaction_may_update_and_is_counted(examples: Examples) -> None:
    with transaction.atomic(), audit.group("note_facts", by=BY):
        examples.Fact.objects.create(number=1)

    with transaction.atomic(), audit.group("erase_person", by=BY), audit.redacting():
        examples.Fact.objects.update(number=0)

    assert [(c.operation, c.rows) for c in changes(examples.Fact)] == [("insert", 1), ("update", 1)]


def test_redaction_ends_with_its_block(examples: Examples) -> None:
    with transaction.atomic(), audit.group("erase_person", by=BY):
        examples.Fact.objects.create(number=1)
        with audit.redacting():
            pass

        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            examples.Fact.objects.update(number=0)


def test_redaction_does_not_permit_deleting(examples: Examples) -> None:
    with (
        pytest.raises(DatabaseError, match="never deleted"),
        transaction.atomic(),
        audit.group("erase_person", by=BY),
        audit.redacting(),
    ):
        raw("DELETE FROM example_fact")
