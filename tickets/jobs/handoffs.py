from __future__ import annotations

from datetime import datetime

from supportsuccess import outbox
from supportsuccess.outbox import schedules
from tickets.actions.handoffs import expire_if_due, remind_if_due, take_over_if_left
from tickets.models import Handoff
from tickets.queries.handoff_targets import offers_to_expire, offers_to_remind_of


@schedules.every("expire_handoffs", seconds=60)
def promise_expired_handoffs(*, due_at: datetime) -> None:
    for handoff in offers_to_expire(at=due_at):
        outbox.promise("expire_handoff", handoff_id=handoff.pk, at=due_at.isoformat())


@schedules.every("remind_of_handoffs", seconds=60)
def promise_reminders(*, due_at: datetime) -> None:
    for handoff in offers_to_remind_of(at=due_at):
        outbox.promise("remind_of_handoff", handoff_id=handoff.pk, at=due_at.isoformat())


@outbox.handler("remind_of_handoff")
def remind_of_one(*, handoff_id: int, at: str) -> None:
    remind_if_due(Handoff.objects.get(pk=handoff_id), at=datetime.fromisoformat(at))


@schedules.every("leavers_handoffs", seconds=60)
def promise_matters_of_leavers(*, due_at: datetime) -> None:
    for handoff in Handoff.objects.held_by_leavers().order_by("pk"):
        outbox.promise("take_over_handoff", handoff_id=handoff.pk, at=due_at.isoformat())


@outbox.handler("take_over_handoff")
def take_over_one(*, handoff_id: int, at: str) -> None:
    take_over_if_left(Handoff.objects.get(pk=handoff_id), at=datetime.fromisoformat(at))


@outbox.handler("expire_handoff")
def expire_one(*, handoff_id: int, at: str) -> None:
    expire_if_due(Handoff.objects.get(pk=handoff_id), at=datetime.fromisoformat(at))
