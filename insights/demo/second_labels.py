"""What Larkfield's agents answered a second time, without seeing what was said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Team
from tickets.actions.label_reviews import declare_labelling_time, give_second_answers
from tickets.models import ASKED_DIMENSIONS, Dimension, Labeling, LabelValue
from tickets.queries.label_reviews import waiting_for

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User

OF_EACH = 30
SECONDS = 14
# every so many tickets the second person says this instead
OTHERWISE = {
    Dimension.FIX_CATEGORY: (9, "explained"),
    Dimension.ROOT_CAUSE: (6, "documentation"),
    Dimension.SENTIMENT: (8, "frustrated"),
    Dimension.COMPETITOR: (40, "other"),
    Dimension.PRODUCT_FEEDBACK: (17, "hard-to-use"),
}


def look_again(people: Collection[User], *, lead: User, at: datetime) -> None:
    """Have each of these people answer tickets of others, and the lead say what it takes."""
    values = {(each.dimension, each.slug): each for each in LabelValue.objects.active()}
    for person in people:
        for ticket in list(waiting_for(person, at=at)[:OF_EACH]):
            standing = Labeling.objects.filter(ticket=ticket).current().select_related("value")
            said = {each.dimension: each.value for each in standing if each.value is not None}
            answers = {
                dimension: _second(dimension, said[dimension], number=ticket.pk, values=values)
                for dimension in ASKED_DIMENSIONS
            }
            give_second_answers(ticket, answers=answers, by=person, at=at)
    team = Team.objects.of_member(lead).order_by("pk").first()
    if team is not None:
        declare_labelling_time(team, seconds=SECONDS, by=lead)


def _second(
    dimension: Dimension,
    first: LabelValue,
    *,
    number: int,
    values: dict[tuple[str, str], LabelValue],
) -> LabelValue:
    every, slug = OTHERWISE[dimension]
    return values[dimension, slug] if number % every == 0 else first
