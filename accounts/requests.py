"""A request whose sender is known: what every view behind the sign-in gets, and in whose time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from supportsuccess.lists.context_processors import Display

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User


class AuthedRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class ApiRequest(Request):
    """A request to an endpoint, which its permission lets nobody make who is not known."""

    user: User


class OwnDisplay:
    """Shows a person pages in the theme and time zone of their settings, in whichever browser.

    Stands after the login middleware, which has loaded them; endpoints speak UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            user = request.user
            timezone.activate(user.timezone)
            keys = "on" if user.has_shortcuts else "off"
            request.display = Display(theme=user.theme, keys=keys)  # type: ignore[attr-defined]  # HttpRequest declares none; the context processor reads it by getattr
