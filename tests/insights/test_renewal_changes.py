import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import renewals
from accounts.models import Call, Renewal, RenewalDecision, RenewalState, Role, TouchKind
from insights.actions.queue import refresh_whole_queue
from insights.models import Clearing, QueuedRenewal
from tests.factories.contracts import ContractFactory, RenewalContractFactory
from tests.factories.customers import ContactFactory, CustomerContactFactory, CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def in_days(days):
    return timezone.now().date() + timedelta(days=days)


@pytest.fixture
def csm(client):
    user = UserFactory(role=Role.CSM)
    client.force_login(user)
    return user


@pytest.fixture
def renewal(db):
    made = renewal_due(in_days(30), customer=CustomerFactory(name="Halden Lifts"))
    refresh_whole_queue(at=timezone.now())
    return made


def set_step(renewal, *, next_step, by):
    renewals.set_next_step(
        renewal,
        version=renewal.version,
        next_step=next_step,
        next_step_on=in_days(5),
        by=by,
        at=timezone.now(),
    )


def say(renewal, **fields):
    return {"version": renewal.version, **fields}


@pytest.mark.parametrize(
    ("path", "state"),
    [("on-track", RenewalState.COMMITTED), ("at-risk", RenewalState.AT_RISK)],
)
def test_a_call_clears_the_row_at_once(client, *, csm, renewal, path, state):
    step = {"next_step": "Call Ingrid", "next_step_on": "+7"}

    response = client.post(f"/renewals/{renewal.pk}/{path}/", say(renewal, **step))

    assert response.status_code == 302
    row = QueuedRenewal.objects.get()
    assert (row.state, row.clearing) == (state, Clearing.DECIDED)
    renewal.refresh_from_db()
    assert renewal.next_step_on == in_days(7)


def test_on_track_is_said_without_a_step(client, csm, renewal):
    client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal))

    assert renewal.decisions.get().call == Call.ON_TRACK


def test_from_the_list_the_row_comes_back_and_the_dialog_closes(client, csm, renewal):
    url = f"/renewals/{renewal.pk}/on-track/"

    response = client.post(url, say(renewal), headers=HTMX)

    assert response["HX-Retarget"] == f"tr[data-row='{renewal.pk}']"
    assert {"dialog:close", "renewals-changed"} <= set(json.loads(response["HX-Trigger"]))
    row = response.content.decode()
    assert row.startswith(f'<tr data-row="{renewal.pk}" data-cleared="decided" data-last=""')
    assert "On track" in row


def test_from_a_page_it_is_shown_again(client, csm, renewal):
    here = {"HX-Current-URL": f"http://testserver/renewals/{renewal.pk}/"}

    response = client.post(
        f"/renewals/{renewal.pk}/on-track/", say(renewal, place="page"), headers=HTMX | here
    )

    assert response["HX-Redirect"] == f"/renewals/{renewal.pk}/"


def test_monitoring_too_late_is_refused_with_the_reason(client, csm, renewal):
    step = {"next_step": "Look", "next_step_on": "+7"}

    response = client.post(f"/renewals/{renewal.pk}/monitor/", say(renewal, **step), headers=HTMX)

    assert response.status_code == 409
    assert "within 90 days it is on track or at risk" in response.content.decode()
    assert not RenewalDecision.objects.exists()


def test_monitoring_too_late_is_refused_before_the_form(client, csm, renewal):
    url = f"/renewals/{renewal.pk}/monitor/"

    in_dialog, as_page = client.get(url, headers=HTMX), client.get(url)

    assert (in_dialog.status_code, as_page.url) == (204, renewal.get_absolute_url())
    assert "within 90 days it is on track or at risk" in in_dialog["HX-Trigger"]


def test_monitoring_in_time_is_asked_for_its_step(client, csm):
    far = renewal_due(in_days(120))

    assert "form" in client.get(f"/renewals/{far.pk}/monitor/").context


def test_what_is_at_risk_is_asked_for_its_next_step(client, csm, renewal):
    response = client.post(f"/renewals/{renewal.pk}/at-risk/", say(renewal))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"next_step", "next_step_on"}


