import pytest

from accounts.models import Customer
from supportsuccess.lists.keyset import BadCursor, Keyset
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db
BY_NAME = Keyset(("sort_name", "pk"))


def names_page_by_page(keyset, *, size):
    cursor, names = "", []
    while True:
        page = keyset.page(Customer.objects.all(), cursor=cursor, size=size)
        names += [customer.pk for customer in page.rows]
        if not page.next_cursor:
            return names
        cursor = page.next_cursor


@pytest.mark.parametrize("fields", [("sort_name", "pk"), ("-sort_name", "-pk")])
def test_keyset_pages_show_every_row_once_under_ties(fields):
    CustomerFactory.create_batch(5, name="Same", profile=None)
    CustomerFactory.create_batch(4, profile=None)

    seen = names_page_by_page(Keyset(fields), size=2)

    assert seen == list(Customer.objects.order_by(*fields).values_list("pk", flat=True))


def test_keyset_goes_on_where_it_was_when_a_row_is_added_before():
    CustomerFactory.create_batch(3, name="M", profile=None)
    first = BY_NAME.page(Customer.objects.all(), cursor="", size=2)
    CustomerFactory(name="A", profile=None)

    second = BY_NAME.page(Customer.objects.all(), cursor=first.next_cursor, size=2)

    assert {c.pk for c in first.rows}.isdisjoint({c.pk for c in second.rows})


@pytest.mark.parametrize(
    "cursor", ["!", "bm9uc2Vuc2U", "WyJhIl0", "WyJhIiwgIngiXQ", "WyJcdTAwMDAiLCAiMSJd"]
)
def test_keyset_refuses_a_cursor_it_did_not_make(cursor):
    with pytest.raises(BadCursor):
        BY_NAME.page(Customer.objects.all(), cursor=cursor, size=2)
