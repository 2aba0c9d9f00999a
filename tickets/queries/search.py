"""Tickets by words: those in their number and subject first, then what was written on them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from enum import IntEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, quote_lexeme
from django.core.exceptions import EmptyResultSet
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Customer
from supportsuccess.lookups import IsAnyOf
from supportsuccess.statements import fetched, literally, text_of
from tickets.models import Message, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

LONGEST = 200
HYPHENATED = re.compile(r"\w+(-\w+)+")
NUMBERED = re.compile(r"-\d+")
# The palette looks for a common word in the newest tickets one by one, and so never in all that
# have it; of the others that have it, so many at most are put in order.
NEWEST = 5000
RANKED = 1000
# A list finds all of them: so many at most by their ids.
FEW = 2000
FEW_MESSAGES = 10_000
FEW_CUSTOMERS = 1000
# Where so many have it, the 10,000 that are counted are met sooner than all are gathered.
DENSE = 100_000


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


HAS_WORDS = "search @@ to_tsquery('simple', %(words)s)"
# What every number begins with is slow to look up: the index is asked for the digits, and the few
# found for all words. Said of other words, too, PostgreSQL would take common ones for rare.
HAS_NUMBER = """(search @@ to_tsquery('simple', %(digits)s)
                 AND (search || '') @@ to_tsquery('simple', %(words)s))"""
NOT_NUMBERED = "pk NOT IN (SELECT pk FROM numbered)"
COLUMNS = ("pk", "number", "subject", "customer_id", "opened_at")
SHOWN = ", ".join(COLUMNS)
# The newest are walked along the index of their order; of the others the few found are sorted by
# their age, which no index has. `edge` is the day of the 5,000th newest ticket.
FOUND = f"""
    WITH seen AS NOT MATERIALIZED ({{seen}}),
         said AS NOT MATERIALIZED ({{said}}),
         numbered AS MATERIALIZED (
             SELECT {SHOWN} FROM seen
             WHERE search @@ to_tsquery('simple', %(number)s)
               AND upper(number) LIKE upper(%(number_ends)s)),
         edge AS MATERIALIZED (
             SELECT coalesce((SELECT opened_at FROM tickets_ticket
                              ORDER BY opened_at DESC, id DESC OFFSET %(newest)s LIMIT 1),
                             '-infinity') AS at),
         told AS MATERIALIZED (
             (SELECT ticket_id FROM said
              WHERE {{has_words}} AND pk > coalesce((SELECT id FROM tickets_message
                  ORDER BY id DESC OFFSET %(newest)s LIMIT 1), 0)
              ORDER BY pk DESC LIMIT %(ranked)s)
             UNION (SELECT ticket_id FROM said WHERE {{has_words}} LIMIT %(ranked)s))
    SELECT f.pk, f.number, f.subject, c.name, f.opened_at, f.place FROM (
        (SELECT {SHOWN}, {Place.NUMBER} AS place FROM numbered
         ORDER BY now() - opened_at, pk DESC LIMIT %(size)s)
        UNION ALL
        (SELECT {SHOWN}, {Place.SUBJECT} FROM seen
         WHERE {{has_words}} AND opened_at >= (SELECT at FROM edge) AND {NOT_NUMBERED}
         ORDER BY opened_at DESC, pk DESC LIMIT %(size)s)
        UNION ALL
        (SELECT {SHOWN}, {Place.SUBJECT} FROM (
             SELECT {SHOWN} FROM seen WHERE {{has_words}} LIMIT %(ranked)s) AS few
         WHERE opened_at < (SELECT at FROM edge) AND {NOT_NUMBERED}
         ORDER BY now() - opened_at, pk DESC LIMIT %(size)s)
        UNION ALL
        (SELECT {SHOWN}, {Place.MESSAGE} FROM seen
         WHERE pk IN (SELECT ticket_id FROM told) AND NOT {{has_words}} AND {NOT_NUMBERED}
         ORDER BY now() - opened_at, pk DESC LIMIT %(size)s)
        LIMIT %(size)s) f
    LEFT JOIN accounts_customer c ON c.id = f.customer_id"""  # noqa: S608 - constants of ours; what is asked is a parameter


def words_of(text: str) -> list[str]:
    """What somebody typed as words to look for: none is empty, a mark or unprintable."""
    parts = [part for word in _printable(text).split() for part in _parts(word.lstrip("#"))]
    return [part for part in parts if any(map(str.isalnum, part))]


def query_of(text: str) -> str:
    """All of these words, the last one perhaps not typed to its end; empty for no words."""
    return _query(words_of(text))


class Part(NamedTuple):
    """What of a ticket may have the words."""

    tickets: QuerySet[Any, int]  # the ids of those whose part has them
    each: Q  # what tells it of one ticket
    few: int  # so many at most are named by their ids


class Sought:
    """Which of a person's tickets have a text's words anywhere, or are of a customer so named.

    Few are named by their ids: PostgreSQL takes a beginning that no ticket has for one that a
    hundredth have, and would walk all of them to find none. Where many have it, `walked` finds a
    page in the list's own order, ticket by ticket, and `gathered` reads all there are.
    """

    def __init__(self, text: str, *, user: User) -> None:
        found = [(part, _few(part)) for part in _parts_with(text, user=user)]
        self.many = [part for part, few in found if few is None]
        self.few = {pk for _, few in found for pk in few or []}

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


def _parts_with(text: str, *, user: User) -> Iterator[Part]:
    typed = _printable(text).strip()
    named = Customer.objects.named_by_words(typed).values_list("pk", flat=True)
    if typed and (customers := list(named[: FEW_CUSTOMERS + 1])):
        are_few = len(customers) <= FEW_CUSTOMERS
        of_them = Q(customer__in=customers if are_few else named)
        yield Part(_ids(of_them), of_them, few=0)
    if words := query_of(text):
        query = SearchQuery(words, config="simple", search_type="raw")
        yield Part(_ids(Q(search=query)), Q(search=query), few=FEW)
        said = Message.objects.readable_by(user).filter(search=query).order_by()
        one = said.filter(ticket=OuterRef("pk")).values("ticket")[:1]
        # looked for ticket by ticket: of EXISTS PostgreSQL might gather all there are instead
        of_one = Q(pk=Subquery(one))
        yield Part(said.values_list("ticket", flat=True), of_one, few=FEW_MESSAGES)


def _ids(those: Q) -> QuerySet[Any, int]:
    return Ticket.objects.filter(those).order_by().values_list("pk", flat=True)


def _few(part: Part) -> list[int] | None:
    found = list(part.tickets[: part.few + 1])
    return found if len(found) <= part.few else None


def _expected(part: Part) -> int:
    """How many PostgreSQL believes have the words: near enough for words that many have."""
    [plan] = json.loads(part.tickets.explain(format="json"))
    rows: int = plan["Plan"]["Plan Rows"]
    return rows


def best_tickets(text: str, *, user: User, size: int) -> list[TicketHit]:
    """The best tickets with these words: that number, in the subject, in a message; newest first.

    One statement; a place is asked only when those before it do not fill the page.
    """
    words = words_of(text)
    if not words:
        return []
    digits = _without_beginnings(words)
    seen = Ticket.objects.visible_to(user).values_list(*COLUMNS, "search")
    said = Message.objects.visible_to(user).values_list("pk", "ticket_id", "search")
    try:
        statement = FOUND.format(
            seen=text_of(seen),
            said=text_of(said),
            has_words=HAS_WORDS if digits == words else HAS_NUMBER,
        )
    except EmptyResultSet:
        return []  # whoever may see no ticket
    limits = {"size": size, "ranked": RANKED, "newest": NEWEST}
    asked = {"words": _query(words), "digits": _query(digits), **_number(text)}
    found = fetched(statement, asked | limits)
    hits = map(TicketHit._make, found)
    return sorted(hits, key=lambda hit: (hit.place, -hit.opened_at.timestamp(), -hit.pk))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])


def _parts(word: str) -> list[str]:
    """The parts of B-123 as they are stored: digits keep the hyphen before them, as their sign."""
    if not HYPHENATED.fullmatch(word):
        return [word]
    first, *others = word.split("-")
    return [first, *(f"-{part}" if part.isdecimal() else part for part in others)]


def _without_beginnings(words: list[str]) -> list[str]:
    """The words without what stands before a number's digits: of B-123 those alone."""
    followed = zip(words, [*words[1:], ""], strict=True)
    return [word for word, after in followed if not NUMBERED.fullmatch(after)]


def _query(words: list[str]) -> str:
    return " & ".join([*map(_whole, words[:-1]), *map(_begun, words[-1:])])


def _whole(word: str) -> str:
    return f"({' | '.join(map(quote_lexeme, _spellings(word)))})"


def _begun(word: str) -> str:
    """A word that may go on; one sign alone stands for itself, for a tenth of all begin with it."""
    if len(word) == 1:
        return _whole(word)
    return f"({' | '.join(f'{quote_lexeme(each)}:*' for each in _spellings(word))})"


def _spellings(word: str) -> list[str]:
    """As it is; digits alone may be the last part of a number, too."""
    return [word, f"-{word}"] if word.isdecimal() else [word]


def _number(text: str) -> dict[str, str | None]:
    """What finds those whose number this is, or ends with it; nothing without a digit."""
    typed = _printable(text).strip().lstrip("#")
    digits = [word for word in words_of(typed) if any(map(str.isdecimal, word))]
    # One word of it finds them: what all numbers begin with is slow to look up, and says nothing.
    longest = _whole(max(digits, key=len)) if digits else None
    return {"number": longest, "number_ends": f"%{literally(typed)}"}
