from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts import permissions


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs people in by e-mail and password, and answers `user.has_perm` from the roles' table."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active) and permissions.allowed(user_obj.role, perm)
