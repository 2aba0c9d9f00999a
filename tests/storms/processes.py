"""Programs that do the real work in a process of their own and can be killed at a named point.

A point is a place in the real code: before or after the n-th call of a function, or the n-th
statement sent to the database. The interpreter's own monitoring finds it; nothing is patched, so
what dies is exactly what runs in production. Processes are forked from one that has loaded Django.
"""

import inspect
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from unittest import mock

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import get_resolver
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.actions.notifications import notify
from accounts.models import Notification, User
from insights.jobs import health
from insights.lists.queue import Queue
from insights.queries.customer_ranges import customer_ranges
from supportsuccess import audit, environment, outbox
from supportsuccess.bulk import actions as bulk
from supportsuccess.bulk import jobs as bulk_jobs
from supportsuccess.bulk.choice import Choice
from supportsuccess.bulk.models import BulkRow
from supportsuccess.imports import actions, formats, sections
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.outbox import registry
from supportsuccess.outbox.models import Job
from tickets.actions import recording
from tickets.lists.inbox import Inbox

registry.load()
formats.load()
assert get_resolver().url_patterns

TOOL = 4  # of the monitoring tools' numbers one that is free
STATEMENT = "django.db.backends.utils:CursorWrapper.execute"
ROWS_PER_SECTION = 6
CUSTOMERS_PER_RANGE = 2
ROWS_PER_STEP = 2
BY = audit.System("storm")


@dataclass(frozen=True, kw_only=True)
class Point:
    """A place in the work: `module:function`, before or after it, at its n-th call."""

    name: str
    place: str
    when: Literal["before", "after"] = "before"
    call: int = 1

    def __str__(self):
        return self.name


def import_file(*, path):
    """The command, with sections small enough that a small file has several."""
    with (
        mock.patch.object(sections, "ROWS_PER_SECTION", ROWS_PER_SECTION),
        mock.patch.object(recording, "ROWS_PER_SECTION", ROWS_PER_SECTION),
    ):
        refusals = Path(path).with_suffix(".refused.csv")
        call_command("import_tickets", path, format="servicenow", refusals=refusals)


def undo_file(*, batch_id):
    """A person asks for the undo, again where nothing came of it; the worker does it."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.UNDONE:
        actions.undo_import(batch, by=BY, at=timezone.now())
    outbox.deliver_due()


def score_night(*, due_at):
    """Beat promises the night's run, again if it is asked again; the worker does it."""
    with mock.patch.object(
        health, "customer_ranges", partial(customer_ranges, CUSTOMERS_PER_RANGE)
    ):
        with transaction.atomic():
            health.promise_nightly_health(due_at=datetime.fromisoformat(due_at))
        outbox.deliver_due()


def score_changed(*, due_at):
    """Beat sees who has changed; the worker scores them."""
    with transaction.atomic():
        health.promise_customer_changes(due_at=datetime.fromisoformat(due_at))
    outbox.deliver_due()


def accept(*, handoff_id, token):
    """A person accepts under one operation id; ten seconds later the worker mails."""
    response = Client(SERVER_NAME="localhost").post(
        f"/api/v1/handoffs/{handoff_id}/accept/",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one acceptance"},
    )
    outbox.deliver_due(at=timezone.now() + timedelta(seconds=11))
    said = response.json()
    return response.status_code, said["state"], said["version"]


def announce(*, person_ids, things):
    """People are told of one thing after the other; again what they were told is not told."""
    people = User.objects.filter(pk__in=person_ids)
    for thing in range(things):
        long_ago = timezone.now() - timedelta(minutes=1)
        given = {"kind": "handoff_offered", "title": f"Thing {thing}", "path": "/"}
        notify(people, **given, key=f"thing:{thing}", at=long_ago)


def send_mail(*, notices, port):
    """A worker with a mail server of its own, until so many notices were mailed."""
    with override_settings(MAILERS={"default": environment.mailer(f"smtp://127.0.0.1:{port}")}):
        while Notification.objects.exclude(mailed_at=None).count() < notices:
            outbox.deliver_due()
            time.sleep(0.05)


def decide_in_bulk(*, person_id):
    """A person decides five renewals, then takes it back; asked again where nothing came of it."""
    person = User.objects.get(pk=person_id)
    with mock.patch.object(bulk_jobs, "AT_ONCE", ROWS_PER_STEP):
        if not Job.objects.filter(kind=bulk.BULK).exists():
            _decide_all(person)
        outbox.deliver_due()
        if not Job.objects.filter(kind=bulk.UNDO_BULK).exists():
            bulk.undo_bulk(Job.objects.get(kind=bulk.BULK), by=person)
        outbox.deliver_due()
    return sorted(BulkRow.objects.values_list("outcome", flat=True))


def answer_all_tickets(*, person_id):
    """A person says "nothing unusual" of all that waits; the worker does it."""
    person = User.objects.get(pk=person_id)
    rows = Choice(Inbox(person, QueryDict(), now=timezone.now()), QueryDict("all=yes")).rows()
    action = bulk_jobs.find_action("inbox", "nothing-unusual")
    bulk.start_bulk(action, rows, list_name="inbox", said={}, by=person, counted="some")
    outbox.deliver_due()


def _decide_all(person):
    queue = Queue(person, QueryDict("section=all"), now=timezone.now())
    action = bulk_jobs.find_action("renewals", "on-track")
    rows = Choice(queue, QueryDict("all=yes")).rows()
    bulk.start_bulk(action, rows, list_name="renewals", said={}, by=person, counted="some")


def run(work, arguments, *, point, answer):
    """What a forked process does: work until the point kills it, or say what came out."""
    reached = _watch(point) if point else None
    try:
        result = globals()[work](**arguments)
    except BaseException:  # noqa: BLE001 - the test shows it
        answer.send((traceback.format_exc(), None))
    else:
        answer.send((None, (result, reached and reached())))


def _watch(point):
    events = sys.monitoring.events
    event = events.PY_START if point.when == "before" else events.PY_RETURN
    calls = 0

    def strike(*_):
        nonlocal calls
        calls += 1
        if calls == point.call:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.monitoring.use_tool_id(TOOL, "storm")
    sys.monitoring.register_callback(TOOL, event, strike)
    sys.monitoring.set_local_events(TOOL, code_of(point.place), event)
    return lambda: calls


def code_of(place):
    """The code of `module:function` or `module:Class.method`, under whatever decorates it."""
    module, _, name = place.partition(":")
    found = import_string(f"{module}.{name.partition('.')[0]}")
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return inspect.unwrap(found).__code__
