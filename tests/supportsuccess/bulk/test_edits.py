"""A cell changed in place: with its version, its conflict, its undo."""

import re
from datetime import timedelta
from html import unescape
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from accounts.actions.renewals import decide_renewals
from accounts.models import Assignment, Call, Renewal, RenewalState, Role
from insights.actions.queue import refresh_whole_queue
from insights.lists import bulk_renewals
from supportsuccess.bulk import edits
from supportsuccess.bulk.models import BulkRow
from supportsuccess.outbox.models import Job
from tests.factories.customers import AssignmentFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due

pytestmark = pytest.mark.django_db
STEP = {"next_step": "Call them", "next_step_on": "+7"}


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.CSLEAD, name="Clara Lindqvist")
    client.force_login(user)
    return user


@pytest.fixture
def renewal(lead):
    made = renewal_due(timezone.now().date() + timedelta(days=100))
    AssignmentFactory(customer=made.customer, holder_user=UserFactory(name="Ines Duarte"))
    refresh_whole_queue(at=timezone.now())
    return made


def call_url(renewal):
    url = reverse("bulk:edit", args=["renewals", "call", renewal.pk])
    return f"{url}?seen={renewal.version}"


def owner_url(renewal):
    url = reverse("bulk:edit", args=["customers", "owner", renewal.customer_id])
    return f"{url}?seen={Assignment.objects.get(during__endswith=None).pk}"


def text(response):
    return response.content.decode()


def decide_elsewhere(renewal, *, by):
    step = {"next_step": "Ask Tom", "next_step_on": timezone.now().date() + timedelta(days=3)}
    seen = {renewal.pk: renewal.version}
    decide_renewals(seen, call=Call.AT_RISK, by=by, at=timezone.now(), **step)


def test_a_cell_leads_to_its_editor(client, renewal):
    page = text(client.get(reverse("insights:renewals"), {"owner": "all"}))

    assert f'href="{call_url(renewal)}"' in page


def test_a_cell_is_plain_for_who_may_not_change_it(client, renewal):
    client.force_login(UserFactory(role=Role.AGENT))

    page = text(client.get(reverse("insights:renewals"), {"owner": "all"}))

    assert renewal.customer.name in page
    assert "data-edit" not in page
    assert client.post(call_url(renewal), {"call": "on_track"}).status_code == 403


def test_the_editor_begins_with_what_stands(client, lead, renewal):
    decide_elsewhere(renewal, by=lead)

    page = text(client.get(call_url(renewal)))

    assert "Ask Tom" in page


def test_saving_changes_the_row_and_can_be_taken_back(client, renewal):
    answer = client.post(
        call_url(renewal), {"call": "at_risk", **STEP}, headers={"hx-request": "true"}
    )

    assert f'<tr data-row="{renewal.pk}"' in text(answer)
    assert "Call them" in text(answer)
    assert Renewal.objects.get().state == RenewalState.AT_RISK
    client.post(reverse("bulk:undo", args=[BulkRow.objects.get().job_id]))
    assert Renewal.objects.get().state == renewal.state


def test_what_is_missing_is_asked_for_in_the_cell(client, renewal):
    answer = client.post(call_url(renewal), {"call": "at_risk"}, headers={"hx-request": "true"})

    assert answer.status_code == 409
    assert "needs a next step" in text(answer)


def test_a_conflict_shows_both_values_and_overwrites_nothing(client, renewal):
    decide_elsewhere(renewal, by=UserFactory(role=Role.CSM, name="Rob Maier"))

    answer = client.post(
        call_url(renewal), {"call": "monitor", **STEP}, headers={"hx-request": "true"}
    )

    assert answer.status_code == 409
    assert "Rob Maier changed it" in text(answer)
    assert "Ask Tom" in text(answer)
    assert 'value="Call them"' in text(answer)
    assert Renewal.objects.get().next_step == "Ask Tom"


