"""Tickets by words: those in their number and subject first, then what was written on them."""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime
from enum import IntEnum
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.search import Lexeme, SearchQuery
from django.db.models import F, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now

from tickets.models import Message, Ticket

if TYPE_CHECKING:
    from django.contrib.postgres.search import LexemeCombinable

    from accounts.models import User
    from tickets.models.messages import MessageQuerySet
    from tickets.models.tickets import TicketQuerySet

LONGEST = 200
HYPHENATED = re.compile(r"\w+(-\w+)+")
# A common word is looked for in the newest tickets one by one, and so never in all that have it;
# of the others that have it, so many at most are put in order.
NEWEST = 5000
RANKED = 1000
FEW = 2000
BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


class Place(IntEnum):
    """Where the words stand, the best first."""

    NUMBER = 1
    SUBJECT = 2
    MESSAGE = 3


class TicketHit(NamedTuple):
    """A ticket that has the words, and where."""

    pk: int
    number: str
    subject: str
    customer__name: str | None
    opened_at: datetime
    place: int


def words_of(text: str) -> list[str]:
    """What somebody typed as words to look for: none is empty, a mark or unprintable."""
    parts = [part for word in _printable(text).split() for part in _parts(word.lstrip("#"))]
    return [part for part in parts if any(map(str.isalnum, part))]


def query_of(text: str) -> SearchQuery | None:
    """All of these words, the last one perhaps not typed to its end; none for no words."""
    words = words_of(text)
    if not words:
        return None
    return _all_of([*map(_whole, words[:-1]), _begun(words[-1])])


def containing(text: str, *, user: User) -> Q:
    """What picks the tickets with these words; of messages that have them, the newest 1,000."""
    query = query_of(text)
    if query is None:
        return Q(pk__in=[])
    # Ids first: then either side has an index, and no ticket is tried by its messages.
    written = _messages(query, user=user).values_list("ticket", flat=True)
    return _in_subject(query, user=user) | Q(pk__in=set(written))


def _in_subject(query: SearchQuery, *, user: User) -> Q:
    """Few are named by their ids; of many a list finds its page while it walks its own order.

    PostgreSQL takes a beginning that no ticket has for one that a hundredth have, and would walk
    all of them to find none.
    """
    found = Ticket.objects.visible_to(user).filter(search=query).order_by()
    few = list(found.values_list("pk", flat=True)[: FEW + 1])
    return Q(pk__in=few) if len(few) <= FEW else Q(search=query)


def best_tickets(text: str, *, user: User, size: int) -> list[TicketHit]:
    """The best tickets with these words: that number, in the subject, in a message; newest first.

    One statement; a place is asked only when those before it do not fill the page.
    """
    query = query_of(text)
    if query is None:
        return []
    seen = Ticket.objects.visible_to(user)
    numbered = _numbered(text)
    others = seen.filter(~numbered)
    edge = _edge()
    places = (
        _sorted(seen.filter(numbered), place=Place.NUMBER),
        _walked(others.filter(search=query, opened_at__gte=edge), place=Place.SUBJECT),
        _sorted(_some_with(others, query=query).filter(opened_at__lt=edge), place=Place.SUBJECT),
        _sorted(_written(others, query=query, user=user), place=Place.MESSAGE),
    )
    first, *then = [rows.values_list(*TicketHit._fields)[:size] for rows in places]
    found = first.union(*then, all=True)[:size]
    return sorted(map(TicketHit._make, found), key=operator.attrgetter("place"))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])


def _parts(word: str) -> list[str]:
    """The parts of B-123 as they are stored: digits keep the hyphen before them, as their sign."""
    if not HYPHENATED.fullmatch(word):
        return [word]
    first, *others = word.split("-")
    return [first, *(f"-{part}" if part.isdecimal() else part for part in others)]


def _all_of(lexemes: list[LexemeCombinable]) -> SearchQuery:
    joined = reduce(operator.and_, lexemes)
    return SearchQuery(joined, config="simple")  # type: ignore[arg-type]  # stubs of an older one


def _whole(word: str) -> LexemeCombinable:
    return reduce(operator.or_, map(Lexeme, _spellings(word)))


def _begun(word: str) -> LexemeCombinable:
    return reduce(operator.or_, [Lexeme(each, prefix=True) for each in _spellings(word)])


def _spellings(word: str) -> list[str]:
    """As it is; digits alone may be the last part of a number, too."""
    return [word, f"-{word}"] if word.isdecimal() else [word]


def _numbered(text: str) -> Q:
    """Those whose number this is, or ends with it; none for a text without a digit."""
    typed = _printable(text).strip().lstrip("#")
    digits = [word for word in words_of(typed) if any(map(str.isdecimal, word))]
    if not digits:
        return Q(pk__in=[])
    # One word of it finds them: what all numbers begin with is slow to look up, and says nothing.
    return Q(search=_all_of([_whole(max(digits, key=len))]), number__iendswith=typed)


def _some_with(tickets: TicketQuerySet, *, query: SearchQuery) -> TicketQuerySet:
    """At most 1,000 with these words, whichever: without an order their index alone is read."""
    return Ticket.objects.filter(pk__in=tickets.filter(search=query).values("pk")[:RANKED])


def _written(tickets: TicketQuerySet, *, query: SearchQuery, user: User) -> TicketQuerySet:
    found = _messages(query, user=user).values("ticket")
    return tickets.filter(pk__in=found).exclude(search=query)


def _messages(query: SearchQuery, *, user: User) -> MessageQuerySet:
    return Message.objects.visible_to(user).filter(search=query).order_by("-pk")[:RANKED]


def _edge() -> Coalesce:
    """The day of the 5,000th newest ticket: those after it are few enough to be tried each."""
    by_age = Ticket.objects.order_by("-opened_at", "-pk").values("opened_at")
    return Coalesce(Subquery(by_age[NEWEST : NEWEST + 1]), Value(BEFORE_ALL))


def _walked(tickets: TicketQuerySet, *, place: Place) -> TicketQuerySet:
    """Newest first along the index of that order."""
    return _at(tickets, place=place).order_by("-opened_at", "-pk")


def _sorted(tickets: TicketQuerySet, *, place: Place) -> TicketQuerySet:
    """Newest first by age, which no index has: then the few found are sorted, not all walked."""
    return _at(tickets, place=place).order_by(Now() - F("opened_at"), "-pk")


def _at(tickets: TicketQuerySet, *, place: Place) -> TicketQuerySet:
    return tickets.annotate(place=Value(place, output_field=IntegerField()))
