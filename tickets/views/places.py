"""From where a label panel was opened, and so what it closes to and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.requests import AuthedRequest
    from tickets.models import Ticket

FILTERS = ("q", "team", "kind", "customer", "overdue")


@dataclass(frozen=True)
class Place:
    """The inbox as it was filtered, a ticket's page, or the panel's own page."""

    url_name: str
    params: QueryDict

    @property
    def is_inbox(self) -> bool:
        return self.url_name == "tickets:inbox"

    @property
    def is_own_page(self) -> bool:
        return self.url_name == "tickets:label"

    @property
    def filters(self) -> QueryDict:
        """What the inbox was asked for, without where one stood in it."""
        return self._params(lambda name: name in FILTERS)

    @property
    def inbox_url(self) -> str:
        return _with_query(reverse("tickets:inbox"), self.filters)

    def url(self, ticket: Ticket) -> str:
        """This place with the panel of a ticket open."""
        if self.is_inbox:
            return _with_query(reverse("tickets:inbox"), self._inbox(peek=str(ticket.pk)))
        filters = self.filters if self.is_own_page else QueryDict()
        return _with_query(reverse(self.url_name, args=[ticket.pk]), filters)

    def closed_url(self, ticket: Ticket) -> str:
        """This place with no panel open."""
        if self.is_inbox:
            return _with_query(reverse("tickets:inbox"), self._inbox(peek=""))
        return self.inbox_url if self.is_own_page else self.url(ticket)

    def _inbox(self, *, peek: str) -> QueryDict:
        """The inbox as it stands, at the same page, with another panel open or none."""
        params = self._params(lambda name: name != "peek")
        if peek:
            params["peek"] = peek
        return params

    def _params(self, is_kept: Callable[[str], bool]) -> QueryDict:
        params = self.params.copy()
        for name in self.params:
            if not is_kept(name) or not self.params[name]:
                del params[name]
        return params


def place_of(request: AuthedRequest, *, ticket: Ticket) -> Place:
    """Where the person is: the page around the panel, else the panel's own."""
    around = urlsplit(request.htmx.current_url_abs_path or request.get_full_path())
    for name, path in (
        ("tickets:inbox", reverse("tickets:inbox")),
        ("tickets:detail", reverse("tickets:detail", args=[ticket.pk])),
    ):
        if around.path == path:
            return Place(name, QueryDict(around.query))
    return Place("tickets:label", request.GET)


def _with_query(path: str, params: QueryDict) -> str:
    return f"{path}?{params.urlencode()}" if params else path
