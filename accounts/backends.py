from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts import permissions
from accounts.models import User
from accounts.queries.list_layouts import with_layouts
from accounts.queries.saved_views import with_beginnings
from accounts.queries.tokens import note_use, usable_token

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from accounts.models import ApiToken


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types: its class is Any
    """Signs people in by e-mail and password, and answers `user.has_perm` from the roles' table."""

    def get_user(self, user_id: int) -> User | None:
        """The person behind a request."""
        people = with_beginnings(with_layouts(User.objects.all()))
        user = people.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active) and permissions.allowed(user_obj.role, perm)


class NobodySignsUp(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types: its class is Any
    """An administrator makes the people: who is none of them cannot make an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class BearerToken(BaseAuthentication):
    """Lets a program act as the person whose token it sends."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = usable_token(key.strip(), at=now)
        if token is None:
            raise AuthenticationFailed("This token is wrong, was revoked or has ended.")
        note_use(token, at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
