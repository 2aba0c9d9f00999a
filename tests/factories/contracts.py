from datetime import date

import factory

from accounts.models import (
    Contract,
    ContractKind,
    ContractLine,
    Product,
    Renewal,
    RenewalContract,
)
from tests.factories.base import AuditedFactory
from tests.factories.customers import CustomerFactory


class ProductFactory(AuditedFactory):
    key = factory.Sequence(lambda n: f"product-{n}")
    name = factory.Sequence(lambda n: f"Product {n}")

    class Meta:
        model = Product


class ContractFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    kind = ContractKind.FIXED
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    currency = "EUR"

    class Meta:
        model = Contract


class ContractLineFactory(AuditedFactory):
    contract = factory.SubFactory(ContractFactory)
    product = factory.SubFactory(ProductFactory)
    arr = 12_000

    class Meta:
        model = ContractLine


class RenewalFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    due_on = date(2026, 12, 31)
    decision_point_on = date(2026, 12, 1)
    currency = "EUR"

    class Meta:
        model = Renewal


class RenewalContractFactory(AuditedFactory):
    """A contract with one line of 12,000, decided at a renewal of the same customer."""

    renewal = factory.SubFactory(RenewalFactory)
    contract = factory.SubFactory(
        ContractFactory, customer=factory.SelfAttribute("..renewal.customer")
    )
    line = factory.RelatedFactory(
        "tests.factories.contracts.LineOfRenewalFactory", factory_related_name="link"
    )

    class Meta:
        model = RenewalContract
        skip_postgeneration_save = True


class LineOfRenewalFactory(ContractLineFactory):
    class Params:
        link = None

    contract = factory.LazyAttribute(lambda line: line.link.contract)
