from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from supportsuccess.errors import Refused
from supportsuccess.lists import cells
from supportsuccess.lists.pages import list_page
from supportsuccess.outbox import jobs, lists
from supportsuccess.outbox.details import details_of
from supportsuccess.outbox.models import Job

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

MINUTE = timedelta(minutes=1)


@permission_required("outbox.view_job", raise_exception=True)
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    listing = lists.Jobs(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "outbox/jobs.html")


@permission_required("outbox.view_job", raise_exception=True)
@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    is_part = htmx is not None and htmx.target == "job"
    now = timezone.now()
    details = details_of(shown, user=request.user, now=now)
    context = {
        **(details.context if details else {}),
        "job": shown,
        "badge": lists.state_badge(shown.state),
        "pace": pace(shown, at=now),
        "left": time_left(shown, at=now),
        "took": took(shown),
        "results": sorted(shown.result.items()),
        "details": details.template if details else "",
    }
    return render(request, "outbox/job.html#job" if is_part else "outbox/job.html", context)


@permission_required("outbox.view_job", raise_exception=True)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        jobs.cancel(shown, by=request.user)
    except Refused as refusal:
        return render(request, "409.html", {"message": str(refusal)}, status=409)
    return redirect("outbox:job", pk)


def time_left(shown: Job, *, at: datetime) -> str:
    """How long the rest will take at the pace so far; empty while nobody can say."""
    if not (shown.is_open and shown.total and shown.done and shown.started_at):
        return ""
    rest = (at - shown.started_at) * (max(shown.total - shown.done, 0) / shown.done)
    return "less than a minute" if rest < MINUTE else f"about {cells.duration(rest)}"


def pace(shown: Job, *, at: datetime) -> str:
    """How much is done in a minute, or was; empty before the first step has ended."""
    if not (shown.done and shown.started_at):
        return ""
    seconds = ((shown.finished_at or at) - shown.started_at).total_seconds()
    return f"{round(60 * shown.done / max(seconds, 1)):,} a minute"


def took(shown: Job) -> str:
    """From the start of its first step to its end; empty while it runs."""
    if not (shown.started_at and shown.finished_at):
        return ""
    length = shown.finished_at - shown.started_at
    return f"{length.seconds} s" if length < MINUTE else cells.duration(length)
