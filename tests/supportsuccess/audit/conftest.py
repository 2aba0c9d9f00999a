from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections, models, transaction
from django.test.utils import isolate_apps
from pytest_django.plugin import DjangoDbBlocker

from supportsuccess import audit


@dataclass
class Examples:
    """A recorded and an append-only model of tables that exist for these tests alone."""

    Thing: Any
    Fact: Any


@pytest.fixture(scope="session")
def example_models() -> Examples:
    with isolate_apps("supportsuccess.audit"):

        class Thing(models.Model):
            name = models.TextField(default="")
            note = models.TextField(default="")
            number = models.IntegerField(null=True)
            shouted = models.GeneratedField(
                expression=models.functions.Upper("note"),
                output_field=models.TextField(),
                db_persist=True,
            )

            class Meta:
                app_label = "audit"
                db_table = "example_thing"
                triggers = audit.recorded(personal=("name",))

            def __str__(self) -> str:
                return self.note

        class Fact(models.Model):
            number = models.IntegerField()

            class Meta:
                app_label = "audit"
                db_table = "example_fact"
                triggers = audit.append_only()

            def __str__(self) -> str:
                return str(self.number)

    return Examples(Thing=Thing, Fact=Fact)


@pytest.fixture(scope="session")
def example_tables(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, example_models: Examples
) -> Iterator[None]:
    made = [example_models.Thing, example_models.Fact]
    with django_db_blocker.unblock():
        with connections["owner"].schema_editor() as editor:
            for model in made:
                editor.create_model(model)
                for trigger in model._meta.triggers:
                    editor.execute(trigger.compile(model).install_sql, params=None)
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        with connections["owner"].schema_editor() as editor:
            for model in made:
                editor.delete_model(model)
        connections["owner"].close()


@pytest.fixture
def examples(example_tables: None, db: None, example_models: Examples) -> Examples:
    return example_models


@pytest.fixture
def committed_examples(
    example_tables: None, transactional_db: None, example_models: Examples
) -> Examples:
    return example_models


@pytest.fixture
def thing(examples: Examples) -> Any:
    with transaction.atomic(), audit.group("make_thing", by=audit.System("test")):
        return examples.Thing.objects.create(name="Ann", note="first", number=1)
