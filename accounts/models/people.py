from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from accounts.models.intervals import during_is_not_empty, interval
from accounts.models.names import NamedQuerySet, name_index, sort_name_of
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime


class Role(models.TextChoices):
    AGENT = "agent", "Support agent"
    LEAD = "lead", "Support lead"
    CSM = "csm", "Customer success manager"
    CSLEAD = "cslead", "Success lead"
    SALES = "sales", "Sales"
    PRODUCT = "product", "Product"
    MARKETING = "marketing", "Marketing"
    OPERATIONS = "operations", "Operations"
    EXECUTIVE = "executive", "Executive"
    CONTRACTOR = "contractor", "Contractor"
    ADMIN = "admin", "Administrator"


class Theme(models.TextChoices):
    SYSTEM = "system", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class UserQuerySet(NamedQuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Colleagues: everybody but a contractor sees everybody."""
        if user.has_perm("accounts.view_person"):
            return self
        return self.filter(pk=user.pk)

    def active(self) -> Self:
        return self.filter(is_active=True, left_at=None)

    def with_role(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)

    def for_choice(self) -> Self:
        return self.order_by("sort_name", "pk")


class UserManager(BaseUserManager["User"]):
    """Makes people; everything else is a queryset method."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(
        self, email: str, *, name: str, role: Role, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=email.strip().lower(), name=name, role=role, **fields)
        user.sort_name = sort_name_of(name)
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """A person who works here."""

    # kept by the session list; here it would be a change without a reason at every sign-in
    last_login = None
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_collation="C")
    role = models.CharField(max_length=20, choices=Role)
    timezone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    has_shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="user_has_name"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(is_active=False), name="user_left_is_inactive"
            ),
        ]
        indexes = [name_index("user_by_any_name")]
        triggers = audit.recorded(personal=("password", "email"))

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(maxsplit=1)[0]

    @property
    def is_staff(self) -> bool:
        return self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether this person's role may do `perm`, asked of the sign-in backends."""
        return self.is_active and any(b.has_perm(self, perm, obj) for b in get_backends())

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


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

    def of_kind(self, kind: TeamKind) -> Self:
        return self.filter(kind=kind)

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


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.filter(user=user)

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)

    def covered(self) -> Self:
        return self.exclude(cover_confirmed_at=None)


class Availability(models.Model):
    """A person is away; the confirmed cover answers meanwhile. Never the reason."""

    user = models.ForeignKey("User", on_delete=models.PROTECT, related_name="absences")
    during = DateTimeRangeField()
    cover = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="covers"
    )
    cover_confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("availability"),
            ExclusionConstraint(
                name="availability_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(cover=None) | ~Q(cover=F("user")), name="availability_cover_is_another"
            ),
            models.CheckConstraint(
                condition=Q(cover_confirmed_at=None) | ~Q(cover=None),
                name="availability_confirmed_has_cover",
            ),
        ]
        triggers = [*audit.recorded(), *interval(editable=("cover_id", "cover_confirmed_at"))]

    def __str__(self) -> str:
        return f"{self.user} away"
