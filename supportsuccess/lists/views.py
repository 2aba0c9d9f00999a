from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from supportsuccess.lists import query, samples
from supportsuccess.lists.context_processors import KEYS, KEYS_COOKIE, THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 3600
CHOICES = {THEME_COOKIE: THEMES, KEYS_COOKIE: KEYS}


@login_not_required  # somebody who signs in at night wants the dark theme, too
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    chosen = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if not chosen or any(value not in CHOICES[name] for name, value in chosen.items()):
        return HttpResponseBadRequest("Unknown choice.", content_type="text/plain")
    response = redirect(_local_url(request, url=request.POST.get("next", "")))
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


@login_not_required  # there in debug only, and shows nothing of anybody
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    return _render_guide(request, peek=request.GET.get("peek", ""))


@login_not_required  # as above
@require_GET
def styleguide_row(request: HttpRequest, pk: int) -> HttpResponse:
    return _render_guide(request, peek=str(pk))


def _render_guide(request: HttpRequest, *, peek: str) -> HttpResponse:
    peeked = next((row for row in samples.ROWS if str(row.pk) == peek), None)
    context = samples.styleguide(request.GET) | (samples.peeked(peeked) if peeked else {})
    context["close_url"] = query.link(request.GET, changes={"peek": None})
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    is_panel = htmx is not None and htmx.target == "panel"
    return render(request, "styleguide.html#panel" if is_panel else "styleguide.html", context)


def _local_url(request: HttpRequest, *, url: str) -> str:
    is_local = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_local else "/"
