from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from accounts.models import RoleView, SavedView, ViewAudience, ViewStar
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from accounts.models import Team, User

SLUG_LENGTH = 60


@transaction.atomic
def save_view(
    name: str,
    *,
    list_name: str,
    query: str,
    audience: str,
    team: Team | None,
    default_for: str,
    by: User,
) -> SavedView:
    """Keep a list's filters and order under a name, starred. Raises Refused when it is taken."""
    with audit.group("save_view", by=by):
        slug = slugify(name)[:SLUG_LENGTH] or "view"
        if SavedView.objects.filter(user=by, list_name=list_name, slug=slug).exists():
            raise Refused("You have a view of this name: choose another.", field="name")
        view = SavedView.objects.create(
            user=by,
            list_name=list_name,
            slug=slug,
            name=name,
            query=query,
            audience=audience,
            team=team if audience == ViewAudience.TEAM else None,
        )
        if default_for and audience == ViewAudience.EVERYONE:
            begins = RoleView.objects.filter(list_name=list_name, role=default_for)
            if not begins.update(view=view):
                RoleView.objects.create(list_name=list_name, role=default_for, view=view)
        ViewStar.objects.create(user=by, view=view)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    """Forget a view of one's own, with its stars."""
    with audit.group("delete_view", view, by=by):
        view.delete()


@transaction.atomic
def star_view(view: SavedView, *, by: User) -> None:
    """Show a view in one's sidebar."""
    with audit.group("star_view", view, by=by):
        ViewStar.objects.get_or_create(user=by, view=view)


@transaction.atomic
def unstar_view(view: SavedView, *, by: User) -> None:
    """Take a view out of one's sidebar."""
    with audit.group("unstar_view", view, by=by):
        ViewStar.objects.filter(user=by, view=view).delete()
