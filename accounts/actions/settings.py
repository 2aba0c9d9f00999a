from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def change_settings(
    user: User, *, theme: str, has_shortcuts: bool, timezone: str, by: User
) -> None:
    """Show a person pages in this theme and time zone, with or without single keys."""
    with audit.group("change_settings", user, by=by):
        user.theme = theme
        user.has_shortcuts = has_shortcuts
        user.timezone = timezone
        user.save(update_fields=["theme", "has_shortcuts", "timezone"])
