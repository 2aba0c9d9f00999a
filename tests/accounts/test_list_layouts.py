from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import ListLayout, Role
from insights.actions.queue import refresh_whole_queue
from insights.lists.customers import Customers
from supportsuccess.lists.listing import declared_lists
from tests.counting import count_queries
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due

pytestmark = pytest.mark.django_db
USUAL = ["Customer", "ARR", "Stage", "Health", "Why", "Open tickets", "Handoffs", "Touch", "Owner"]


@pytest.fixture
def csm(client):
    user = UserFactory(role=Role.CSM)
    client.force_login(user)
    renewal_due(timezone.now().date() + timedelta(days=30), customer=CustomerFactory(name="Halden"))
    refresh_whole_queue(at=timezone.now())
    return user


def headings(client, query=""):
    """What stands over the columns, in order."""
    listing = client.get(f"/customers/{query}").context["listing"]
    return [column.label for column in listing.filled.table.columns]


def arrange(client, *names, list_name="customers", **more):
    """Send the menu with these columns ticked, in this order."""
    given = {"order": names, "columns": names, "density": "compact", "state": ""}
    return client.post(f"/lists/{list_name}/columns/", given | more)


def test_the_address_names_columns_and_their_order(client, csm):
    assert headings(client, "?columns=owner,arr") == ["Customer", "Owner", "ARR"]
    assert headings(client) == USUAL


def test_a_column_that_is_offered_is_hidden_until_it_is_chosen(client, csm):
    page = client.get("/customers/?columns=segment").content.decode()

    assert "Segment" not in headings(client)
    assert '<th scope="col" class="p3">Segment</th>' in page


def test_a_column_that_does_not_exist_is_said_and_changes_nothing(client, csm):
    page = client.get("/customers/", {"columns": "owner,<b>,\x00,nonsense"}).content.decode()

    assert "This list has no column “&lt;b&gt;”, “\x00”, “nonsense”." in page
    assert headings(client, "?columns=nonsense") == USUAL


def test_columns_of_money_do_not_exist_for_whoever_may_not_see_it(client, csm):
    client.force_login(UserFactory(role=Role.AGENT))

    page = client.get("/customers/?columns=arr,owner").content.decode()

    assert headings(client, "?columns=arr,owner") == ["Customer", "Owner"]
    assert "This list has no column “arr”." in page


def test_a_list_can_be_ordered_by_a_column_that_is_hidden(client, csm):
    CustomerFactory(name="Aardvark")
    refresh_whole_queue(at=timezone.now())

    listing = client.get("/customers/?columns=owner&sort=-name").context["listing"]

    assert [row.name for row in listing.page.rows] == ["Halden", "Aardvark"]
    assert "Customer" in [order.label for order in listing.toolbar.orders]


def test_no_other_column_is_marked_where_a_hidden_one_orders(client, csm):
    response = client.get("/customers/?columns=owner&sort=-arr")

    assert response.context["listing"].toolbar.order_label == "ARR"
    assert "aria-sort" not in response.content.decode()


def test_what_was_chosen_last_is_remembered_for_this_person_and_list(client, csm):
    response = arrange(client, "health", "owner", density="comfortable", state="band=unknown")

    assert response.url == "/customers/?band=unknown&columns=name%2Chealth%2Cowner"
    assert headings(client) == ["Customer", "Health", "Owner"]
    assert 'class="table-box table-comfortable"' in client.get("/customers/").content.decode()
    client.force_login(UserFactory(role=Role.CSM))
    assert headings(client) == USUAL


def test_the_address_wins_over_what_is_remembered(client, csm):
    arrange(client, "health")

    assert headings(client, "?columns=owner") == ["Customer", "Owner"]


@pytest.mark.parametrize(
    ("moved", "order"),
    [
        ({"up": "health"}, ["name", "health", "arr", "owner"]),
        ({"down": "arr"}, ["name", "health", "arr", "owner"]),
        ({"up": "arr"}, ["name", "arr", "health", "owner"]),
        ({"down": "owner"}, ["name", "arr", "health", "owner"]),
        ({"up": "stage"}, ["name", "arr", "health", "owner"]),
    ],
)
def test_a_column_moves_a_place(client, *, csm, moved, order):
    arrange(client, "name", "arr", "health", "owner", **moved)

    assert ListLayout.objects.get().columns == order


