from datetime import timedelta

import pytest
from django.utils import timezone

from supportsuccess.errors import Refused
from tests.factories.customers import CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import UserFactory
from tickets.actions.promises import make_promise
from tickets.models import Promise, PromiseEventKind

pytestmark = pytest.mark.django_db


def promised(customer, **details):
    now = timezone.now()
    person = UserFactory()
    usual = {"text": "The sync fix", "owner": person, "due_on": now.date() + timedelta(days=5)}
    return make_promise(customer, **usual | details, by=person, at=now)


def test_a_promise_is_open_and_its_making_is_kept():
    customer = CustomerFactory()

    promise = promised(customer, text=" The sync fix ")

    assert list(Promise.objects.open().filter(customer=customer)) == [promise]
    assert promise.text == "The sync fix"
    assert promise.events.get().kind == PromiseEventKind.MADE


def test_a_promise_can_belong_to_its_customers_handoff():
    handoff = HandoffFactory()

    assert promised(handoff.customer, handoff=handoff).handoff == handoff


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "  "), ("due_on", timezone.now().date() - timedelta(days=2))],
)
def test_a_promise_needs_a_text_and_a_day_to_come(field, value):
    with pytest.raises(Refused) as refusal:
        promised(CustomerFactory(), **{field: value})

    assert refusal.value.field == field
    assert not Promise.objects.exists()


def test_a_promise_is_refused_for_another_customers_handoff():
    with pytest.raises(Refused):
        promised(CustomerFactory(), handoff=HandoffFactory())
