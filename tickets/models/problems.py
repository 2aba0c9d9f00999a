from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from accounts.models.names import changed_over
from supportsuccess import audit
from tickets.models.labels import Dimension

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models.labels import LabelValue
    from tickets.models.tickets import Ticket


class ProblemState(models.TextChoices):
    OPEN = "open", "Open"
    FIX_PLANNED = "fix_planned", "Fix planned"
    FIXED = "fixed", "Fixed"
    DECLINED = "declined", "Will not be fixed"


SETTLED_STATES = (ProblemState.FIXED, ProblemState.DECLINED)
# what is said once of a problem, in a column of the same name, and holds for its tickets
INHERITED_DIMENSIONS = (
    Dimension.ROOT_CAUSE,
    Dimension.FIX_CATEGORY,
    Dimension.PRODUCT_FEEDBACK,
)


def _says(word: str) -> Q:
    """Whether a problem has a word anywhere, or one like it in its title."""
    titles = (Q(title__icontains=each) for each in (word, *changed_over(word)))
    nearly = Q(TrigramWordSimilar(F("title"), Value(word)))
    named = Q(tracker_key__icontains=word) | Q(error_signature__icontains=word)
    return reduce(or_, titles, named | nearly)


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()

    def matching(self, text: str) -> Self:
        """By words of title, error signature or tracker key, those of the title mistyped even."""
        return reduce(lambda found, word: found.filter(_says(word)), text.split(), self.all())

    def saying(self, value: LabelValue) -> Self:
        """Those whose tickets inherit this value."""
        if value.dimension not in INHERITED_DIMENSIONS:
            return self.none()
        return self.filter(**{value.dimension: value})

    def likely_for(self, ticket: Ticket) -> Self:
        """To choose from, first those whose error signature the ticket's subject names."""
        place = StrIndex(Lower(Value(ticket.subject)), Lower("error_signature"))
        is_named = Case(When(~Q(error_signature=""), then=place), default=0)
        chosen = self.for_choice().alias(is_named=GreaterThan(is_named, 0))
        return chosen.order_by("-is_named", "is_settled", "-pk")

    def for_choice(self) -> Self:
        """To link a ticket to: those that nobody has settled yet, and then the newest, first."""
        is_settled = Q(state__in=SETTLED_STATES)
        return self.alias(is_settled=is_settled).order_by("is_settled", "-pk")

    def without_labels(self) -> Self:
        """Those whose tickets inherit nothing."""
        return self.filter(**dict.fromkeys(INHERITED_DIMENSIONS))

    def with_labels(self) -> Self:
        """With the values that its tickets inherit."""
        return self.select_related(*INHERITED_DIMENSIONS)


class Problem(models.Model):
    """One known issue behind many tickets, which inherit what we learned about it."""

    title = models.CharField(max_length=200)
    error_signature = models.CharField(max_length=200, blank=True)
    tracker_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=ProblemState, default=ProblemState.OPEN)
    root_cause = models.ForeignKey(
        "LabelValue", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fix_category = models.ForeignKey(
        "LabelValue", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    product_feedback = models.ForeignKey(
        "LabelValue", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["error_signature"],
                condition=~Q(error_signature=""),
                name="problem_signature_unique",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProblemState.values), name="problem_state_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.title

    def labels(self) -> dict[Dimension, LabelValue]:
        """What its tickets inherit, by dimension; ask `with_labels` for it."""
        said = {dimension: getattr(self, dimension) for dimension in INHERITED_DIMENSIONS}
        return {dimension: value for dimension, value in said.items() if value is not None}
