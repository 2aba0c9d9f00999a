"""Done to many renewals at once: one outcome each, one group of the record, and a way back."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.renewals import decide_renewals
from accounts.models import Call, Renewal, RenewalDecision, RenewalState, Role
from insights.actions.queue import refresh_whole_queue
from supportsuccess.audit.models import Change, EventGroup
from supportsuccess.bulk import jobs as bulk_jobs
from supportsuccess.bulk.models import BulkRow, Outcome
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job, JobState
from tests.factories.base import change
from tests.factories.customers import AssignmentFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm(client):
    user = UserFactory(role=Role.CSM, name="Rob Maier")
    client.force_login(user)
    return user


def book(csm, count=3, *, days=200):
    """So many renewals of one CSM, all decided in so many days."""
    today = timezone.now().date()
    made = [renewal_due(today + timedelta(days=days)) for _ in range(count)]
    for renewal in made:
        AssignmentFactory(customer=renewal.customer, holder_user=csm)
    refresh_whole_queue(at=timezone.now())
    return made


def address(action, *, rows=(), **asked):
    picks = [f"{renewal.pk}.{renewal.version}" for renewal in rows]
    query = urlencode({"pick": picks, **asked}, doseq=True)
    return f"{reverse('bulk:bulk', args=['renewals', action])}?{query}"


def states():
    return list(Renewal.objects.order_by("pk").values_list("state", flat=True))


def outcomes():
    return dict(BulkRow.objects.order_by("pk").values_list("label", "outcome"))


def test_picked_rows_are_decided_at_once(client, csm):
    rows = book(csm, days=100)

    client.post(address("on-track", rows=rows[:2]))

    assert states() == [RenewalState.COMMITTED, RenewalState.COMMITTED, rows[2].state]


def test_all_changes_belong_to_one_group_of_its_person(client, csm):
    client.post(address("on-track", rows=book(csm, days=100)))

    group = EventGroup.objects.get(action="bulk_on-track")
    changed = Change.objects.filter(table_name="accounts_renewal", group=group)
    assert (group.actor_id, changed.count()) == (csm.pk, 3)
    assert not EventGroup.objects.filter(action="decide_renewals").exists()


def test_a_row_that_is_refused_leaves_the_others(client, csm):
    near, *far = book(csm, days=100)
    change(near, decision_point_on=timezone.now().date() + timedelta(days=20))

    step = {"next_step": "Call them", "next_step_on": "+7"}
    client.post(address("monitor", rows=[near, *far]), step)

    assert states() == [near.state, RenewalState.IN_REVIEW, RenewalState.IN_REVIEW]
    refused = BulkRow.objects.get(outcome=Outcome.REFUSED)
    assert "within 90 days" in refused.reason


def test_what_somebody_changed_since_it_was_shown_is_not_overwritten(client, csm):
    rows = book(csm, days=100)
    other = UserFactory(role=Role.CSLEAD)
    step = {"next_step": "Ask them", "next_step_on": timezone.now().date() + timedelta(days=3)}
    seen = {rows[0].pk: rows[0].version}
    decide_renewals(seen, call=Call.AT_RISK, by=other, at=timezone.now(), **step)

    client.post(address("on-track", rows=rows))

    assert states() == [RenewalState.AT_RISK, RenewalState.COMMITTED, RenewalState.COMMITTED]
    assert "somebody changed it" in BulkRow.objects.get(outcome=Outcome.REFUSED).reason


def test_undo_puts_back_what_stood_before_and_keeps_both_in_the_history(client, csm):
    rows = book(csm, days=100)
    client.post(address("on-track", rows=rows))

    client.post(reverse("bulk:undo", args=[Job.objects.get().pk]))

    assert states() == [renewal.state for renewal in rows]
    assert RenewalDecision.objects.count() == 6
    assert set(outcomes().values()) == {Outcome.UNDONE}


def test_undo_leaves_what_somebody_changed_since(client, csm):
    rows = book(csm, days=100)
    client.post(address("on-track", rows=rows))
    change(rows[1], version=9)

    client.post(reverse("bulk:undo", args=[Job.objects.get().pk]))

    assert states() == [rows[0].state, RenewalState.COMMITTED, rows[2].state]
    assert BulkRow.objects.get(outcome=Outcome.KEPT).row_id == rows[1].pk


def test_an_undo_tells_why_a_row_was_left_not_why_another_was_refused_before(client, csm):
    *far, near = book(csm, days=100)  # of equals the newest stands first
    change(near, decision_point_on=timezone.now().date() + timedelta(days=20))
    step = {"next_step": "Call them", "next_step_on": "+7"}
    client.post(address("monitor", rows=[near, *far]), step)
    change(far[1], version=9)

    answer = client.post(reverse("bulk:undo", args=[Job.objects.get().pk]), follow=True)

    told = [str(message) for message in answer.context["messages"]]
    assert told[-1].startswith(f"1 not done. {far[1].customer}: ")
    assert "within 90 days" not in told[-1]


def test_undo_is_refused_after_a_day(client, csm):
    client.post(address("on-track", rows=book(csm, days=100)))
    job = Job.objects.get()
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=25))

    answer = client.post(reverse("bulk:undo", args=[job.pk]), follow=True)

    assert "over a day ago" in answer.content.decode()
    assert set(states()) == {RenewalState.COMMITTED}


def test_nobody_takes_back_what_another_did(client, csm):
    client.post(address("on-track", rows=book(csm, days=100)))
    client.force_login(UserFactory(role=Role.CSM))

    answer = client.post(reverse("bulk:undo", args=[Job.objects.get().pk]))

    assert answer.status_code == 404
    assert set(states()) == {RenewalState.COMMITTED}


def test_a_second_undo_finds_nothing_left(client, csm):
    client.post(address("on-track", rows=book(csm, days=100)))
    undo = reverse("bulk:undo", args=[Job.objects.get().pk])
    client.post(undo)

    answer = client.post(undo, follow=True)

    assert "Nothing of this is left" in answer.content.decode()


def test_all_that_match_are_found_by_the_filters(client, csm):
    book(csm, days=100)
    book(UserFactory(role=Role.CSM), count=2, days=100)

    client.post(address("on-track", all="yes", owner=csm.pk))

    assert Renewal.objects.filter(state=RenewalState.COMMITTED).count() == 3


def test_rows_that_one_may_not_see_are_not_touched(client, csm):
    mine = book(csm, count=1, days=100)
    hidden = book(UserFactory(role=Role.CSM), count=1, days=100)
    change(hidden[0].customer, is_restricted=True)

    client.post(address("on-track", rows=[*mine, *hidden]))

    assert Renewal.objects.get(pk=hidden[0].pk).state == hidden[0].state
    assert BulkRow.objects.get().row_id == mine[0].pk


def test_who_may_not_decide_is_refused(client, csm):
    rows = book(csm, days=100)
    client.force_login(UserFactory(role=Role.AGENT))

    assert client.get(address("on-track", rows=rows)).status_code == 403
    assert client.post(address("on-track", rows=rows)).status_code == 403


def test_unknown_lists_and_actions_are_not_found(client, csm):
    for path in ("/bulk/nothing/on-track/", "/bulk/renewals/explode/", "/bulk/jobs/on-track/"):
        assert client.get(path).status_code == 404


def test_the_dialog_names_the_number_of_rows(client, csm):
    rows = book(csm, days=100)

    page = client.get(address("at-risk", rows=rows)).content.decode()

    assert "At risk: 3 renewals" in page


def test_too_many_rows_are_refused_with_a_way_on(client, csm, monkeypatch):
    monkeypatch.setattr("supportsuccess.bulk.choice.MOST_ROWS", 2)
    book(csm, days=100)

    answer = client.post(address("on-track", all="yes"))

    assert answer.status_code == 422
    assert "Narrow the list" in answer.content.decode()
    assert not Job.objects.exists()


def test_what_is_missing_is_asked_for_and_nothing_is_done(client, csm):
    answer = client.post(address("at-risk", rows=book(csm, days=100)))

    assert answer.status_code == 422
    assert not Job.objects.exists()


# Long jobs


@pytest.fixture
def in_twos(monkeypatch):
    monkeypatch.setattr(bulk_jobs, "AT_ONCE", 2)
    monkeypatch.setattr("supportsuccess.bulk.views.WAITED_FOR", 1)


def test_a_long_job_goes_to_its_page_and_on_in_the_worker(client, csm, in_twos):
    rows = book(csm, count=5, days=100)

    answer = client.post(address("on-track", rows=rows))

    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert jobs.run_here(job).state == JobState.DONE
    assert set(states()) == {RenewalState.COMMITTED}


def test_a_cancelled_job_says_which_rows_it_did_not_begin(client, csm, in_twos):
    client.post(address("on-track", rows=book(csm, count=5, days=100)))
    job = Job.objects.get()
    jobs.work_along(job, seconds=0.0001)

    jobs.cancel(job, by=csm)

    left = BulkRow.objects.filter(outcome=Outcome.LEFT)
    assert left.count() == Renewal.objects.exclude(state=RenewalState.COMMITTED).count() > 0
    assert "Cancelled by Rob Maier" in left.first().reason


def test_who_lost_the_permission_meanwhile_changes_nothing_more(client, csm, in_twos):
    client.post(address("on-track", rows=book(csm, count=5, days=100)))
    change(csm, role=Role.AGENT)

    job = jobs.run_here(Job.objects.get())

    assert (job.state, RenewalState.COMMITTED in states()) == (JobState.FAILED, False)
    assert "may no longer do this" in BulkRow.objects.first().reason


def test_the_page_of_a_job_counts_its_rows_and_offers_the_way_back(client, csm):
    near, *far = book(csm, days=100)
    change(near, decision_point_on=timezone.now().date() + timedelta(days=20))
    step = {"next_step": "Call them", "next_step_on": "+7"}
    client.post(address("monitor", rows=[near, *far]), step)

    page = client.get(Job.objects.get().get_absolute_url()).content.decode()

    assert "Take it back" in page
    assert "within 90 days" in page
    assert "outcome=refused" in page


def test_reasons_are_a_file(client, csm):
    near, *_ = book(csm, count=1, days=20)
    client.post(address("monitor", rows=[near]), {"next_step": "Call them", "next_step_on": "+7"})

    url = f"{reverse('bulk:rows')}?job={Job.objects.get().pk}&outcome=refused&export=csv"
    lines = b"".join(client.get(url).streaming_content).decode().splitlines()

    assert len(lines) == 2
    assert "within 90 days" in lines[1]


def test_rows_of_what_another_did_are_not_listed(client, csm):
    [renewal] = book(csm, count=1, days=100)
    client.post(address("on-track", rows=[renewal]))
    own = client.get(f"{reverse('bulk:rows')}?export=csv")
    client.force_login(UserFactory(role=Role.CSM))
    anothers = client.get(f"{reverse('bulk:rows')}?export=csv")

    lengths = [len(b"".join(file.streaming_content).splitlines()) for file in (own, anothers)]
    assert lengths == [2, 1]
