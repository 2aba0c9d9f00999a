from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Role, User
from accounts.queries.organisation import our_organisation
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def create_person(
    email: str, *, name: str, role: Role, by: User | audit.System, password: str | None = None
) -> User:
    """Let a person work here; without a password they can't sign in with one.

    Raises Refused for an address that is taken or none, and for a weak password.
    """
    with audit.group("create_person", by=by):
        _check_address(email)
        person = User(email=email.strip().lower(), name=name)
        if password is not None:
            _check_password(password, person)
        zone = our_organisation().timezone
        return User.objects.create_user(
            email, name=name, role=role, password=password, timezone=zone
        )


@transaction.atomic
def set_password(user: User, *, password: str, by: User | audit.System) -> None:
    """Give a person a new password. Raises Refused for a weak one."""
    with audit.group("set_password", user, by=by):
        _check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])


@transaction.atomic
def deactivate_person(user: User, *, by: User | audit.System, at: datetime) -> None:
    """End a person's access now: sign-in, sessions and tokens. Raises Refused for oneself."""
    with audit.group("deactivate_person", user, by=by):
        if user == by:
            raise Refused("Ask another administrator to end your own access.")
        User.objects.filter(pk=user.pk).update(is_active=False)
        user.api_tokens.filter(revoked_at=None).update(revoked_at=at)


def _check_address(email: str) -> None:
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refused(f"“{email}” is not an e-mail address.", field="email") from error
    if User.objects.filter(email=email.strip().lower()).exists():
        raise Refused(f"Somebody with the address {email} works here already.", field="email")


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
