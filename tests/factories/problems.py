import factory

from tests.factories.base import AuditedFactory
from tickets.models import Problem


class ProblemFactory(AuditedFactory):
    title = factory.Sequence(lambda n: f"Calendar sync stops {n}")

    class Meta:
        model = Problem
