"""What a person last chose to see of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import ListLayout
from supportsuccess.lists.layouts import Choice, remembering

if TYPE_CHECKING:
    from accounts.models.people import UserQuerySet
    from supportsuccess.lists.listing import Listing


def with_layouts(users: UserQuerySet) -> UserQuerySet:
    """People with what they chose for their lists: a page asks for it with its person."""
    own = ListLayout.objects.filter(user=OuterRef("pk")).values(
        layout=JSONObject(list_name="list_name", columns="columns", density="density")
    )
    return users.annotate(layouts=ArraySubquery(own))


@remembering
def last_chosen(listing: Listing[Any, Any]) -> Choice:
    """The columns and the density that this person last chose; the usual ones if they never did."""
    layouts: list[dict[str, Any]] = getattr(listing.user, "layouts", [])
    found = (one for one in layouts if one["list_name"] == listing.name)
    return next((Choice(one["columns"], one["density"]) for one in found), Choice())
