"""Short messages after something was done, with Undo where there is a way back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event


def done(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """It worked. `undo_url` takes a POST that takes it back (key z)."""
    messages.success(request, text, extra_tags=undo_url)


def refused(request: HttpRequest, text: str) -> None:
    """It did not work, and stays on the screen until it was read."""
    messages.error(request, text)


class HtmxToasts:
    """Messages of a partial response travel in a header: the partial has no place for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "htmx", None) and not _is_redirect(response):
            _move_messages(request, response)
        return response


def _is_redirect(response: HttpResponse) -> bool:
    """The browser goes on to another page, which shows them."""
    is_htmx = "HX-Redirect" in response or "HX-Refresh" in response or "HX-Location" in response
    return is_htmx or 300 <= response.status_code < 400


def _move_messages(request: HttpRequest, response: HttpResponse) -> None:
    storage = get_messages(request)
    if getattr(storage, "used", False):  # the template has shown them
        return
    if toasts := [
        {"text": str(message), "level": message.level_tag, "undo": message.extra_tags or ""}
        for message in storage
    ]:
        trigger_client_event(response, "toast", {"toasts": toasts})
