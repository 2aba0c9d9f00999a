"""The views of a list, and those in a person's sidebar with how many rows they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.core.validators import slug_re
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.urls import reverse

from accounts.models import RoleView, SavedView
from supportsuccess.errors import Refused
from supportsuccess.lists.listing import COUNTED, declared_lists
from supportsuccess.lists.pages import beginning

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from accounts.models.people import UserQuerySet
    from supportsuccess.lists.listing import Listing

KEPT_SECONDS = 60


class Starred(NamedTuple):
    """A line of the sidebar."""

    name: str
    url: str
    rows: int

    @property
    def count_text(self) -> str:
        return f"{COUNTED:,}+" if self.rows > COUNTED else f"{self.rows:,}"


def url_of(view: SavedView) -> str:
    """The list as the view has it."""
    return f"{reverse(declared_lists()[view.list_name].url)}?{view.query}"


def views_of(list_name: str, *, user: User) -> list[tuple[SavedView, str]]:
    """The views of a list that this person may see, each with its address."""
    views = SavedView.objects.visible_to(user).of_list(list_name).with_star(user)
    return [(view, url_of(view)) for view in views]


def with_beginnings(users: UserQuerySet) -> UserQuerySet:
    """People with where their role begins in each list: a page asks for it with its person."""
    begins = RoleView.objects.filter(role=OuterRef("role")).values(
        beginning=JSONObject(list_name="list_name", query="view__query")
    )
    return users.annotate(beginnings=ArraySubquery(begins))


@beginning
def default_query(listing: Listing[Any, Any]) -> str:
    """The query of the view where people with this role begin; empty where there is none."""
    beginnings: list[dict[str, str]] = getattr(listing.user, "beginnings", [])
    found = (one["query"] for one in beginnings if one["list_name"] == listing.name)
    return next(found, "")


def rows_of_view(
    name: str, *, lists: Collection[str], user: User, now: datetime
) -> QuerySet[Any, Any]:
    """The primary keys that a view shows: `bugs`, or `inbox:bugs` where several lists have one.

    Raises Refused when this person sees no view of that name, or does not say which.
    """
    view = _meant(name, lists=lists, user=user)
    listing = declared_lists()[view.list_name](user, QueryDict(view.query), now=now)
    found: QuerySet[Any, Any] = listing.all_found
    return found.order_by().values("pk")


def starred(user: User, *, now: datetime) -> list[Starred]:
    """This person's starred views with their counts, kept for a minute."""
    lines = cache.get(_key(user))
    if lines is None:
        views = SavedView.objects.visible_to(user).starred_by(user)
        lines = [tuple(_line(view, user=user, now=now)) for view in views]
        cache.set(_key(user), lines, KEPT_SECONDS)
    return [Starred(*line) for line in lines]


def forget_counts(user: User) -> None:
    """Count anew at the next page: the stars have changed."""
    cache.delete(_key(user))


def _meant(name: str, *, lists: Collection[str], user: User) -> SavedView:
    list_name, _, slug = name.rpartition(":")
    within = {list_name}.intersection(lists) if list_name else lists
    seen = SavedView.objects.meant_by(slug, lists=within, user=user)
    found = list(seen) if slug_re.fullmatch(slug) else []
    if not found:
        raise Refused("You see no view of this name.")
    own = [view for view in found if view.user_id == user.pk]
    names = {view.list_name for view in own or found}
    if len(names) > 1:
        which = " or ".join(f"{one}:{slug}" for one in sorted(names))
        raise Refused(f"Several lists have a view of this name: ask for {which}.")
    return found[0]


def _line(view: SavedView, *, user: User, now: datetime) -> Starred:
    listing = declared_lists()[view.list_name](user, QueryDict(view.query), now=now)
    return Starred(view.name, url_of(view), listing.count())


def _key(user: User) -> str:
    return f"starred-views-{user.pk}"
