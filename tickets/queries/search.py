"""Tickets by words: those in their number and subject first, then what was written on them."""

from __future__ import annotations

import re
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import EmptyResultSet

from supportsuccess.statements import fetched, literally, text_of
from tickets.models import Message, Ticket
from tickets.queries.words import all_of, printable, whole, words_of

if TYPE_CHECKING:
    from accounts.models import User

NUMBERED = re.compile(r"-\d+")
# The palette looks for a common word in the newest tickets one by one, and so never in all that
# have it; of the others that have it, so many at most are put in order.
NEWEST = 5000
RANKED = 1000


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
    asked = {"words": all_of(words), "digits": all_of(digits), **_number(text)}
    found = fetched(statement, asked | limits)
    hits = map(TicketHit._make, found)
    return sorted(hits, key=lambda hit: (hit.place, -hit.opened_at.timestamp(), -hit.pk))


def _without_beginnings(words: list[str]) -> list[str]:
    """The words without what stands before a number's digits: of B-123 those alone."""
    followed = zip(words, [*words[1:], ""], strict=True)
    return [word for word, after in followed if not NUMBERED.fullmatch(after)]


def _number(text: str) -> dict[str, str | None]:
    """What finds those whose number this is, or ends with it; nothing without a digit."""
    typed = printable(text).strip().lstrip("#")
    digits = [word for word in words_of(typed) if any(map(str.isdecimal, word))]
    # One word of it finds them: what all numbers begin with is slow to look up, and says nothing.
    longest = whole(max(digits, key=len)) if digits else None
    return {"number": longest, "number_ends": f"%{literally(typed)}"}