def test_a_refusal_stands_at_its_field(client, csm, renewal):
    response = client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal, next_step="Call"))

    assert response.status_code == 409
    assert response.context["form"].errors["next_step_on"] == ["Say by when the next step is done."]


def test_a_day_that_is_none_is_asked_again(client, csm, renewal):
    step = {"next_step": "Call", "next_step_on": "soon"}

    response = client.post(f"/renewals/{renewal.pk}/at-risk/", say(renewal, **step))

    assert response.status_code == 422
    assert "Not a day" in response.content.decode()


def test_what_somebody_changed_meanwhile_is_refused(client, csm, renewal):
    faster = UserFactory(name="Mona Keller", role=Role.ADMIN)
    set_step(renewal, next_step="Call the sponsor", by=faster)

    response = client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal))

    [told] = response.context["form"].non_field_errors()
    assert response.status_code == 409
    assert "Mona Keller changed it just now" in told
    assert "next step “Call the sponsor” by " in told


def test_what_is_sent_again_knowingly_replaces_it(client, csm, renewal):
    set_step(renewal, next_step="Call the sponsor", by=csm)
    path, mine = f"/renewals/{renewal.pk}/next-step/", {"next_step": "Visit", "next_step_on": "+7"}
    refused = client.post(path, say(renewal, **mine)).context["form"]

    client.post(path, {name: refused[name].value() or "" for name in refused.fields})

    renewal.refresh_from_db()
    assert (refused["next_step"].value(), renewal.next_step) == ("Visit", "Visit")


@pytest.mark.parametrize("path", ["on-track", "next-step", "snooze", "touch"])
def test_a_form_works_as_a_page_and_in_a_dialog(client, *, csm, renewal, path):
    page = client.get(f"/renewals/{renewal.pk}/{path}/").content.decode()
    dialog = client.get(f"/renewals/{renewal.pk}/{path}/", headers=HTMX).content.decode()

    assert "<html" in page
    assert dialog.lstrip().startswith("<form")
    assert "Halden Lifts" in dialog


def test_a_form_offers_the_step_that_stands(client, csm):
    renewal = renewal_due(in_days(30), next_step="Call", next_step_on=in_days(3))

    form = client.get(f"/renewals/{renewal.pk}/on-track/").context["form"]

    assert form.initial["next_step"] == "Call"


def test_a_step_that_has_passed_is_not_offered(client, csm):
    renewal = renewal_due(in_days(30), next_step="Call", next_step_on=in_days(-3))

    assert (
        "next_step" not in client.get(f"/renewals/{renewal.pk}/on-track/").context["form"].initial
    )


def test_undo_puts_the_row_back(client, csm, renewal):
    client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal))
    undo_url = f"/renewals/decisions/{RenewalDecision.objects.get().pk}/undo/"

    response = client.post(undo_url, headers={"Referer": "http://testserver/renewals/?owner=all"})

    assert response.url == "/renewals/?owner=all"
    assert QueuedRenewal.objects.get().clearing == ""


def test_a_decision_is_undone_once(client, csm, renewal):
    client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal))
    undo_url = f"/renewals/decisions/{RenewalDecision.objects.get().pk}/undo/"
    client.post(undo_url)

    response = client.post(undo_url, follow=True)

    assert "already taken back" in response.content.decode()


def test_a_next_step_is_noted(client, csm, renewal):
    step = {"next_step": "Visit", "next_step_on": "+3"}

    client.post(f"/renewals/{renewal.pk}/next-step/", say(renewal, **step))

    renewal.refresh_from_db()
    assert (renewal.next_step, renewal.state) == ("Visit", RenewalState.UPCOMING)


def test_snoozing_and_waking(client, csm, renewal):
    client.post(f"/renewals/{renewal.pk}/snooze/", say(renewal, until="+5"))
    snoozed = QueuedRenewal.objects.get().clearing

    client.post(f"/renewals/{renewal.pk}/wake/")

    assert snoozed == Clearing.SNOOZED
    assert QueuedRenewal.objects.get().clearing == ""


