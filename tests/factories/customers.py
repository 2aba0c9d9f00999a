import factory

from accounts.models import (
    Assignment,
    AssignmentRole,
    Cause,
    Contact,
    Customer,
    CustomerAccess,
    CustomerContact,
    CustomerProfile,
    FieldAuthority,
    Segment,
    Source,
    Stage,
    Touch,
    TouchKind,
    sort_name_of,
)
from tests.factories.base import AuditedFactory
from tests.factories.people import LONG_AGO, UserFactory, since


class CustomerFactory(AuditedFactory):
    """A live mid-market customer with its profile; `profile__stage=...` changes that."""

    name = factory.Sequence(lambda n: f"Customer {n}")
    sort_name = factory.LazyAttribute(lambda customer: sort_name_of(customer.name))
    profile = factory.RelatedFactory(
        "tests.factories.customers.ProfileFactory", factory_related_name="customer"
    )

    class Meta:
        model = Customer
        skip_postgeneration_save = True


class ProfileFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory, profile=None)
    during = factory.LazyFunction(since)
    stage = Stage.LIVE
    segment = Segment.MID_MARKET
    seats = 50

    class Meta:
        model = CustomerProfile


class CustomerAccessFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    user = factory.SubFactory(UserFactory)

    class Meta:
        model = CustomerAccess


class ContactFactory(AuditedFactory):
    name = factory.Sequence(lambda n: f"Contact {n}")
    sort_name = factory.LazyAttribute(lambda contact: sort_name_of(contact.name))

    class Meta:
        model = Contact


class CustomerContactFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    contact = factory.SubFactory(ContactFactory)

    class Meta:
        model = CustomerContact


class AssignmentFactory(AuditedFactory):
    """The customer's owner, unless `role__key` says otherwise."""

    customer = factory.SubFactory(CustomerFactory)
    role = factory.LazyFunction(lambda: AssignmentRole.objects.get(key="owner"))
    holder_user = factory.SubFactory(UserFactory)
    during = factory.LazyFunction(since)
    cause = Cause.REASSIGNED

    class Meta:
        model = Assignment


class SourceFactory(AuditedFactory):
    key = factory.Sequence(lambda n: f"source-{n}")
    name = factory.Sequence(lambda n: f"Source {n}")

    class Meta:
        model = Source


class FieldAuthorityFactory(AuditedFactory):
    source = factory.SubFactory(SourceFactory)

    class Meta:
        model = FieldAuthority


class TouchFactory(AuditedFactory):
    customer = factory.SubFactory(CustomerFactory)
    kind = TouchKind.CALL
    by = factory.SubFactory(UserFactory)
    occurred_at = LONG_AGO
    recorded_at = factory.SelfAttribute("occurred_at")

    class Meta:
        model = Touch
