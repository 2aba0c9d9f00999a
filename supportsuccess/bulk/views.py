"""Something done to many rows: first the dialog that says what and to how many, then the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseLocation,
    trigger_client_event,
)

from supportsuccess.bulk import actions, jobs
from supportsuccess.bulk.choice import WAITED_FOR, Choice
from supportsuccess.bulk.lists import BulkRows
from supportsuccess.bulk.results import first_reason, numbers
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.bulk import ALL, PICK
from supportsuccess.lists.listing import declared_lists
from supportsuccess.lists.pages import LIST, list_page
from supportsuccess.outbox.jobs import work_along
from supportsuccess.outbox.models import Job
from supportsuccess.referrer import referring_page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from supportsuccess.lists.bulk import BulkAction, BulkForm
    from supportsuccess.lists.listing import Listing

WAIT_SECONDS = 2.0


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, list_name: str, action_name: str) -> HttpResponse:
    listing, action = _asked(request, list_name, action_name)
    choice = Choice(listing, request.GET)
    by: Any = request.user
    if request.method == "GET":
        return _ask(request, action, choice, form=action.form(user=by))
    form = action.form(request.POST, user=by)
    if choice.is_too_many or not form.is_valid():
        return _ask(request, action, choice, form=form, status=422)
    try:
        rows = choice.rows()
        job = actions.start_bulk(
            action,
            rows,
            list_name=list_name,
            said=form.said,
            by=by,
            counted=listing.counted(len(rows)),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _ask(request, action, choice, form=form, status=409)
    return _begun(request, job, back=_address(listing))


@permission_required("outbox.view_job", raise_exception=True)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    back = referring_page(request) or reverse("outbox:job", args=[pk])
    try:
        undoing = actions.undo_bulk(job, by=request.user)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
        return redirect(back)
    return _begun(request, undoing, back=back)


@permission_required("outbox.view_job", raise_exception=True)
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    listing = BulkRows(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "bulk/rows.html")


def _asked(
    request: HttpRequest, list_name: str, action_name: str
) -> tuple[Listing[Any, Any], BulkAction]:
    """The list as its person sees it, and what is to be done. Raises Http404, PermissionDenied."""
    try:
        action = jobs.find_action(list_name, action_name)
    except Refused as refusal:
        raise Http404(refusal.message) from refusal
    params = request.GET.copy()
    for name in (PICK, ALL):
        params.pop(name, None)
    listing = declared_lists()[list_name](request.user, params, now=timezone.now())
    if action not in listing.doable:
        raise PermissionDenied
    return listing, action


def _ask(
    request: HttpRequest, action: BulkAction, choice: Choice, *, form: BulkForm, status: int = 200
) -> HttpResponse:
    context = {
        "action": action,
        "choice": choice,
        "form": form,
        "back": _address(choice.listing),
    }
    part = "#form" if _is_htmx(request) else ""
    return render(request, f"bulk/ask.html{part}", context, status=status)


def _begun(request: HttpRequest, job: Job, *, back: str) -> HttpResponse:
    """Wait for a short job and go back to the list; a long one has a page of its own."""
    if job.total is not None and job.total <= WAITED_FOR:
        job = work_along(job, seconds=WAIT_SECONDS)
    if job.is_open:
        return _go(request, job.get_absolute_url())
    _tell(request, job)
    return _go(request, back, target=f"#{LIST}")


def _tell(request: HttpRequest, job: Job) -> None:
    done, missed = numbers(job)
    words = f"{job.title}: {done:,} done" if missed else f"{job.title}: done"
    is_undoable = job.kind == actions.BULK and done
    if done or not missed:
        undo_url = reverse("bulk:undo", args=[job.pk]) if is_undoable else ""
        toasts.done(request, words, undo_url=undo_url)
    if missed:
        first = first_reason(job)
        toasts.refused(request, f"{missed:,} not done. {first} All reasons: Jobs, “{job.title}”.")


def _go(request: HttpRequest, url: str, *, target: str = "") -> HttpResponse:
    """On to another page; from a dialog with the list alone made anew."""
    if not _is_htmx(request):
        return redirect(url)
    if not target:
        return HttpResponseClientRedirect(url)
    response = HttpResponseLocation(url, target=target)
    return trigger_client_event(response, "dialog:close", {})


def _address(listing: Listing[Any, Any]) -> str:
    return f"{listing.path}?{listing.query}"


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", None))
