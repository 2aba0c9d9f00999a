"""An address that only takes what a form sends, opened by hand, by reload or after a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from supportsuccess.lists import toasts
from supportsuccess.problems import API

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

READING = ("GET", "HEAD")
NOT_DONE = "What you pressed was not done. Press it again if you still want it."


class NotAllowedPages:
    """Leads to the page that the form stands on, and says that nothing was done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.path.startswith(API):
            return response
        if request.method not in READING:
            return render(request, "405.html", status=405)
        if request.user.is_authenticated:
            toasts.refused(request, NOT_DONE)
        return redirect(_page_above(request.path))


def _page_above(path: str) -> str:
    """The nearest address above this one that is any."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(f"{path}/")
        except Resolver404:
            continue
        return f"{path}/"
    return "/"
