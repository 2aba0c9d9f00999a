from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.middleware import HtmxDetails

from supportsuccess.lists import query, samples


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
