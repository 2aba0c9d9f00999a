from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from tests.factories.base import change
from tests.factories.customers import CustomerFactory
from tests.factories.handoffs import PromiseFactory
from tests.factories.people import UserFactory
from tickets.models import Promise, PromiseState

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def admin(client):
    user = UserFactory(role=Role.ADMIN, name="Ada Osei")
    client.force_login(user)
    return user


@pytest.fixture
def promise(admin):
    customer = CustomerFactory(name="Halden Lifts")
    return PromiseFactory(customer=customer, due_on=TODAY + timedelta(days=5))


def rows(client, **asked):
    page = client.get("/promises/", asked).context["listing"].page
    return [row.pk for row in page.rows]


def test_open_promises_stand_in_the_order_of_their_days(client, promise):
    late = PromiseFactory(due_on=TODAY - timedelta(days=1))
    kept = PromiseFactory(state=PromiseState.KEPT)

    assert rows(client) == [late.pk, promise.pk]
    assert rows(client, state="kept") == [kept.pk]
    assert rows(client, late="1") == [late.pk]
    assert rows(client, q="halden") == [promise.pk]


def test_promises_can_be_narrowed_to_ones_own_and_to_a_customers(client, admin, promise):
    own = PromiseFactory(owner=admin)

    assert rows(client, owner=admin.pk) == [own.pk]
    assert rows(client, customer=promise.customer_id) == [promise.pk]


@pytest.mark.parametrize(
    ("move", "said", "state"),
    [
        ("keep", {}, PromiseState.KEPT),
        ("break", {"note": "No time"}, PromiseState.BROKEN),
        ("withdraw", {"note": "They left the tablets"}, PromiseState.WITHDRAWN),
        ("renegotiate", {"note": "They agreed", "due_on": "+9"}, PromiseState.OPEN),
    ],
)
def test_a_promise_is_moved_by_its_form(client, promise, *, move, said, state):
    url = f"/promises/{promise.pk}/{move}/"

    asked, moved = client.get(url), client.post(url, {"version": 1} | said)

    assert (asked.status_code, moved.status_code) == (200, 302)
    promise.refresh_from_db()
    assert (promise.state, promise.version) == (state, 2)
    assert "Ada Osei" in client.get(moved.url).content.decode()


def test_a_move_without_its_reason_is_asked_for_again(client, promise):
    answer = client.post(f"/promises/{promise.pk}/break/", {"version": 1})

    assert answer.status_code == 422
    assert Promise.objects.get().state == PromiseState.OPEN


def test_who_is_slower_reads_who_was_faster(client, promise):
    client.post(f"/promises/{promise.pk}/keep/", {"version": 1})

    answer = client.post(f"/promises/{promise.pk}/break/", {"version": 1, "note": "No time"})

    assert answer.status_code == 409
    assert "Kept by you already." in answer.content.decode()


def test_what_has_ended_is_not_asked_about(client, promise):
    client.post(f"/promises/{promise.pk}/keep/", {"version": 1})

    answer = client.get(f"/promises/{promise.pk}/break/", headers={"hx-request": "true"})

    assert answer.status_code == 204


def test_a_promise_of_a_customer_out_of_sight_is_not_found(client, promise):
    change(promise.customer, is_restricted=True)
    client.force_login(UserFactory(role=Role.AGENT))

    assert rows(client) == []
    assert client.get(f"/promises/{promise.pk}/").status_code == 404
    assert client.get(f"/promises/{promise.pk}/keep/").status_code == 404
