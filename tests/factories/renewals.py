"""Renewals as the queue sees them: with contract, line, owner and health."""

from datetime import timedelta
from decimal import Decimal

import factory

from accounts.models import Band, Renewal
from insights.models import CurrentHealth, HealthSnapshot, Scorecard, ScorecardVersion
from tests.factories.base import AuditedFactory, make
from tests.factories.contracts import (
    ContractFactory,
    ContractLineFactory,
    RenewalContractFactory,
    RenewalFactory,
)
from tests.factories.customers import CustomerFactory
from tests.factories.people import LONG_AGO


class ScorecardVersionFactory(AuditedFactory):
    scorecard = factory.LazyFunction(
        lambda: Scorecard.objects.first() or make(Scorecard, slug="everyone", name="Everyone")
    )
    number = factory.Sequence(lambda n: n + 1000)
    published_at = LONG_AGO

    class Meta:
        model = ScorecardVersion


class CurrentHealthFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    version = factory.SubFactory(ScorecardVersionFactory)
    as_of = LONG_AGO
    score = Decimal(62)
    coverage = Decimal("0.8")
    band = Band.YELLOW
    contributions = factory.LazyFunction(dict)

    class Meta:
        model = CurrentHealth


class HealthSnapshotFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    version = factory.SubFactory(ScorecardVersionFactory)
    known_at = LONG_AGO
    score = Decimal(62)
    coverage = Decimal("0.8")
    band = Band.YELLOW
    contributions = factory.LazyFunction(dict)

    class Meta:
        model = HealthSnapshot


def renewal_due(decided_on, *, arr=12_000, currency="EUR", contract=None, **fields) -> Renewal:
    """An open renewal with one contract and line; opt-in unless `contract` says otherwise."""
    due_on = decided_on + timedelta(days=30)
    renewal = RenewalFactory(
        decision_point_on=decided_on, due_on=due_on, currency=currency, **fields
    )
    terms = {"ends_on": due_on, "currency": currency} | (contract or {})
    terms.setdefault("starts_on", due_on - timedelta(days=364))
    signed = ContractFactory(customer=renewal.customer, **terms)
    RenewalContractFactory(renewal=renewal, contract=signed, line=None)
    if arr is not None:
        ContractLineFactory(contract=signed, arr=arr)
    return renewal
