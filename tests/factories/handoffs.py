from datetime import timedelta

import factory
from django.db import transaction

from accounts.models import Role, TeamKind
from tests.factories.base import AuditedFactory
from tests.factories.customers import CustomerFactory
from tests.factories.people import LONG_AGO, TeamFactory, UserFactory, since
from tickets.models import (
    Handoff,
    HandoffHolder,
    HandoffState,
    HandoffType,
    HolderCause,
    Promise,
)


class HandoffFactory(AuditedFactory):
    """An offered handoff, held by its sender."""

    customer = factory.SubFactory(CustomerFactory)
    type = HandoffType.RENEWAL_RISK
    sender = factory.SubFactory(UserFactory)
    receiver = factory.SubFactory(UserFactory, role=Role.CSM)
    to_team = factory.SubFactory(TeamFactory, kind=TeamKind.SUCCESS)
    state = HandoffState.OFFERED
    need = "They ask for a plan by Friday."
    offered_at = LONG_AGO
    due_at = factory.LazyAttribute(lambda handoff: handoff.offered_at + timedelta(days=2))
    holder = factory.RelatedFactory(
        "tests.factories.handoffs.HolderFactory", factory_related_name="handoff"
    )

    class Meta:
        model = Handoff
        skip_postgeneration_save = True

    @classmethod
    def _generate(cls, strategy, params):
        # the table demands a holder at commit
        with transaction.atomic():
            return super()._generate(strategy, params)


class HolderFactory(AuditedFactory):
    handoff = factory.SubFactory(HandoffFactory, holder=None)
    user = factory.LazyAttribute(lambda holder: holder.handoff.sender)
    during = factory.LazyAttribute(lambda holder: since(holder.handoff.offered_at))
    cause = HolderCause.OFFERED

    class Meta:
        model = HandoffHolder


class PromiseFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    text = "A fix by Friday"
    owner = factory.SubFactory(UserFactory)
    due_on = LONG_AGO.date()

    class Meta:
        model = Promise
