"""Second answers, given blind, and how long a team says that labelling takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.labelled import lock_tickets
from tickets.models import Labeling, LabellingTime, LabelReview, Learning
from tickets.queries.learning import missing_dimensions, missing_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import Team, User
    from tickets.models import Dimension, LabelValue, Ticket


@transaction.atomic
def give_second_answers(
    ticket: Ticket, *, answers: Mapping[Dimension, LabelValue], by: User, at: datetime
) -> list[LabelReview]:
    """Answer a ticket as a second person; what was answered first stands.

    Raises Refused for one's own answers, when somebody was faster, and when some are missing.
    """
    with audit.group("give_second_answers", ticket, by=by):
        [locked] = lock_tickets([ticket])
        _refuse_not_asked(locked, by=by)
        if missing := missing_dimensions(set(answers)):
            raise Refused(missing_words(missing), field=missing[0])
        standing = Labeling.objects.filter(ticket=locked).current()
        return LabelReview.objects.bulk_create(
            LabelReview(
                ticket=locked,
                dimension=first.dimension,
                value=answers[first.dimension],  # type: ignore[index]  # a choice is its text
                first=first,
                by=by,
                given_at=at,
            )
            for first in standing
            if first.dimension in answers
        )


@transaction.atomic
def declare_labelling_time(team: Team, *, seconds: int, by: User) -> None:
    """Say how long labelling a ticket takes in a team."""
    with audit.group("declare_labelling_time", team, by=by):
        time, is_new = LabellingTime.objects.get_or_create(team=team, defaults={"seconds": seconds})
        if not is_new:
            time.seconds, time.version = seconds, time.version + 1
            time.save(update_fields=["seconds", "version"])


def _refuse_not_asked(ticket: Ticket, *, by: User) -> None:
    if ticket.learning != Learning.ANSWERED:
        raise Refused(f"{ticket.number} has no first answers to compare with.")
    if Labeling.objects.filter(ticket=ticket, by=by).exists():
        raise Refused(f"You labelled {ticket.number} yourself. Somebody else is asked.")
    if LabelReview.objects.filter(ticket=ticket).exists():
        raise Refused(f"Somebody has just answered {ticket.number} a second time.")
