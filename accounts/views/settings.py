from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.settings import change_settings
from accounts.forms.settings import SettingsForm
from supportsuccess.lists import toasts
from supportsuccess.lists.context_processors import KEYS, KEYS_COOKIE, THEME_COOKIE, THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.requests import AuthedRequest

YEAR_SECONDS = 365 * 24 * 3600
CHOICES = {THEME_COOKIE: THEMES, KEYS_COOKIE: KEYS}
SETTINGS = ("theme", "timezone", "has_shortcuts")


@require_http_methods(["GET", "POST"])
def settings(request: AuthedRequest) -> HttpResponse:
    user = request.user
    if request.method == "GET":
        form = SettingsForm(initial={name: getattr(user, name) for name in SETTINGS})
        return render(request, "accounts/settings.html", {"form": form})
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/settings.html", {"form": form}, status=422)
    change_settings(user, **form.cleaned_data, by=user)
    toasts.done(request, "Settings saved")
    keys = "on" if form.cleaned_data["has_shortcuts"] else "off"
    chosen = {THEME_COOKIE: form.cleaned_data["theme"], KEYS_COOKIE: keys}
    return _kept(redirect("accounts:settings"), request, chosen=chosen)


@login_not_required  # somebody who signs in at night wants the dark theme, too
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Theme or keys in one click, from any page."""
    chosen = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if not chosen or any(value not in CHOICES[name] for name, value in chosen.items()):
        return HttpResponseBadRequest("Unknown choice.", content_type="text/plain")
    if request.user.is_authenticated:
        user = request.user
        change_settings(
            user,
            theme=chosen.get(THEME_COOKIE, user.theme),
            has_shortcuts=chosen.get(KEYS_COOKIE, "on" if user.has_shortcuts else "off") == "on",
            timezone=user.timezone,
            by=user,
        )
    response = redirect(_local_url(request, url=request.POST.get("next", "")))
    return _kept(response, request, chosen=chosen)


def _kept(
    response: HttpResponse, request: HttpRequest, *, chosen: Mapping[str, str]
) -> HttpResponse:
    """The browser keeps it, too, for the pages on which nobody is known."""
    for name, value in chosen.items():
        response.set_cookie(
            name,
            value,
            max_age=YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _local_url(request: HttpRequest, *, url: str) -> str:
    is_local = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_local else "/"
