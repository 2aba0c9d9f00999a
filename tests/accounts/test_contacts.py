import pytest
from django.utils import timezone

from accounts.actions.contacts import NewContact, add_contacts, note_departure
from accounts.models import Contact, ContactRole, CustomerChange, CustomerContact
from supportsuccess import audit
from supportsuccess.errors import Refused
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db
BY = audit.System("test")


def ingrid(customer, **details):
    return NewContact(
        **{"customer": customer, "name": "Ingrid Solheim", "role": ContactRole.CHAMPION} | details
    )


def test_contacts_are_at_their_customers_in_their_roles():
    customer, at = CustomerFactory(), timezone.now()

    add_contacts([ingrid(customer)], by=BY, at=at)

    link = CustomerContact.objects.present().get(customer=customer)
    assert (link.contact.name, link.role, link.recorded_at) == ("Ingrid Solheim", "champion", at)
    assert CustomerChange.objects.filter(customer=customer).exists()


def test_a_contact_keeps_what_a_source_calls_them():
    add_contacts(
        [ingrid(CustomerFactory(), external_id="u-77")], by=BY, at=timezone.now(), source="events"
    )

    assert Contact.objects.get(source="events", external_id="u-77").name == "Ingrid Solheim"


def test_a_contact_needs_a_name():
    with pytest.raises(Refused):
        add_contacts([ingrid(CustomerFactory(), name=" ")], by=BY, at=timezone.now())

    assert not Contact.objects.exists()


def test_who_left_is_not_present_and_leaves_once():
    customer, at = CustomerFactory(), timezone.now()
    link = add_contacts([ingrid(customer)], by=BY, at=at)[0]

    note_departure(link.contact, customer=customer, by=BY, at=at)

    assert not CustomerContact.objects.present().filter(customer=customer).exists()
    with pytest.raises(Refused):
        note_departure(link.contact, customer=customer, by=BY, at=at)
