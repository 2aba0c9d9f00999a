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
