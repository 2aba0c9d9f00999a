import pytest
from django.http import QueryDict

from accounts.models import Team
from tests.oracle.states import (
    NOW,
    PAGE,
    PERIODS,
    STATES,
    TEXTS,
    address,
    assert_finds,
    is_open,
    is_urgent,
    lies_in,
    random_state,
    seen_tickets,
)
from tickets.lists.tickets import TicketList
from tickets.models import (
    Learning,
    Origin,
    Priority,
    TicketEventKind,
    TicketKind,
    TicketStatus,
)
from tickets.queries import sought

pytestmark = pytest.mark.django_db


def stands_so(ticket, only):
    return {
        "": True,
        "open": is_open(ticket),
        "urgent": is_urgent(ticket),
        "reopened": ticket.reopen_count > 0,
    }[only]


def was_reopened_in(ticket, asked):
    events = [event for event in ticket.events.all() if event.kind == TicketEventKind.REOPENED]
    return not asked or any(lies_in(event.occurred_at, asked) for event in events)


def has_words(ticket, text, *, reads_notes):
    """The customer's name has some of the words, and the subject or one message all others."""
    said = [m.body for m in ticket.messages.all() if reads_notes or m.direction != "internal"]
    named = ticket.customer.name.lower() if ticket.customer else ""
    words = text.lower().split()
    return any(
        all(word in place.split() or word in named for word in words)
        for place in (ticket.subject, *said)
    )


def passes_ticket(ticket, state, *, reads_notes):
    customer = str(ticket.customer_id) if ticket.customer_id else "none"
    is_overdue = ticket.learning == Learning.DUE and ticket.learning_due_at < NOW
    return (
        all(
            str(getattr(ticket, column)) in state[name]
            for name, column in (
                ("team", "team_id"),
                ("kind", "kind"),
                ("priority", "priority"),
                ("status", "status"),
                ("learning", "learning"),
                ("answered_by", "answered_by"),
            )
            if name in state
        )
        and customer in state.get("customer", [customer])
        and (is_overdue or "overdue" not in state)
        and stands_so(ticket, state.get("only", [""])[0])
        and lies_in(ticket.opened_at, state.get("opened"))
        and lies_in(ticket.last_solved_at, state.get("solved"))
        and lies_in(ticket.first_solved_at, state.get("first_solved"))
        and was_reopened_in(ticket, state.get("reopened"))
        and all(has_words(ticket, text, reads_notes=reads_notes) for text in state.get("q", []))
    )


@pytest.mark.parametrize(
    ("which", "few"), [(0, sought.FEW), (1, sought.FEW), (2, sought.FEW), (2, 0)]
)
def test_tickets_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which, few):
    monkeypatch.setattr(TicketList, "size", PAGE)
    for name in ("FEW", "FEW_MESSAGES", "FEW_CUSTOMERS"):
        monkeypatch.setattr(sought, name, few)
    user = people[which]
    tickets = list(seen_tickets(user))
    customers = {str(t.customer_id) for t in tickets if t.customer_id}
    reads_notes = user.has_perm("tickets.view_private_note")
    may_choose = user.has_perm("accounts.view_customer")
    options = {
        "q": (False, TEXTS),
        "kind": (True, TicketKind.values),
        "priority": (True, Priority.values),
        "status": (True, TicketStatus.values),
        "learning": (True, Learning.values),
        "answered_by": (True, Origin.values),
        "overdue": (False, ["1"]),
        "team": (True, [str(team.pk) for team in Team.objects.visible_to(user)]),
        "only": (False, ["open", "urgent", "reopened"]),
        **dict.fromkeys(("opened", "solved", "first_solved", "reopened"), (False, PERIODS)),
        "customer": (False, ["none", *(sorted(customers) if may_choose else [])]),
    }
    for _ in range(STATES):
        state, sort = random_state(chance, options), chance.choice(["", "opened", "-opened"])
        expected = sorted(
            (t for t in tickets if passes_ticket(t, state, reads_notes=reads_notes)),
            key=lambda t: (t.opened_at, t.pk),
            reverse=sort != "opened",
        )
        query = address(state, sort=sort)

        assert_finds(
            lambda params: TicketList(user, params, now=NOW), query, state=state, expected=expected
        )
        counted = TicketList(user, QueryDict(query), now=NOW).count()
        assert counted == len(expected), query
