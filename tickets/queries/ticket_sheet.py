"""What a ticket's page shows beside the ticket and who answers for it, in one statement by hand.

Composed from querysets the same five statements took longer to write than to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from accounts.models import OPEN_RENEWAL_STATES, hidden_text
from supportsuccess.statements import fetched, read_json
from tickets.models import Dimension, HandoffState, HandoffType, Origin
from tickets.queries.label_meaning import MEANT
from tickets.queries.ticket_timeline import ENTRIES_SHOWN, EventRow, MessageRow, timeline_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import User
    from tickets.models import Ticket
    from tickets.queries.ticket_timeline import Timeline

SHEET = """
    SELECT jsonb_build_object(
        'decision_on', (
            SELECT min(decision_point_on) FROM accounts_renewal
            WHERE customer_id = %(customer)s AND state = ANY(%(open_renewals)s)
              AND %(sees_renewals)s),
        'events', (SELECT jsonb_agg(to_jsonb(e) - '{{id,sequence}}'::text[]
                ORDER BY e.occurred_at DESC, e.sequence DESC, e.id DESC) FROM (
            SELECT e.id, e.sequence, e.occurred_at, e.kind, e.by_label, e.status, e.source_status,
                   e.priority, t.name AS team, e.assignee_label, e.is_blocked
            FROM tickets_ticketevent e LEFT JOIN accounts_team t ON t.id = e.team_id
            WHERE e.ticket_id = %(id)s
            ORDER BY e.occurred_at DESC, e.sequence DESC, e.id DESC LIMIT %(entries)s) e),
        'messages', (SELECT jsonb_agg(to_jsonb(m) - 'id'
                ORDER BY m.occurred_at DESC, m.id DESC) FROM (
            SELECT n.id, n.occurred_at, n.direction, n.by_label, n.body
            FROM tickets_message n LEFT JOIN imports_importbatch b ON b.id = n.batch_id
            WHERE n.ticket_id = %(id)s AND b.withdrawn_at IS NULL
              AND (n.direction <> 'internal' OR %(sees_notes)s)
            ORDER BY occurred_at DESC, id DESC LIMIT %(entries)s) m),
        'labels', (SELECT jsonb_agg(g) FROM (
            SELECT DISTINCT ON (g.dimension) g.dimension, w.name, w.definition,
                   CASE WHEN w.id <> v.id THEN v.name END AS said, u.name AS by_name,
                   g.origin, r.name AS rule_name, g.occurred_at, g.revisit_on
            FROM tickets_labeling g LEFT JOIN tickets_labelvalue v ON v.id = g.value_id
            LEFT JOIN tickets_labelvalue w ON w.id = {meant}
            LEFT JOIN accounts_user u ON u.id = g.by_id
            LEFT JOIN tickets_labelrule r ON r.id = g.rule_id
            LEFT JOIN imports_importbatch b ON b.id = g.batch_id
            WHERE g.ticket_id = %(id)s AND b.withdrawn_at IS NULL
            ORDER BY g.dimension, g.occurred_at DESC, g.id DESC) g WHERE g.name IS NOT NULL),
        'handoffs', (SELECT jsonb_agg(f ORDER BY f.offered_at DESC NULLS FIRST, f.id DESC) FROM (
            SELECT f.id, f.type, f.state, f.offered_at, s.name AS sender, r.name AS receiver
            FROM tickets_handoffticket h JOIN tickets_handoff f ON f.id = h.handoff_id
            JOIN accounts_user s ON s.id = f.sender_id JOIN accounts_user r ON r.id = f.receiver_id
            WHERE h.ticket_id = %(id)s AND %(sees_handoffs)s
              AND f.customer_id NOT IN ({hidden})) f))"""


class LabelRow(NamedTuple):
    """The answer that stands to one dimension, and who gave it."""

    dimension: str
    name: str
    definition: str
    # what was chosen, where that was merged into another value since
    said: str | None
    by_name: str | None
    origin: str
    rule_name: str | None
    occurred_at: datetime
    revisit_on: date | None

    @property
    def question(self) -> str:
        return Dimension(self.dimension).label

    @property
    def who(self) -> str:
        if self.rule_name:
            return f"By rule “{self.rule_name}”"
        return self.by_name or Origin(self.origin).label


class HandoffRow(NamedTuple):
    """One handoff that the ticket is part of."""

    id: int
    type: str
    state: str
    offered_at: datetime | None
    sender: str
    receiver: str

    @property
    def type_name(self) -> str:
        return HandoffType(self.type).label

    @property
    def state_name(self) -> str:
        return HandoffState(self.state).label


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What happened on a ticket, what it was labelled with, and where it went."""

    timeline: Timeline
    labels: list[LabelRow]
    # the newest first
    handoffs: list[HandoffRow]
    # when the customer decides about the first of their open renewals
    decision_on: date | None


def sheet_of(ticket: Ticket, *, user: User) -> Sheet:
    """What the page of a ticket shows, which the user may see already."""
    [[found]] = fetched(
        SHEET.format(hidden=hidden_text(user), meant=MEANT),
        {
            "id": ticket.pk,
            "customer": ticket.customer_id,
            "open_renewals": list(OPEN_RENEWAL_STATES),
            "entries": ENTRIES_SHOWN + 1,
            "sees_notes": user.has_perm("tickets.view_private_note"),
            "sees_renewals": user.has_perm("accounts.view_renewal"),
            "sees_handoffs": user.has_perm("tickets.view_handoff"),
        },
    )
    told = read_json(found)
    labels = {row.dimension: row for row in _rows(LabelRow, told["labels"])}
    return Sheet(
        timeline=timeline_from(
            events=_rows(EventRow, told["events"]), messages=_rows(MessageRow, told["messages"])
        ),
        labels=[labels[name] for name in Dimension if name in labels],
        handoffs=list(_rows(HandoffRow, told["handoffs"])),
        decision_on=told["decision_on"],
    )


def _rows[Row](kind: type[Row], found: list[dict[str, Any]] | None) -> Iterable[Row]:
    """Rows by their names; nothing was found where there is none."""
    return (kind(**row) for row in found or ())
