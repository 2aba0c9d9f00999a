"""Which tickets have the words typed: in their subject, a message, or their customer's name."""

from __future__ import annotations

import json
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Customer
from accounts.queries.customers_named import partly_named
from supportsuccess.lookups import IsAnyOf
from supportsuccess.statements import all_if_few
from tickets.models import Message, Ticket
from tickets.queries.words import all_of, printable, words_of

if TYPE_CHECKING:
    from accounts.models import User

# So many at most are named by their ids.
FEW = 2000
FEW_MESSAGES = 10_000
FEW_CUSTOMERS = 1000
# Where so many have it, the 10,000 that are counted are met sooner than all are gathered.
DENSE = 100_000


class Wanted(NamedTuple):
    """Words that one subject or message must have, of these customers' tickets or of anybody's."""

    words: list[str]
    customers: list[int] | None = None

    def met_by(self, customer: str) -> Q:
        """The condition, where `customer` is the way to the ticket's."""
        words = SearchQuery(all_of(self.words), config="simple", search_type="raw")
        whose = Q() if self.customers is None else Q(**{f"{customer}__in": self.customers})
        return whose & Q(search=words)


class Part(NamedTuple):
    """What of a ticket may have the words."""

    tickets: QuerySet[Any, tuple[int]]  # the ids of those whose part has them
    each: Q  # what tells it of one ticket
    few: int  # so many at most are named by their ids


class Sought:
    """Which of a person's tickets have a text's words anywhere, or are of a customer so named.

    Few are named by their ids: PostgreSQL takes a beginning that no ticket has for one that a
    hundredth have, and would walk all of them to find none. Where many have it, `walked` finds a
    page in the list's own order, ticket by ticket, and `gathered` reads all there are.
    """

    def __init__(self, text: str, *, user: User) -> None:
        parts = [*_named(text), *_written(words_of(text), user=user)]
        found = all_if_few([(part.tickets, part.few) for part in parts])
        self.many = [part for part, ids in zip(parts, found, strict=True) if ids is None]
        self.few = {pk for ids in found for pk in ids or []}

    @property
    def walked(self) -> Q:
        """What picks them where one page is read."""
        return reduce(or_, (part.each for part in self.many), self._few)

    @property
    def gathered(self) -> Q:
        """What picks them where all are read."""
        if not self.many or max(map(_expected, self.many)) > DENSE:
            return self.walked
        first, *others = [*(part.tickets for part in self.many), _ids(self._few)]
        return Q(pk__in=first.union(*others, all=True))

    @property
    def _few(self) -> Q:
        return Q(IsAnyOf(F("pk"), self.few))


def _named(text: str) -> list[Part]:
    """The tickets of those whom the whole text names."""
    typed = printable(text).strip()
    named = Customer.objects.named_by_words(typed).values_list("pk", flat=True)
    customers = list(named[: FEW_CUSTOMERS + 1]) if typed else []
    of_them = Q(customer__in=customers if len(customers) <= FEW_CUSTOMERS else named)
    return [Part(_ids(of_them), of_them, few=0)] if customers else []


def _written(words: list[str], *, user: User) -> list[Part]:
    """The tickets with the words, and for "halden invoice" those of Halden's with the other one."""
    if not words:
        return []
    mixed = [Wanted(those.others, those.customers) for those in partly_named(words)]
    asked = [wanted for wanted in ([Wanted(words)], mixed) if wanted]
    subjects = [_in_subjects(any_of) for any_of in asked]
    return subjects + [_in_messages(any_of, user=user) for any_of in asked]


def _in_subjects(any_of: list[Wanted]) -> Part:
    met = reduce(or_, (wanted.met_by("customer") for wanted in any_of))
    return Part(_ids(met), met, few=FEW)


def _in_messages(any_of: list[Wanted], *, user: User) -> Part:
    met = reduce(or_, (wanted.met_by("ticket__customer") for wanted in any_of))
    said = Message.objects.readable_by(user).filter(met).order_by()
    one = said.filter(ticket=OuterRef("pk")).values("ticket")[:1]
    # looked for ticket by ticket: of EXISTS PostgreSQL might gather all there are instead
    return Part(said.values_list("ticket"), Q(pk=Subquery(one)), few=FEW_MESSAGES)


def _ids(those: Q) -> QuerySet[Any, tuple[int]]:
    return Ticket.objects.filter(those).order_by().values_list("pk")


def _expected(part: Part) -> int:
    """How many PostgreSQL believes have the words: near enough for words that many have."""
    [plan] = json.loads(part.tickets.explain(format="json"))
    rows: int = plan["Plan"]["Plan Rows"]
    return rows
