from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, replace_url, trigger_client_event

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from tickets.actions import exemptions
from tickets.actions import labels as actions
from tickets.forms.labels import ExemptForm, LabelForm, marked_alike
from tickets.models import ExemptReason, Labeling, Learning, Ticket
from tickets.queries.alike import alike_tickets, marked_tickets
from tickets.queries.labels import last_words, standing_answers, taxonomy_for
from tickets.queries.ticket_list import next_due
from tickets.views.places import Place, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from accounts.models import User
    from accounts.requests import AuthedRequest

PANEL = "panel"


@require_http_methods(["GET", "POST"])
@permission_required("tickets.label_ticket", raise_exception=True)
def label(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).for_panel(), pk=pk)
    place = place_of(request, ticket=ticket)
    if request.method == "POST":
        return save_answers(request, ticket, place=place)
    response = render_panel(request, panel_context(request, ticket, place=place))
    return replace_url(response, place.url(ticket)) if place.is_list else response


@require_GET
@permission_required("tickets.label_ticket", raise_exception=True)
def alike(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket, now = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk), timezone.now()
    context = {"alike": alike_tickets(ticket, user=request.user, at=now), "now": now}
    return render(request, "tickets/label_alike.html", context)


@require_POST
@permission_required("tickets.label_ticket", raise_exception=True)
def undo(request: AuthedRequest, pk: int, group_id: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    given = Labeling.objects.visible_to(request.user).given_in(group_id)
    if not given.filter(ticket=ticket).exists():
        raise Http404
    try:
        actions.undo_answers(group_id, by=request.user, at=timezone.now())
        toasts.done(request, f"{ticket.number} is as it was before.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(_local(request, fallback=ticket.get_absolute_url()))


@require_POST
@permission_required("tickets.label_ticket", raise_exception=True)
def exempt(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    form = ExemptForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, "Choose a reason.")
        return redirect(ticket)
    try:
        reason = ExemptReason(form.cleaned_data["reason"])
        exemptions.exempt_ticket(ticket, reason=reason, by=request.user)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(ticket)


@require_POST
@permission_required("tickets.label_ticket", raise_exception=True)
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    try:
        exemptions.reopen_learning(ticket, by=request.user, at=timezone.now())
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(_local(request, fallback=ticket.get_absolute_url()))


def panel_context(
    request: AuthedRequest, ticket: Ticket, *, place: Place, form: LabelForm | None = None
) -> dict[str, Any]:
    """What the panel of a ticket needs, on whichever page it stands."""
    return {
        "ticket": ticket,
        "place": place,
        "form": form or _form(request, ticket),
        "close_url": place.closed_url(ticket),
        "action_url": _action_url(ticket, place=place),
        "following_url": _offered_url(request, ticket, place=place),
        "messages_shown": last_words(ticket, user=request.user),
        "now": timezone.now(),
    }


def _action_url(ticket: Ticket, *, place: Place) -> str:
    if place.is_helpdesk:
        return place.url(ticket)
    return f"{reverse('tickets:label', args=[ticket.pk])}?{place.filters.urlencode()}"


def _form(request: AuthedRequest, ticket: Ticket, *, answers: QueryDict | None = None) -> LabelForm:
    standing = standing_answers(ticket, user=request.user)
    return LabelForm(answers, taxonomy=taxonomy_for(ticket, user=request.user), standing=standing)


def save_answers(request: AuthedRequest, ticket: Ticket, *, place: Place) -> HttpResponse:
    form = _form(request, ticket, answers=request.POST)
    if not form.is_valid():
        return render_panel(
            request, panel_context(request, ticket, place=place, form=form), status=422
        )
    marked = marked_alike(request.POST)
    try:
        group_id = _save(ticket, form, by=request.user, marked=marked)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        form.show_newest()
        return render_panel(
            request, panel_context(request, ticket, place=place, form=form), status=409
        )
    undo_url = reverse("tickets:label_undo", args=[ticket.pk, group_id])
    back = urlencode({"next": place.url(ticket)})
    words = "suggestions accepted" if form.accepted() else "labelled"
    named = f"{ticket.number} and {len(marked)} alike" if marked else ticket.number
    toasts.done(request, f"{named} {words}", undo_url=f"{undo_url}?{back}")
    if form.leaves_open():
        return _stay(request, ticket, place=place)
    return _go_on(request, ticket, place=place, alike=[*marked])


def _save(ticket: Ticket, form: LabelForm, *, by: User, marked: Mapping[int, str]) -> int:
    """Raises Refused."""
    answers, at, seen = form.answers(), timezone.now(), form.cleaned_data["seen"]
    if marked:
        alike = marked_tickets(marked, user=by)
        return actions.answer_alike(
            ticket, alike=alike, answers=answers, by=by, at=at, seen=seen, alike_seen=marked
        )
    if accepted := form.accepted():
        return actions.accept_suggestions(
            ticket, suggestions=accepted, answers=answers, by=by, at=at, seen=seen
        )
    return actions.answer_dimensions(ticket, answers=answers, by=by, at=at, seen=seen)


def _go_on(
    request: AuthedRequest, ticket: Ticket, *, place: Place, alike: list[int]
) -> HttpResponse:
    """From an answered ticket to the next one whose labels are due."""
    if place.url_name == "tickets:detail":
        return _to(request, url=ticket.get_absolute_url())
    if place.is_helpdesk:
        return _stay(request, ticket, place=place)
    listing = place.listing(request.user, now=timezone.now())
    following = next_due(listing.found.due().for_panel(), after=ticket)
    if not place.is_list:
        return _to(request, url=place.url(following) if following else place.list_url)
    if following is None:
        return _to(request, url=place.list_url)
    context = panel_context(request, following, place=place)
    response = render_panel(request, context | {"listing": listing, "swap_count": True})
    trigger_client_event(response, "labels:saved", {"tickets": [ticket.pk, *alike]})
    return replace_url(response, place.url(following))


def _offered_url(request: AuthedRequest, ticket: Ticket, *, place: Place) -> str:
    """Beside the helpdesk: what could come after an answered ticket; nobody is led to it."""
    if not place.is_helpdesk or ticket.learning != Learning.ANSWERED:
        return ""
    following = next_due(Ticket.objects.visible_to(request.user).due(), after=ticket)
    return place.url(following) if following else ""


def _stay(request: AuthedRequest, ticket: Ticket, *, place: Place) -> HttpResponse:
    """The panel as it stands once it was saved: beside the helpdesk, or with open questions."""
    if not request.htmx:
        return redirect(place.url(ticket))
    saved = get_object_or_404(Ticket.objects.visible_to(request.user).for_panel(), pk=ticket.pk)
    return render_panel(request, panel_context(request, saved, place=place))


def render_panel(
    request: AuthedRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    part = "#panel" if request.htmx.target == PANEL else ""
    return render(request, f"{context['place'].template}{part}", context, status=status)


def _to(request: AuthedRequest, *, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _local(request: AuthedRequest, *, fallback: str) -> str:
    url = request.GET.get("next", "")
    is_local = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if is_local else fallback
