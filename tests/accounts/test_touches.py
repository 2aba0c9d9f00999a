from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions.touches import log_touch
from accounts.models import CustomerChange, Touch, TouchKind
from supportsuccess.errors import Refused
from tests.factories.customers import ContactFactory, CustomerContactFactory, CustomerFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def log(customer, *, occurred_at=NOW, **fields) -> Touch:
    return log_touch(
        customer,
        kind=TouchKind.CALL,
        is_two_way=True,
        occurred_at=occurred_at,
        by=UserFactory(),
        at=NOW,
        **fields,
    )


def test_a_touch_is_noted_with_when_it_was_and_when_it_was_said():
    customer = CustomerFactory()
    yesterday = NOW - timedelta(days=1)

    log(customer, occurred_at=yesterday, note=" They renew. ")

    touch = customer.touches.get()
    assert (touch.occurred_at, touch.recorded_at, touch.note) == (yesterday, NOW, "They renew.")


def test_a_touch_marks_the_customer_as_changed():
    customer = CustomerFactory()

    log(customer)

    assert CustomerChange.objects.filter(customer=customer).exists()


def test_a_touch_names_who_took_part():
    link = CustomerContactFactory()

    touch = log(link.customer, contacts=[link.contact])

    assert list(touch.contacts.all()) == [link.contact]


def test_only_the_customers_own_people_can_have_taken_part():
    with pytest.raises(Refused) as refusal:
        log(CustomerFactory(), contacts=[ContactFactory()])

    assert refusal.value.field == "contacts"
    assert not Touch.objects.exists()


def test_a_touch_to_come_is_refused():
    with pytest.raises(Refused) as refusal:
        log(CustomerFactory(), occurred_at=NOW + timedelta(minutes=1))

    assert refusal.value.field == "occurred_at"