def test_sent_again_over_a_conflict_it_replaces_what_was_shown(client, renewal):
    decide_elsewhere(renewal, by=UserFactory(role=Role.CSM))
    said = {"call": "monitor", **STEP}
    client.post(call_url(renewal), said)
    again = call_url(Renewal.objects.get())

    client.post(again, said)

    assert Renewal.objects.get().next_step == "Call them"


def test_an_owner_is_chosen_in_the_cell(client, renewal):
    rob = UserFactory(role=Role.CSM, name="Rob Maier")

    answer = client.post(owner_url(renewal), {"to": rob.pk}, headers={"hx-request": "true"})

    assert "Rob Maier" in text(answer)
    assert Assignment.objects.get(during__endswith=None).holder_user == rob


def test_two_owners_at_once_are_a_conflict(client, renewal):
    rob, ann = UserFactory(role=Role.CSM, name="Rob Maier"), UserFactory(role=Role.CSM)
    seen = owner_url(renewal)
    client.post(seen, {"to": rob.pk})

    answer = client.post(seen, {"to": ann.pk})

    assert answer.status_code == 409
    assert "You made Rob Maier its owner" in text(answer)
    assert Assignment.objects.get(during__endswith=None).holder_user == rob


def test_a_row_that_one_may_not_see_is_not_found(client, renewal):
    client.force_login(UserFactory(role=Role.CSM))
    unseen = call_url(renewal).replace(f"/{renewal.pk}/", f"/{renewal.pk + 1}/")

    assert client.get(unseen).status_code == 404


def test_a_changed_cell_does_not_stand_among_the_jobs(client, renewal):
    client.post(call_url(renewal), {"call": "on_track"})

    assert Job.objects.count() == 1
    assert "No jobs" in text(client.get(reverse("outbox:jobs")))


def test_without_script_one_comes_back_to_the_list_as_it_was(client, renewal):
    list_url = f"{reverse('insights:renewals')}?owner=all&sort=-arr"
    page = client.get(call_url(renewal), headers={"referer": f"http://testserver{list_url}"})
    [action] = re.findall(r'action="([^"]*bulk[^"]*)"', text(page))

    answer = client.post(unescape(action), {"call": "on_track", **STEP})

    assert answer["Location"] == list_url


@pytest.mark.parametrize("page", ["http://elsewhere.example/renewals/?a=b", "http://testserver/"])
def test_from_elsewhere_one_comes_to_the_bare_list(client, renewal, page):
    answer = client.get(call_url(renewal), headers={"referer": page})

    assert f'href="{reverse("insights:renewals")}"' in text(answer)


@pytest.mark.parametrize("seen", ["abc", "", "9" * 40, "-1"])
def test_what_was_never_seen_changes_nothing(client, renewal, seen):
    owner = UserFactory(role=Role.CSM)
    url = reverse("bulk:edit", args=["customers", "owner", renewal.customer_id])

    answer = client.post(f"{url}?seen={seen}", {"to": owner.pk})

    assert answer.status_code == 409
    assert "invalid literal" not in text(answer)
    assert not Assignment.objects.filter(holder_user=owner).exists()


def test_an_assignment_of_another_customer_is_not_moved(client, renewal):
    another, owner = AssignmentFactory(), UserFactory(role=Role.CSM)
    url = reverse("bulk:edit", args=["customers", "owner", renewal.customer_id])

    answer = client.post(f"{url}?seen={another.pk}", {"to": owner.pk})

    assert answer.status_code == 409
    assert not Assignment.objects.filter(holder_user=owner).exists()


def test_what_cannot_be_done_now_is_not_done_later(client, renewal, monkeypatch):
    held = Mock(side_effect=OperationalError("canceling statement due to lock timeout"))
    monkeypatch.setattr(bulk_renewals.actions, "decide_renewals", held)
    monkeypatch.setattr(edits, "WAIT_SECONDS", 0.3)

    answer = client.post(call_url(renewal), {"call": "on_track", **STEP})

    assert answer.status_code == 409
    assert "nothing was changed" in text(answer)
    assert held.call_count == 1
    assert BulkRow.objects.get().outcome == "left"
    assert Job.objects.get().state == "cancelled"
