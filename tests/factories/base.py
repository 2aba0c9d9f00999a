from django.db import transaction
from factory.django import DjangoModelFactory

from supportsuccess import audit


class AuditedFactory(DjangoModelFactory):
    """Writes in a group of its own, so that an action under test that opens none still fails."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with transaction.atomic(), audit.group("factory", by=audit.System("factory")):
            return super()._create(model_class, *args, **kwargs)


def make(model, **fields):
    """A row of a model that has no factory, in a group of its own."""
    with transaction.atomic(), audit.group("factory", by=audit.System("factory")):
        return model.objects.create(**fields)


def change(thing, **changes):
    """Columns of a row set past its action, in a group of their own."""
    with transaction.atomic(), audit.group("factory", by=audit.System("factory")):
        type(thing).objects.filter(pk=thing.pk).update(**changes)
