"""Where the sidebar leads, in one table. What does not exist or is not allowed is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from django.urls import NoReverseMatch, reverse


class Asker(Protocol):
    """Whoever may or may not do something."""

    def has_perm(self, perm: str, /) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """One line of the sidebar."""

    label: str
    url_name: str
    icon: str
    key: str = ""  # pressed after `g`
    permission: str = ""  # none: everybody who is signed in
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Some lines of the sidebar under a title."""

    title: str
    items: Sequence[Destination]


def _to(
    label: str, url_name: str, icon: str, *, key: str = "", permission: str = ""
) -> Destination:
    return Destination(label=label, url_name=url_name, icon=icon, key=key, permission=permission)


GROUPS = (
    Group(
        title="",
        items=(
            _to("Home", "insights:home", "house", key="h", permission="insights.view_home"),
            _to("Inbox", "tickets:inbox", "inbox", key="i", permission="tickets.view_ticket"),
            _to("Tickets", "tickets:tickets", "ticket", key="k", permission="tickets.view_ticket"),
            _to("Problems", "insights:problems", "bug", key="p", permission="tickets.view_ticket"),
            _to(
                "Handoffs",
                "tickets:handoffs",
                "arrow-right-left",
                key="o",
                permission="tickets.view_handoff",
            ),
            _to(
                "Promises",
                "tickets:promises",
                "handshake",
                key="w",
                permission="tickets.view_handoff",
            ),
            _to(
                "Renewals",
                "insights:renewals",
                "calendar-clock",
                key="r",
                permission="accounts.view_renewal",
            ),
            _to(
                "Customers",
                "insights:customers",
                "building-2",
                key="c",
                permission="accounts.view_customer",
            ),
        ),
    ),
    Group(
        title="Organisation",
        items=(
            _to("Teams", "accounts:teams", "users", key="t", permission="accounts.view_person"),
            _to("Imports", "imports:list", "upload", key="m", permission="imports.run_import"),
            _to(
                "Label coverage",
                "tickets:label_coverage",
                "chart-pie",
                key="v",
                permission="tickets.view_label_coverage",
            ),
            _to(
                "Taxonomy",
                "tickets:taxonomy",
                "folder-tree",
                key="y",
                permission="tickets.view_ticket",
            ),
            _to(
                "Suggestions",
                "tickets:suggestions",
                "sparkles",
                key="s",
                permission="tickets.train_suggestions",
            ),
            _to(
                "Label rules",
                "tickets:label_rules",
                "tags",
                key="l",
                permission="tickets.set_label_rules",
            ),
            _to("Jobs", "outbox:jobs", "loader", key="j", permission="outbox.view_job"),
            _to("Audit", "audit:list", "scroll-text", key="a", permission="accounts.administer"),
        ),
    ),
)


def groups_for(user: Asker, *, path: str) -> list[Group]:
    """What this person may open, the place where they are marked."""
    found = [replace(group, items=list(_open_to(user, items=group.items))) for group in GROUPS]
    urls = [item.url for group in found for item in group.items]
    here = max((url for url in urls if _is_within(path, url=url)), key=len, default="")
    return [
        replace(group, items=[replace(item, is_current=item.url == here) for item in group.items])
        for group in found
        if group.items
    ]


def _open_to(user: Asker, *, items: Sequence[Destination]) -> Iterator[Destination]:
    for item in items:
        if item.permission and not user.has_perm(item.permission):
            continue
        try:
            yield replace(item, url=reverse(item.url_name))
        except NoReverseMatch:
            continue


def _is_within(path: str, *, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
