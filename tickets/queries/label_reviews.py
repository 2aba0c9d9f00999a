"""Which answers a second person is asked for: a sample that anyone can draw again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import MD5, Cast

from tickets.models import Labeling, LabelReview, Learning, Origin, Ticket
from tickets.queries.label_coverage import COVERED_DAYS

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.models.tickets import TicketQuerySet

# a ticket is of the sample where its number's hash begins below this: 26 of 256, one in ten
SAMPLED_BELOW = "1a"
SAMPLED = "one in ten"
# what a person said, here or in the system that a file came from
SAID_BY_PEOPLE = (Origin.PERSON, Origin.ACCEPTED_SUGGESTION, Origin.IMPORTED)


def sampled(tickets: TicketQuerySet, *, at: datetime) -> TicketQuerySet:
    """Those of the last days' answered tickets whose answers are asked for twice."""
    lately = tickets.filter(opened_at__gt=at - timedelta(days=COVERED_DAYS), opened_at__lte=at)
    answered = lately.filter(learning=Learning.ANSWERED, answered_by__in=SAID_BY_PEOPLE)
    place = MD5(Cast("pk", TextField()))
    return answered.alias(place=place).filter(place__lt=SAMPLED_BELOW)


def waiting_for(user: User, *, at: datetime) -> TicketQuerySet:
    """Tickets that this person may answer a second time: nobody has, and none of it is theirs."""
    own = Labeling.objects.filter(ticket=OuterRef("pk"), by=user)
    reviewed = LabelReview.objects.filter(ticket=OuterRef("pk"))
    mine = sampled(Ticket.objects.visible_to(user), at=at)
    return mine.filter(~Exists(own), ~Exists(reviewed)).order_by("-opened_at", "-pk")
