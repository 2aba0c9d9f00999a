"""The path on a broker: workers import a file, score whom it changed, and mail what was offered."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Notification
from insights.models import CurrentHealth
from supportsuccess import outbox
from supportsuccess.imports import actions
from supportsuccess.imports.models import BatchState, ImportBatch
from tests.browser.test_the_whole_path import log_of_tickets
from tests.factories.parties import make_parties
from tests.smoke.test_promises import is_true_soon
from tickets.actions.handoffs import accept_handoff, offer_handoff
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import HandoffState, HandoffType, Learning, Priority, Ticket

Process = subprocess.Popen[bytes]


def state_of(batch: ImportBatch) -> str:
    return ImportBatch.objects.get(pk=batch.pk).state


def imported_by_workers(*, by: object) -> ImportBatch:
    batch = actions.upload_file(
        [log_of_tickets()], file_name="log.csv", format="servicenow", options={}, by=by
    )
    actions.check_import(batch, by=by)
    assert is_true_soon(lambda: state_of(batch) == BatchState.CHECKED)
    actions.run_import(batch, by=by, at=timezone.now())
    assert is_true_soon(lambda: state_of(batch) == BatchState.DONE)
    return batch


def test_the_path_runs_on_workers_and_beat(
    start_worker: Callable[[str], Process], beat: Process
) -> None:
    parties = make_parties()
    start_worker(outbox.QUICK)
    start_worker(outbox.LONG)

    imported_by_workers(by=parties.support_lead)
    ticket = Ticket.objects.filter(customer=parties.customer).latest("opened_at")
    answer_nothing_unusual(ticket, by=parties.agent, at=timezone.now())
    handoff = offer_handoff(
        parties.customer,
        type=HandoffType.RENEWAL_RISK,
        priority=Priority.NORMAL,
        need="They ask for a plan.",
        tickets=[ticket],
        by=parties.agent,
        at=timezone.now() - timedelta(minutes=1),
    )

    ticket.refresh_from_db()
    accepted = accept_handoff(handoff, by=parties.csm, at=timezone.now())
    assert (ticket.learning, accepted.state) == (Learning.ANSWERED, HandoffState.ACCEPTED)
    assert is_true_soon(lambda: Notification.objects.exclude(mailed_at=None).exists())
    assert is_true_soon(lambda: CurrentHealth.objects.filter(customer=parties.customer).exists())