def test_what_names_the_row_cannot_be_hidden(client, csm):
    arrange(client, "name", "arr", columns=["name"])

    assert headings(client) == ["Customer"]


def test_the_usual_columns_need_no_word_in_the_address(client, csm):
    usual = [column.name for column in Customers(csm, QueryDict(), now=timezone.now()).layout.shown]

    response = arrange(client, *usual)

    assert response.url == "/customers/"
    assert ListLayout.objects.get().columns == []


def test_reset_forgets_what_was_chosen(client, csm):
    arrange(client, "health", density="comfortable")

    response = arrange(client, reset="yes", state="columns=health&sort=-arr")

    assert response.url == "/customers/?sort=-arr"
    assert not ListLayout.objects.exists()
    assert headings(client) == USUAL


@pytest.mark.parametrize(
    "given", [{"columns": ["nonsense"]}, {"density": "x"}, {"order": []}, {"up": "nonsense"}]
)
def test_what_a_list_does_not_have_is_not_remembered(client, csm, given):
    response = client.get(arrange(client, "health", **given).url)

    assert "The list has other columns than these" in response.content.decode()
    assert not ListLayout.objects.exists()


def test_a_list_that_does_not_exist_has_no_columns(client, csm):
    assert arrange(client, list_name="nonsense").status_code == 404


def test_a_saved_view_keeps_its_columns(client, csm):
    given = {"list": "customers", "name": "Owners", "audience": "private"}

    response = client.post("/views/", given | {"query": "band=red&columns=owner"})

    assert response.url == "/customers/?band=red&columns=owner"


def test_filters_pages_and_orders_keep_the_columns(client, csm):
    page = client.get("/customers/?columns=owner").content.decode()

    assert '<input type="hidden" name="columns" value="owner">' in page
    assert 'href="?columns=owner&amp;band=' not in page  # a menu: it is in the form
    assert "?columns=owner&amp;sort=" in page


def test_a_file_has_the_columns_that_one_may_see_whatever_is_shown(client, csm):
    usual = b"".join(client.get("/customers/?export=csv"))

    assert b"".join(client.get("/customers/?export=csv&columns=owner")) == usual


def test_a_row_that_comes_back_after_a_change_has_the_columns_of_its_page(client, csm):
    renewal = renewal_due(timezone.now().date() + timedelta(days=9))
    refresh_whole_queue(at=timezone.now())
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": "http://testserver/renewals/?columns=owner&section=all",
    }

    row = client.post(
        f"/renewals/{renewal.pk}/on-track/", {"version": renewal.version}, headers=headers
    ).content.decode()

    assert row.count("<td") == 4  # its box, customer, owner, and the panel's link
    assert f"?columns=owner&amp;section=all&amp;peek={renewal.pk}" in row


def test_a_row_whose_cell_was_changed_has_the_columns_of_its_page(client, csm):
    renewal = renewal_due(timezone.now().date() + timedelta(days=9))
    refresh_whole_queue(at=timezone.now())
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/renewals/?columns=owner"}

    row = client.post(
        f"/bulk/renewals/call/{renewal.pk}/?seen={renewal.version}",
        {"call": "on_track"},
        headers=headers,
    ).content.decode()

    assert row.count("<td") == 4
    assert f"?columns=owner&amp;peek={renewal.pk}" in row


@pytest.mark.parametrize("name", sorted(declared_lists()))
def test_every_list_names_each_of_its_columns_once(name):
    declared = declared_lists()[name](UserFactory(role=Role.ADMIN), QueryDict(), now=timezone.now())

    names = [column.name for column in declared.declared.columns]

    assert all(names)
    assert len(names) == len(set(names))
    assert [column.lead for column in declared.declared.columns].count("yes") == 1


@pytest.mark.parametrize("name", sorted(declared_lists()))
def test_columns_cost_no_query_of_their_own(client, monkeypatch, name):
    client.force_login(UserFactory(role=Role.ADMIN))
    url = reverse(declared_lists()[name].url) + "?sort="
    cost = count_queries(client, url)
    monkeypatch.setattr("supportsuccess.lists.layouts.memories", [])

    assert count_queries(client, url) == cost
