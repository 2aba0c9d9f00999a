from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import ApiToken, TokenScope
from accounts.queries.tokens import KIND, hash_of
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User

PREFIX_BYTES = 4
SECRET_BYTES = 32


@transaction.atomic
def create_token(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    by: User | audit.System,
    at: datetime,
) -> str:
    """Make a key with which a program acts as this person; it is told only here.

    Raises Refused for an unknown scope, an end in the past and somebody who has left.
    """
    with audit.group("create_token", user, by=by):
        _check(user, scopes=scopes, expires_at=expires_at, at=at)
        prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        ApiToken.objects.create(
            user=user,
            name=name,
            prefix=prefix,
            key_hash=hash_of(secret),
            scopes=sorted(scopes),
            expires_at=expires_at,
        )
    return f"{KIND}_{prefix}_{secret}"


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime) -> None:
    """End a token now. Raises Refused when it has ended already."""
    with audit.group("revoke_token", token, by=by):
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise Refused("This token was revoked already.")


def _check(user: User, *, scopes: Collection[str], expires_at: datetime, at: datetime) -> None:
    unknown = set(scopes) - set(TokenScope.values)
    if unknown or not scopes:
        raise Refused(f"A token's scopes are {', '.join(TokenScope.values)}.", field="scopes")
    if expires_at <= at:
        raise Refused("A token must end in the future.", field="expires_at")
    if not user.is_active:
        raise Refused(f"{user.name} no longer works here.", field="user")
