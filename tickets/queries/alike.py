"""Due tickets that are probably about the same thing as one that is being labelled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, FloatField, Q, Value, When

from tickets.models import Ticket
from tickets.queries.learning import labels_state

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from tickets.models.tickets import TicketQuerySet

ALIKE_DAYS = 90
SHOWN = 8
# So many of the newest are compared, however many there are.
OF_PROBLEM, OF_CUSTOMER, OF_TEAM = 50, 200, 500
# From so alike on a subject is shown, for the customer's own tickets and for others; and marked.
OWN, OTHERS, SAME = 0.3, 0.55, 0.8


class AlikeTicket(NamedTuple):
    """A due ticket like the one on the panel."""

    pk: int
    number: str
    subject: str
    customer__name: str | None
    opened_at: datetime
    learning: str
    labels_answered: int
    likeness: float

    @property
    def mark(self) -> str:
        """What its box says: which ticket, and how its labels stood when it was shown."""
        return f"{self.pk}.{labels_state(self.learning, self.labels_answered)}"

    @property
    def is_same(self) -> bool:
        """Whether it is so alike that it is marked from the start."""
        return self.likeness >= SAME


def alike_tickets(ticket: Ticket, *, user: User, at: datetime) -> list[AlikeTicket]:
    """The most alike of the due tickets of 90 days that this person may see, in one query."""
    if not ticket.subject and ticket.problem_id is None:
        return []
    due = Ticket.objects.visible_to(user).due().opened_since(at - timedelta(days=ALIKE_DAYS))
    found = Ticket.objects.filter(pk__in=_compared(ticket, due)).exclude(pk=ticket.pk)
    own = Q(customer=ticket.customer_id) if ticket.customer_id else Q(pk=0)
    alike = found.annotate(likeness=_likeness(ticket)).filter(
        Q(likeness__gte=OTHERS) | own & Q(likeness__gte=OWN)
    )
    rows = alike.order_by(F("likeness").desc(), "-opened_at", "-pk")
    return [AlikeTicket(*row) for row in rows.values_list(*AlikeTicket._fields)[:SHOWN]]


def marked_tickets(ids: Collection[int], *, user: User) -> list[Ticket]:
    """Those of the marked tickets that this person may see."""
    return list(Ticket.objects.visible_to(user).filter(pk__in=ids))


def _likeness(ticket: Ticket) -> Case:
    """Of the subjects; what has the same problem is the same."""
    same = [When(problem=ticket.problem_id, then=Value(1.0))] if ticket.problem_id else []
    of_words = TrigramSimilarity("subject", ticket.subject)
    return Case(*same, default=of_words, output_field=FloatField())


def _compared(ticket: Ticket, due: TicketQuerySet) -> QuerySet[Ticket, Any]:
    """The newest of its problem, of its customer and of its team, each along an index."""
    parts = [
        _newest(due.filter(**{name: whose}), most)
        for name, whose, most in (
            ("problem", ticket.problem_id, OF_PROBLEM),
            ("customer", ticket.customer_id, OF_CUSTOMER),
            ("team", ticket.team_id, OF_TEAM),
        )
        if whose is not None
    ]
    first, *others = parts or [due.none().values("pk")]
    return first.union(*others) if others else first


def _newest(tickets: TicketQuerySet, most: int) -> QuerySet[Ticket, Any]:
    return tickets.order_by("-opened_at", "-pk").values("pk")[:most]
