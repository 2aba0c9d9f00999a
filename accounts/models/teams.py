from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Now

from accounts.models.intervals import during_is_not_empty, interval
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models.people import User


class TeamKind(models.TextChoices):
    SUPPORT = "support", "Support"
    SUCCESS = "success", "Success"
    SALES = "sales", "Sales"
    PRODUCT = "product", "Product"
    MARKETING = "marketing", "Marketing"
    OPERATIONS = "operations", "Operations"


class BusinessCalendar(models.Model):
    """When a team works: weekly hours in one time zone, less its holidays."""

    name = models.CharField(max_length=100, unique=True)
    timezone = models.CharField(max_length=64)
    # seven lists of [opens, closes] pairs, Monday first, each "HH:MM"
    weekly_hours = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekly_hours__6__isnull=False), name="businesscalendar_has_seven_days"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day on which a calendar's teams do not work."""

    calendar = models.ForeignKey(
        "BusinessCalendar", on_delete=models.CASCADE, related_name="holidays"
    )
    on = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="holiday_one_per_day"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.none()

    def of_member(self, user: User) -> Self:
        """The teams that a person belongs to now."""
        now = Membership.objects.filter(user=user, during__contains=Now())
        return self.filter(pk__in=now.values("team"))

    def chat_set_by(self, user: User) -> Self:
        """The teams whose chat a person sets: those they lead now, an administrator all."""
        if not user.has_perm("accounts.set_team_chat"):
            return self.none()
        if user.has_perm("accounts.administer"):
            return self
        now = Membership.objects.leads().filter(user=user, during__contains=Now())
        return self.filter(pk__in=now.values("team"))

    def of_kind(self, kind: TeamKind) -> Self:
        return self.filter(kind=kind)

    def with_people(self, at: datetime) -> Self:
        """With how many belong to each at a moment, and who leads it then."""
        then = Q(memberships__during__contains=at)
        leads = then & Q(memberships__role=MembershipRole.LEAD)
        return self.annotate(
            members=Count("memberships", filter=then),
            lead=Max("memberships__user__name", filter=leads),  # of one at most
        )

    def for_choice(self) -> Self:
        return self.order_by("name", "pk")


class Team(models.Model):
    """People who work one queue together, with one calendar."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=TeamKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    calendar = models.ForeignKey("BusinessCalendar", on_delete=models.PROTECT, related_name="teams")
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent"),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="team_external_id_unique",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class MembershipRole(models.TextChoices):
    MEMBER = "member", "Member"
    LEAD = "lead", "Lead"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.filter(user=user)

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)

    def leads(self) -> Self:
        return self.filter(role=MembershipRole.LEAD)

    def of_team(self, team: Team) -> Self:
        """Its people, the lead first."""
        return self.filter(team=team).select_related("user").order_by("role", "user__sort_name")


class Membership(models.Model):
    """Who belongs to which team, as what, from when to when."""

    user = models.ForeignKey("User", on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=MembershipRole, default=MembershipRole.MEMBER)
    during = DateTimeRangeField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("membership"),
            ExclusionConstraint(
                name="membership_once_per_team",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("team", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="membership_one_lead_per_team",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role=MembershipRole.LEAD),
            ),
        ]
        triggers = [*audit.recorded(), *interval()]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class ClaimRule(models.TextChoices):
    OPEN = "open", "Members claim"
    LEAD = "lead", "The lead gives out"


class PoolQuerySet(models.QuerySet["Pool"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.none()

    def for_choice(self) -> Self:
        return self.order_by("name", "pk")


class Pool(models.Model):
    """Customers held by a team instead of a person; its lead on duty answers."""

    name = models.CharField(max_length=100, unique=True)
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="pools")
    claim_rule = models.CharField(max_length=20, choices=ClaimRule, default=ClaimRule.OPEN)
    is_intake = models.BooleanField(default=False)
    segment = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment"], condition=Q(is_intake=True), name="pool_one_intake_per_segment"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class PoolLeadQuerySet(models.QuerySet["PoolLead"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.none()

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)


class PoolLead(models.Model):
    """Who answers for a pool, from when to when."""

    pool = models.ForeignKey("Pool", on_delete=models.PROTECT, related_name="leads")
    user = models.ForeignKey("User", on_delete=models.PROTECT, related_name="pools_led")
    during = DateTimeRangeField()

    objects = PoolLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("poollead"),
            ExclusionConstraint(
                name="poollead_one_per_pool",
                expressions=[
                    ("pool", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [*audit.recorded(), *interval()]

    def __str__(self) -> str:
        return f"{self.user} leads {self.pool}"
