"""Which tickets a rule answers: its conditions in one place, for the answer and for its preview."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.search import SearchQuery, quote_lexeme
from django.db.models import Count, Exists, OuterRef, Q, Value

from supportsuccess.lists.periods import Period
from supportsuccess.statements import fetched, text_of
from tickets.models import Labeling, LabelRule, Learning, Message, Ticket, TicketEvent
from tickets.queries.ticket_list import within
from tickets.queries.words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from accounts.models import User
    from tickets.models.messages import MessageQuerySet
    from tickets.models.tickets import TicketQuerySet

PREVIEW_DAYS = 90
DAY = timedelta(days=1)
SAMPLE = 10
CONDITIONS = ("channel", "kind", "source")
FOUND = """
    SELECT DISTINCT ON (ticket_id, dimension) ticket_id, dimension, value_id, rule_id
    FROM ({matched}) matched (ticket_id, rule_id, value_id, dimension, place)
    ORDER BY ticket_id, dimension, place"""


class RuleAnswer(NamedTuple):
    """What the first rule says of one dimension of a ticket."""

    ticket_id: int
    dimension: str
    value_id: int
    rule_id: int


class SampleTicket(NamedTuple):
    """One of the tickets that a rule would answer."""

    pk: int
    number: str
    subject: str
    customer__name: str | None
    opened_at: datetime


class Preview(NamedTuple):
    """What a rule would answer of the tickets opened in a period."""

    period: Period
    tickets: int
    matched: int
    unanswered: int
    sample: list[SampleTicket]


def keyword_query(keywords: Sequence[str]) -> str:
    """Any of these words or phrases; empty for none."""
    phrases = [" <-> ".join(map(quote_lexeme, words_of(keyword))) for keyword in keywords]
    return " | ".join(f"({phrase})" for phrase in phrases if phrase)


def matched_by(
    rule: LabelRule, *, tickets: TicketQuerySet, messages: MessageQuerySet
) -> TicketQuerySet:
    """Those of the tickets for which all conditions of a rule hold."""
    asked = {name: getattr(rule, name) for name in CONDITIONS if getattr(rule, name)}
    found = tickets.filter(**asked)
    if not rule.keywords:
        return found
    query = SearchQuery(keyword_query(rule.keywords), config="simple", search_type="raw")
    said = messages.filter(search=query).values("ticket")
    return found.filter(Q(search=query) | Q(pk__in=said))


def answers_by_rules(ids: Collection[int]) -> list[RuleAnswer]:
    """What the rules in use say of due tickets where nothing was said yet, in one statement."""
    rules = list(LabelRule.objects.in_use().select_related("value"))
    if not rules or not ids:
        return []
    matched = " UNION ALL ".join(
        f"({_matched_text(rule, place, ids=ids)})" for place, rule in enumerate(rules)
    )
    return [RuleAnswer(*row) for row in fetched(FOUND.format(matched=matched), {})]


def due_tickets(*, batch_id: int | None) -> TicketQuerySet:
    """Tickets that rules may answer: all that are due, or those that a file told of."""
    due = Ticket.objects.due().filter(retired_at=None)
    if batch_id is None:
        return due
    return due.filter(pk__in=TicketEvent.objects.filter(batch=batch_id).values("ticket"))


def preview_of(rule: LabelRule, *, user: User, at: datetime) -> Preview:
    """What a rule, saved or not, would answer of the last days' tickets this person may see."""
    period = Period(at - PREVIEW_DAYS * DAY, at)
    tickets = within(Ticket.objects.visible_to(user), "opened_at", period)
    found = fitting(rule, tickets=tickets, user=user)
    unanswered = Count("pk", filter=_still_open(rule))
    counted = found.aggregate(matched=Count("pk"), unanswered=unanswered)
    columns = SampleTicket._fields
    newest = found.order_by("-opened_at", "-pk").values_list(*columns)[:SAMPLE]
    sample = [SampleTicket(*row) for row in newest]
    return Preview(period=period, tickets=tickets.count(), sample=sample, **counted)


def fitting(rule: LabelRule, *, tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Those of a person's tickets that a rule fits, by what the person may read."""
    return matched_by(rule, tickets=tickets, messages=Message.objects.visible_to(user))


def left_to(rule: LabelRule, *, tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Those among them that nobody answered yet, so that the rule would."""
    return fitting(rule, tickets=tickets, user=user).filter(_still_open(rule))


def _still_open(rule: LabelRule) -> Q:
    return Q(learning=Learning.DUE) & _unsaid(rule)


def _unsaid(rule: LabelRule) -> Q:
    """Nothing was said of the rule's dimension.

    What was taken back was said: a person looked at it, and a rule does not insist.
    """
    said = Labeling.objects.filter(ticket=OuterRef("pk"), batch__withdrawn_at=None)
    return ~Q(Exists(said.filter(dimension=rule.value.dimension)))


def _matched_text(rule: LabelRule, place: int, *, ids: Collection[int]) -> str:
    tickets = due_tickets(batch_id=None).filter(pk__in=ids)
    messages = Message.objects.standing().filter(ticket__in=ids)
    found = matched_by(rule, tickets=tickets, messages=messages).filter(_unsaid(rule))
    rows = found.annotate(
        rule=Value(rule.pk),
        value=Value(rule.value_id),
        dimension=Value(rule.value.dimension),
        place=Value(place),
    )
    return text_of(rows.values_list("pk", "rule", "value", "dimension", "place"))
