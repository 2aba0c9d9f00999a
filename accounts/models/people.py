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


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("accounts.view_person") else self.filter(user=user)

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)


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
