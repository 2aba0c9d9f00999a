"""All that the head and the open matters of a customer's page show, in one statement by hand.

Composed from querysets the same statement took longer to write than to run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from accounts.models import OPEN_RENEWAL_STATES, ContactRole, OutcomeStatus
from accounts.queries.organisation import Ours
from supportsuccess.statements import fetched, read_json
from tickets.models import OPEN_HANDOFF_STATES, UNSOLVED_STATUSES, PromiseState

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

SPARK_POINTS = 16
MATTERS_SHOWN = 8
PEOPLE_SHOWN = 12
SHEET = """
    SELECT jsonb_build_object(
        'scores', (SELECT jsonb_agg(s.score ORDER BY s.day) FROM (
            SELECT day, CASE WHEN band <> 'unknown' THEN score END AS score
            FROM insights_healthsnapshot WHERE customer_id = %(id)s
            ORDER BY day DESC LIMIT %(points)s) s),
        'renewal', (SELECT to_jsonb(r) FROM (
            SELECT id, due_on, decision_point_on, state, next_step, next_step_on
            FROM accounts_renewal
            WHERE customer_id = %(id)s AND state = ANY(%(open_renewals)s)
            ORDER BY decision_point_on, id LIMIT 1) r),
        'override', (SELECT to_jsonb(o) FROM (
            SELECT e.band, e.reason, u.name AS by, e.expires_at
            FROM accounts_healthoverride e JOIN accounts_user u ON u.id = e.by_id
            WHERE e.customer_id = %(id)s
              AND e.occurred_at <= %(at)s AND e.expires_at > %(at)s
            ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) o),
        'contacts', (SELECT jsonb_agg(to_jsonb(k) - 'place' ORDER BY k.place) FROM (
            SELECT c.id, c.name, l.role, l.left_at, row_number() OVER (
                       ORDER BY l.left_at DESC NULLS FIRST,
                                array_position(%(roles)s, l.role::text), c.sort_name, l.id) AS place
            FROM accounts_customercontact l JOIN accounts_contact c ON c.id = l.contact_id
            WHERE l.customer_id = %(id)s AND c.retired_at IS NULL AND %(sees_contacts)s
            ORDER BY place LIMIT %(people)s) k),
        'handoffs', (SELECT jsonb_agg(f ORDER BY f.due_at, f.id) FROM (
            SELECT f.id, f.type, f.state, f.due_at, u.name AS receiver
            FROM tickets_handoff f JOIN accounts_user u ON u.id = f.receiver_id
            WHERE f.customer_id = %(id)s AND f.state = ANY(%(open_handoffs)s)
            ORDER BY f.due_at, f.id LIMIT %(matters)s) f),
        'promises', (SELECT jsonb_agg(m ORDER BY m.due_on, m.id) FROM (
            SELECT m.id, m.text, m.due_on, u.name AS owner
            FROM tickets_promise m JOIN accounts_user u ON u.id = m.owner_id
            WHERE m.customer_id = %(id)s AND m.state = %(open_promise)s
            ORDER BY m.due_on, m.id LIMIT %(matters)s) m),
        'tickets', (SELECT jsonb_agg(t ORDER BY t.is_blocked DESC, t.opened_at DESC, t.id DESC)
            FROM (
            SELECT id, number, subject, priority, is_blocked, reopen_count, opened_at
            FROM tickets_ticket
            WHERE customer_id = %(id)s AND status = ANY(%(unsolved)s) AND retired_at IS NULL
            ORDER BY is_blocked DESC, opened_at DESC, id DESC LIMIT %(matters)s) t),
        'organisation', (SELECT to_jsonb(o) FROM (
            SELECT name, currency, timezone FROM accounts_organisation LIMIT 1) o)
    ) || coalesce((SELECT to_jsonb(p) FROM (
            SELECT p.seats, p.stage, p.touch_model, p.desired_outcome, p.outcome_status,
                   p.parent_id, c.name AS parent_name
            FROM accounts_customerprofile p LEFT JOIN accounts_customer c ON c.id = p.parent_id
            WHERE p.customer_id = %(id)s AND p.during @> %(at)s::timestamptz) p), '{}')"""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A customer as of a moment; a field is empty where nothing is known."""

    seats: int | None = None
    stage: str = ""
    touch_model: str = ""
    desired_outcome: str = ""
    outcome_status: str = OutcomeStatus.UNKNOWN
    parent_id: int | None = None
    parent_name: str | None = None
    # oldest first; empty for a day on which too little was known
    scores: list[float | None] = field(default_factory=list)
    renewal: dict[str, Any] = field(default_factory=dict)
    override: dict[str, Any] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    promises: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    organisation: dict[str, Any] = field(default_factory=dict)

    @property
    def course(self) -> list[float | None]:
        """The stored scores, unless the newest says that nothing is known."""
        return self.scores if self.scores and self.scores[-1] is not None else []

    @property
    def ours(self) -> Ours:
        """The company, as it was read along."""
        return Ours(**self.organisation)


def sheet_of(customer_id: int, *, user: User, at: datetime) -> Sheet:
    """What the page of a customer shows, whom the user may see already."""
    [[found]] = fetched(
        SHEET,
        {
            "id": customer_id,
            "at": at,
            "sees_contacts": user.has_perm("accounts.view_contact"),
            "points": SPARK_POINTS,
            "people": PEOPLE_SHOWN,
            "matters": MATTERS_SHOWN,
            "roles": list(ContactRole.values),
            "open_renewals": list(OPEN_RENEWAL_STATES),
            "open_handoffs": list(OPEN_HANDOFF_STATES),
            "open_promise": PromiseState.OPEN,
            "unsolved": list(UNSOLVED_STATUSES),
        },
    )
    told = read_json(found)
    names = {each.name for each in fields(Sheet)}
    return Sheet(**{name: told[name] for name in names & told.keys() if told[name] is not None})
