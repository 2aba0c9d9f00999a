"""The signed address in a mail at which the person it was sent to answers one offer.

It says who, which handoff and which of its offers, and until when; it proves nobody's identity,
which is what the sign-in is for. Nothing is kept of it: an offer that was answered, withdrawn or
made again is what ends it, so it works once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.urls import reverse

SALT = "tickets.answer-link"
HOLDS_FOR = timedelta(days=7)


class WrongLink(Exception):
    """A link that is not ours, or was changed on its way."""


class LinkEnded(Exception):
    """A link that was ours, and is too old."""


class AnswerLink(NamedTuple):
    """Whose answer to which offer a link is for."""

    user_id: int
    handoff_id: int
    # the event of the offer: made again, it is another
    offer_id: int


def answer_path(link: AnswerLink, *, at: datetime) -> str:
    """Where this person answers this offer, for a week from now."""
    ends_at = int((at + HOLDS_FOR).timestamp())
    token = signing.Signer(salt=SALT).sign_object([*link, ends_at])
    return reverse("tickets:handoff_link", args=[token])


def read_answer_token(token: str, *, at: datetime) -> AnswerLink:
    """What a link says. Raises WrongLink, and LinkEnded for one that is too old."""
    try:
        *said, ends_at = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as wrong:
        raise WrongLink from wrong
    if datetime.fromtimestamp(ends_at, UTC) <= at:
        raise LinkEnded
    return AnswerLink(*said)
