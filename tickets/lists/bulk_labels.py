"""What can be done to many tickets at once: nothing unusual about them, or nothing to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from supportsuccess.lists.bulk import Asked, BulkAction, BulkForm, Change
from tickets.actions import exemptions
from tickets.actions import labels as actions
from tickets.models import ExemptReason, Ticket

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from accounts.models import User

    type Seen = Mapping[int, str]
    type Changes = Mapping[int, Change]


class ReasonForm(BulkForm):
    reason = forms.ChoiceField(choices=ExemptReason.choices)


def answer_usual(seen: Seen, asked: Asked) -> dict[int, Change]:
    """Say "nothing unusual" where there is no answer yet. Raises Refused."""
    tickets = _visible(seen, by=asked.by)
    group_id = actions.answer_rest_as_usual(tickets, by=asked.by, at=asked.at, seen=seen)
    return {
        ticket.pk: Change({"labels_answered": ticket.labels_answered}, {"group": group_id})
        for ticket in tickets
    }


def undo_usual(changes: Changes, asked: Asked) -> Collection[int]:
    """Take those answers back, but for tickets that were answered since. Raises Refused."""
    group_id = next(iter(changes.values())).after["group"]
    undone = actions.undo_answers(group_id, by=asked.by, at=asked.at, only=changes)
    return {ticket.pk for ticket in undone.tickets}


def exempt(seen: Seen, asked: Asked) -> dict[int, Change]:
    """Ask nobody for the labels of these tickets, for a reason. Raises Refused."""
    reason = ExemptReason(asked.said["reason"])
    tickets = _visible(seen, by=asked.by)
    before = exemptions.exempt_tickets(tickets, reason=reason, by=asked.by, seen=seen)
    return {
        ticket.pk: Change({"learning": ticket.learning}, {"version": ticket.version + 1})
        for ticket in before
    }


def undo_exempt(changes: Changes, asked: Asked) -> Collection[int]:
    """Ask for their labels again. Raises Refused when a ticket has changed since."""
    seen = {pk: change.after["version"] for pk, change in changes.items()}
    exemptions.undo_exemption(seen, by=asked.by, at=asked.at)
    return changes.keys()


def _visible(ids: Collection[int] | Seen, *, by: User) -> list[Ticket]:
    return list(Ticket.objects.visible_to(by).filter(pk__in=ids))


LABELS_IN_BULK = (
    BulkAction(
        name="nothing-unusual",
        label="Nothing unusual",
        key="n",
        permission="tickets.label_ticket",
        says="Every dimension without an answer gets “nothing unusual”; answers stay as they are.",
        apply=answer_usual,
        undo=undo_usual,
    ),
    BulkAction(
        name="exempt",
        label="Exempt",
        key="e",
        permission="tickets.label_ticket",
        says="Nobody is asked for their labels; they are counted apart.",
        form=ReasonForm,
        apply=exempt,
        undo=undo_exempt,
    ),
)
