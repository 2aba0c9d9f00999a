from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Fact, ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User
    from tickets.models.tickets import Ticket


class Dimension(models.TextChoices):
    FIX_CATEGORY = "fix_category", "Fix"
    ROOT_CAUSE = "root_cause", "Root cause"
    SENTIMENT_START = "sentiment_start", "Sentiment at start"
    SENTIMENT = "sentiment", "Sentiment at end"
    COMPETITOR = "competitor", "Competitor"
    PRODUCT_FEEDBACK = "product_feedback", "Product feedback"


# what every interaction answers; sentiment at start is asked only where a team wants it
ASKED_DIMENSIONS = (
    Dimension.FIX_CATEGORY,
    Dimension.ROOT_CAUSE,
    Dimension.SENTIMENT,
    Dimension.COMPETITOR,
    Dimension.PRODUCT_FEEDBACK,
)


class TaxonomyVersionQuerySet(models.QuerySet["TaxonomyVersion"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()

    def with_changes(self) -> Self:
        """With how many values each of them changed."""
        return self.annotate(changed=Count("changes"))


class TaxonomyVersion(models.Model):
    """The label values as they stood from one publication to the next."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    # none: the installation, an import, the demo
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taxonomy_versions",
    )

    objects = TaxonomyVersionQuerySet.as_manager()

    class Meta:
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"Version {self.number}"


class LabelValueQuerySet(models.QuerySet["LabelValue"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()

    def active(self) -> Self:
        """What can be answered: in use, and no area."""
        return self.filter(is_active=True, merged_into=None, is_area=False)

    def areas(self) -> Self:
        """What groups values and is no answer itself."""
        return self.filter(is_active=True, is_area=True).order_by("position", "name", "pk")

    def meaning(self, value_id: int) -> Self:
        """The values that mean this one today: itself, those merged into it, those of an area."""
        of_area = Q(parent=value_id, merged_into=None) | Q(merged_into__parent=value_id)
        return self.filter(Q(pk=value_id) | Q(merged_into=value_id) | of_area)

    def with_place(self) -> Self:
        """With where each stands: `area_place` and `area_pk` of its area, or own; then `place`."""
        return self.annotate(
            area_place=Coalesce("parent__position", "position"),
            area_pk=Coalesce("parent__pk", "pk"),
            place=Case(When(parent=None, then=Value(0)), default=F("position") + 1),
        )

    def nothing_unusual(self) -> Self:
        """The answer of each dimension that says: asked, and nothing worth noting."""
        return self.active().filter(is_nothing_unusual=True)

    def for_panel(self) -> Self:
        """Values in the order in which the label panel shows them, those of an area together."""
        order = ("dimension", "area_place", "area_pk", "position", "name", "pk")
        return self.active().with_place().order_by(*order)

    def with_suggested(self, ticket: Ticket) -> Self:
        """With the suggestion for a ticket, on the value that it names: its id and probability."""
        of_ticket = FilteredRelation("suggestions", condition=Q(suggestions__ticket=ticket.pk))
        return self.alias(said=of_ticket).annotate(
            suggestion=F("said__pk"), probability=F("said__probability")
        )


class LabelValue(models.Model):
    """One possible answer to a dimension, with its definition and its key on the panel."""

    dimension = models.CharField(max_length=30, choices=Dimension)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    definition = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=1, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    # the answer that says: asked, and nothing worth noting
    is_nothing_unusual = models.BooleanField(default=False)
    # groups causes and is no answer itself
    is_area = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)
    # one step at most: who merges moves what was merged before
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)

    objects = LabelValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "slug"], name="labelvalue_slug_once_per_dimension"
            ),
            models.UniqueConstraint(
                fields=["dimension", "key"],
                condition=~Q(key="") & Q(is_active=True),
                name="labelvalue_key_once_per_dimension",
            ),
            models.UniqueConstraint(
                fields=["dimension"],
                condition=Q(is_nothing_unusual=True),
                name="labelvalue_one_nothing_unusual",
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="labelvalue_dimension_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (~Q(merged_into=F("id")) & Q(is_active=False)),
                name="labelvalue_merged_is_inactive",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="labelvalue_not_its_own_area"
            ),
            models.CheckConstraint(
                condition=Q(is_area=False)
                | Q(parent=None, merged_into=None, key="", is_nothing_unusual=False),
                name="labelvalue_area_is_no_answer",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:taxonomy_value", args=[self.pk])

    @property
    def is_needed(self) -> bool:
        """Whether the panel can't do without it."""
        return self.is_nothing_unusual or self.slug == NOT_YET_KNOWN


# on the panel: the answer "nothing unusual" of every dimension has the same key
NOTHING_UNUSUAL_KEY = "0"
# the root cause that is looked at again
NOT_YET_KNOWN = "not-yet-known"


class Origin(models.TextChoices):
    PERSON = "person", "A person"
    ACCEPTED_SUGGESTION = "accepted_suggestion", "Accepted suggestion"
    RULE = "rule", "Rule"
    INHERITED = "inherited", "Inherited from a problem"
    IMPORTED = "imported", "Imported"
    EXEMPT = "exempt", "Exempt"


# How much a person did for an answer, the most first.
BY_HAND_FIRST = (
    Origin.PERSON,
    Origin.ACCEPTED_SUGGESTION,
    Origin.IMPORTED,
    Origin.INHERITED,
    Origin.RULE,
    Origin.EXEMPT,
)


class LabelingQuerySet(ScopedQuerySet["Labeling"]):
    view_permission = "tickets.view_ticket"
    customer_path = "ticket__customer"

    def newest(self) -> Self:
        """The last word on each dimension of each ticket: an answer, or that it was taken back.

        What a withdrawn import said does not count.
        """
        standing = self.filter(batch__withdrawn_at=None)
        ordered = standing.order_by("ticket", "dimension", "-occurred_at", "-pk")
        return ordered.distinct("ticket", "dimension")

    def current(self) -> Self:
        """The newest answer of each ticket and dimension, without those taken back."""
        return self.filter(pk__in=self.newest().values("pk")).exclude(value=None)

    def given_in(self, group_id: int, *, to: Collection[int] | None = None) -> Self:
        """The answers that one action gave, to these tickets or to all."""
        given = self.filter(audit_group=group_id)
        return given if to is None else given.filter(ticket__in=to)

    def for_page(self) -> Self:
        """With what a ticket's page says of an answer."""
        return self.select_related("value", "by", "rule").fetch_mode(models.FETCH_PEERS)


class Labeling(Fact):
    """An answer to one dimension of a ticket, and where it came from; the newest one stands."""

    ticket = models.ForeignKey("Ticket", on_delete=models.CASCADE, related_name="labelings")
    dimension = models.CharField(max_length=30, choices=Dimension)
    # none: the answer before this one was taken back, and none stood before that
    value = models.ForeignKey(
        "LabelValue", on_delete=models.PROTECT, null=True, blank=True, related_name="labelings"
    )
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labelings",
    )
    origin = models.CharField(max_length=30, choices=Origin)
    # which rule it was; an import may say "by rule" without one of ours
    rule = models.ForeignKey(
        "LabelRule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labelings",
        db_index=False,
    )
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    taxonomy_version = models.ForeignKey(
        "TaxonomyVersion", on_delete=models.PROTECT, related_name="labelings"
    )
    # "not yet known" is an answer with a day on which to look again
    revisit_on = models.DateField(null=True, blank=True)
    # the action that gave it, so that the action can be undone; none where many came in one file
    audit_group = models.BigIntegerField(null=True, blank=True)

    objects = LabelingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="labeling_origin_known"
            ),
            models.CheckConstraint(
                condition=~Q(origin__in=[Origin.PERSON, Origin.ACCEPTED_SUGGESTION]) | ~Q(by=None),
                name="labeling_by_person_names_them",
            ),
            models.CheckConstraint(
                condition=Q(rule=None) | Q(origin=Origin.RULE), name="labeling_rule_only_by_rule"
            ),
            models.CheckConstraint(
                condition=~Q(value=None) | ~Q(by=None), name="labeling_taken_back_names_who"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(0, 1)),
                name="labeling_confidence_is_share",
            ),
        ]
        indexes = [
            models.Index(
                F("ticket"), F("dimension"), F("occurred_at").desc(), name="labeling_by_ticket"
            ),
            models.Index(
                fields=["audit_group"],
                condition=Q(audit_group__isnull=False),
                name="labeling_by_group",
            ),
            models.Index(fields=["rule"], condition=Q(rule__isnull=False), name="labeling_by_rule"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.dimension}: {self.value_id}"

    @property
    def whose(self) -> str:
        """Who or what answered; ask `for_page` for it."""
        if self.rule is not None:
            return f"by rule “{self.rule}”"
        return str(self.by or Origin(self.origin).label)


class Stance(models.TextChoices):
    USING = "using", "Using it"
    EVALUATING = "evaluating", "Evaluating it"
    SWITCHING_TO = "switching_to", "Switching to it"
    SWITCHED_FROM = "switched_from", "Came from it"
    PRAISING = "praising", "Praising it"
    COMPLAINING = "complaining", "Complaining about it"
    PRICE = "price", "Comparing prices"


class CompetitorMentionQuerySet(ScopedQuerySet["CompetitorMention"]):
    view_permission = "tickets.view_ticket"
    customer_path = "ticket__customer"


class CompetitorMention(Fact):
    """A customer named a competitor: which, how, and in what words."""

    ticket = models.ForeignKey(
        "Ticket", on_delete=models.CASCADE, related_name="competitor_mentions"
    )
    competitor = models.ForeignKey("LabelValue", on_delete=models.PROTECT, related_name="mentions")
    stance = models.CharField(max_length=20, choices=Stance)
    quote = models.TextField(blank=True)
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="competitor_mentions",
    )

    objects = CompetitorMentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values), name="competitormention_stance_known"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.competitor_id} on {self.ticket_id}"
