"""Many tickets that come from one known issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportsuccess.lists.bulk import Asked, BulkAction, Change
from tickets.actions import problems as actions
from tickets.actions.problems import Linked
from tickets.forms.problems import LinkInBulkForm
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    type Seen = Mapping[int, str]
    type Changes = Mapping[int, Change]


def link(seen: Seen, asked: Asked) -> dict[int, Change]:
    """Link these tickets to a problem, whose labels they inherit. Raises Refused."""
    problem = asked.said["problem"]
    tickets = list(Ticket.objects.visible_to(asked.by).filter(pk__in=seen))
    linked = actions.link_tickets(tickets, problem=problem, by=asked.by, at=asked.at, seen=seen)
    return {
        one.ticket_id: Change(
            {"problem": one.before}, {"problem": problem.pk, "version": one.version}
        )
        for one in linked
    }


def undo_link(changes: Changes, asked: Asked) -> Collection[int]:
    """Put them back to what they were linked to. Raises Refused when one has changed since."""
    linked = [
        Linked(pk, change.before["problem"], change.after["version"])
        for pk, change in changes.items()
    ]
    problem_id = next(iter(changes.values())).after["problem"]
    actions.undo_link(linked, problem_id=problem_id, by=asked.by, at=asked.at)
    return changes.keys()


LINK_IN_BULK = BulkAction(
    name="link",
    label="Link to a problem",
    key="p",
    permission="tickets.label_ticket",
    says="They inherit what is said of it, but where a person or a file said something else.",
    form=LinkInBulkForm,
    apply=link,
    undo=undo_link,
)