def test_waking_what_is_closed_is_refused(client, csm, renewal):
    closed = renewal_due(in_days(-40), state="lost", loss_reason="price", closed_at=timezone.now())

    response = client.post(f"/renewals/{closed.pk}/wake/", follow=True)

    assert "this renewal is closed" in response.content.decode()


def test_a_touch_takes_three_keys_of_input(client, csm, renewal):
    form = client.get(f"/renewals/{renewal.pk}/touch/").context["form"]
    said = {
        "kind": form["kind"].value(),
        "is_two_way": "on",
        "happened_on": form["happened_on"].value(),
    }

    response = client.post(f"/renewals/{renewal.pk}/touch/", said, headers=HTMX)

    assert response.status_code == 200
    touch = renewal.customer.touches.get()
    assert (touch.kind, touch.is_two_way, touch.by) == (TouchKind.CALL, True, csm)
    assert QueuedRenewal.objects.get().last_touch_at == touch.occurred_at


def test_a_touch_of_an_earlier_day_is_at_its_noon(client, csm, renewal):
    said = {"kind": "visit", "happened_on": in_days(-2).isoformat()}

    client.post(f"/customers/{renewal.customer_id}/touch/", said)

    touch = renewal.customer.touches.get()
    assert (touch.occurred_at.date(), touch.occurred_at.hour) == (in_days(-2), 12)


def test_a_touch_to_come_is_asked_again(client, csm, renewal):
    said = {"kind": "visit", "happened_on": in_days(2).isoformat()}

    response = client.post(f"/customers/{renewal.customer_id}/touch/", said)

    assert response.status_code == 422


def test_a_touch_names_people_who_are_there(client, csm, renewal):
    link = CustomerContactFactory(customer=renewal.customer, contact=ContactFactory(name="Lars"))
    said = {"kind": "call", "happened_on": in_days(0).isoformat(), "contacts": [link.contact_id]}

    client.post(f"/customers/{renewal.customer_id}/touch/", said)

    assert renewal.customer.touches.get().contacts.get() == link.contact


def test_a_touch_from_the_customers_page_shows_it_again(client, csm, renewal):
    said = {"kind": "call", "happened_on": in_days(0).isoformat(), "place": "page"}

    response = client.post(f"/customers/{renewal.customer_id}/touch/", said, headers=HTMX)

    assert response["HX-Redirect"] == f"/customers/{renewal.customer_id}/"


@pytest.mark.parametrize("path", ["on-track", "next-step", "snooze", "wake"])
def test_who_may_not_decide_is_refused(client, renewal, path):
    client.force_login(UserFactory(role=Role.AGENT))

    response = client.post(f"/renewals/{renewal.pk}/{path}/", say(renewal))

    assert response.status_code == 403
    assert Renewal.objects.get().version == 1


@pytest.mark.parametrize("path", ["", "on-track/", "snooze/", "touch/"])
def test_a_restricted_customers_renewal_is_not_found(client, csm, path):
    secret = renewal_due(in_days(30), customer=CustomerFactory(is_restricted=True))

    assert client.get(f"/renewals/{secret.pk}/{path}").status_code == 404


def test_the_page_of_a_renewal_shows_contracts_calls_and_basis(client, csm, renewal):
    client.post(f"/renewals/{renewal.pk}/on-track/", say(renewal))
    bare = ContractFactory(customer=renewal.customer)
    RenewalContractFactory(renewal=renewal, contract=bare, line=None)

    page = client.get(f"/renewals/{renewal.pk}/").content.decode()

    for text in (
        "called it on track",
        "Must be signed anew",
        "€12k",
        "Starter rate for unknown",
        "No lines: what it brings in is not known",
        "the end, less the time that signing takes",
    ):
        assert text in page


def test_the_page_of_a_renewal_hides_money_from_agents(client, renewal):
    client.force_login(UserFactory(role=Role.AGENT))

    page = client.get(f"/renewals/{renewal.pk}/").content.decode()

    assert "Halden Lifts" in page
    assert "€" not in page


def test_a_renewal_nobody_computed_yet_has_a_page(client, csm):
    renewal = renewal_due(in_days(30))

    assert client.get(f"/renewals/{renewal.pk}/").status_code == 200
