from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import ScopedQuerySet
from supportsuccess import audit
from tickets.models.labels import Dimension
from tickets.suggestions.figures import Figures, figures_from

if TYPE_CHECKING:
    from accounts.models import User

LIKELIHOODS = (
    (Decimal("0.95"), "almost certain"),
    (Decimal("0.85"), "very likely"),
    (Decimal("0.7"), "likely"),
    (Decimal(0), "rather likely"),
)
COMPUTED = "computed from labels, made anew by each run; what a person accepts is a labeling"


class SuggestionModelQuerySet(models.QuerySet["SuggestionModel"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.train_suggestions") else self.none()

    def newest(self) -> Self:
        """The newest version of each dimension and language, in their order."""
        ordered = self.order_by("dimension", "language", "-version")
        return ordered.distinct("dimension", "language")

    def for_page(self) -> Self:
        """With their figures; parameters are for the worker."""
        return self.newest().defer("parameters")


class SuggestionModel(models.Model):
    """A text model that suggests one dimension of texts in one language, and what it is worth."""

    dimension = models.CharField(max_length=30, choices=Dimension)
    # empty: texts whose words don't tell
    language = models.CharField(max_length=2, blank=True)
    version = models.PositiveIntegerField()
    trained_at = models.DateTimeField()
    label_count = models.PositiveIntegerField()
    held_out_count = models.PositiveIntegerField()
    figures = models.JSONField()
    # arrays as .npz; none once newer versions stand
    parameters = models.BinaryField(null=True)

    objects = SuggestionModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "language", "version"], name="suggestionmodel_version_once"
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="suggestionmodel_dimension_known"
            ),
            models.CheckConstraint(
                condition=Q(held_out_count__lte=F("label_count")),
                name="suggestionmodel_held_out_of_labels",
            ),
        ]
        triggers = audit.unaudited(COMPUTED)

    def __str__(self) -> str:
        return f"{self.dimension} {self.language or '?'} {self.version}"

    @property
    def measured(self) -> Figures:
        """What it is worth; its values are called by their ids."""
        return figures_from(self.figures)


class SuggestionQuerySet(ScopedQuerySet["Suggestion"]):
    view_permission = "tickets.label_ticket"
    customer_path = "ticket__customer"


class Suggestion(models.Model):
    """What a model suggests for one dimension of a due ticket; nobody has said it yet."""

    ticket = models.ForeignKey(
        "Ticket", on_delete=models.CASCADE, related_name="suggestions", db_index=False
    )
    dimension = models.CharField(max_length=30, choices=Dimension)
    value = models.ForeignKey("LabelValue", on_delete=models.CASCADE, related_name="suggestions")
    probability = models.DecimalField(max_digits=4, decimal_places=3)
    model = models.ForeignKey(
        "SuggestionModel", on_delete=models.CASCADE, related_name="suggestions"
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "dimension"], name="suggestion_one_per_dimension"
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="suggestion_dimension_known"
            ),
            models.CheckConstraint(
                condition=Q(probability__range=(0, 1)), name="suggestion_probability_is_share"
            ),
        ]
        triggers = audit.unaudited(COMPUTED)

    def __str__(self) -> str:
        return f"{self.dimension}: {self.value_id}?"

    @property
    def likelihood(self) -> str:
        """How probable it is, in words."""
        return next(words for least, words in LIKELIHOODS if self.probability >= least)
