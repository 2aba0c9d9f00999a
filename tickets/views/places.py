"""From where a label panel was opened, and so what it closes to and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from tickets.lists.inbox import Inbox
from tickets.lists.tickets import TicketList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from accounts.models import User
    from accounts.requests import AuthedRequest
    from tickets.models import Ticket

LISTS: dict[str, type[TicketList]] = {found.url: found for found in (Inbox, TicketList)}


@dataclass(frozen=True)
class Place:
    """A list as it was filtered, a ticket's page, the panel's own page, or the helpdesk."""

    url_name: str
    params: QueryDict

    @property
    def is_list(self) -> bool:
        return self.url_name in LISTS

    @property
    def is_own_page(self) -> bool:
        return self.url_name == "tickets:label"

    @property
    def is_helpdesk(self) -> bool:
        """Beside the helpdesk the ticket stays: which comes next is decided over there."""
        return self.url_name == "tickets:label_linked"

    @property
    def template(self) -> str:
        return "tickets/label_linked.html" if self.is_helpdesk else "tickets/label.html"

    @property
    def declared(self) -> type[TicketList]:
        """The list that is gone on in: the one around the panel, else the inbox."""
        return LISTS.get(self.url_name, Inbox)

    @property
    def filters(self) -> QueryDict:
        """What the list was asked for, without where one stood in it."""
        names = {*self.declared.filters.base_filters, "sort"}
        return self._params(lambda name: name in names)

    @property
    def list_url(self) -> str:
        return _with_query(reverse(self.declared.url), self.filters)

    def listing(self, user: User, *, now: datetime) -> TicketList:
        """The list as this person asked for it."""
        return self.declared(user, self.filters, now=now)

    def url(self, ticket: Ticket) -> str:
        """This place with the panel of a ticket open."""
        if self.is_helpdesk:
            return link_to(ticket)
        if self.is_list:
            return _with_query(reverse(self.url_name), self._peeking(str(ticket.pk)))
        filters = self.filters if self.is_own_page else QueryDict()
        return _with_query(reverse(self.url_name, args=[ticket.pk]), filters)

    def closed_url(self, ticket: Ticket) -> str:
        """This place with no panel open."""
        if self.is_list:
            return _with_query(reverse(self.url_name), self._peeking(""))
        return self.list_url if self.is_own_page else self.url(ticket)

    def _peeking(self, peek: str) -> QueryDict:
        """The list as it stands, at the same page, with another panel open or none."""
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
    paths = {reverse(name): name for name in LISTS}
    paths[reverse("tickets:detail", args=[ticket.pk])] = "tickets:detail"
    if around.path in paths:
        return Place(paths[around.path], QueryDict(around.query))
    return Place("tickets:label", request.GET)


def link_to(ticket: Ticket) -> str:
    """The panel of a ticket, by what its source calls it."""
    named = {"source": ticket.source, "id": ticket.external_id}
    return f"{reverse('tickets:label_linked')}?{urlencode(named)}"


def _with_query(path: str, params: QueryDict) -> str:
    return f"{path}?{params.urlencode()}" if params else path
