from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import saved_views as actions
from accounts.forms.saved_views import ViewForm
from accounts.models import SavedView, ViewAudience
from accounts.queries.saved_views import forget_counts, url_of, views_of
from accounts.queries.saved_views import starred as starred_views
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.listing import declared_lists

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest

MENU = "views"


@require_http_methods(["GET", "POST"])
def saved_views(request: AuthedRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request)
    asked = request.GET.get("list", "")
    if asked not in declared_lists():
        raise Http404
    form = ViewForm(initial=request.GET.dict(), user=request.user)
    return _show(request, asked, form)


@require_POST
def star(request: AuthedRequest, pk: int) -> HttpResponse:
    view = _seen(request, pk)
    actions.star_view(view, by=request.user)
    return _changed(request, view, words=f"{view.name} stands in your sidebar.")


@require_POST
def unstar(request: AuthedRequest, pk: int) -> HttpResponse:
    view = _seen(request, pk)
    actions.unstar_view(view, by=request.user)
    return _changed(request, view, words=f"{view.name} has left your sidebar.")


@require_POST
def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.filter(user=request.user), pk=pk)
    actions.delete_view(view, by=request.user)
    return _changed(request, view, words=f"{view.name} is forgotten.")


@require_GET
def starred(request: AuthedRequest) -> HttpResponse:
    """The sidebar's lines: asked for by each page once it is there, so that no page waits."""
    lines = starred_views(request.user, now=timezone.now())
    return render(request, "accounts/starred_views.html", {"lines": lines})


def _seen(request: AuthedRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)


def _save(request: AuthedRequest) -> HttpResponse:
    form = ViewForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, form.data.get("list", ""), form, status=422)
    given = form.cleaned_data
    declared = declared_lists()[given["list"]]
    params = QueryDict(given["query"])
    is_mine = given["audience"] == ViewAudience.PRIVATE
    query = declared.kept(params) if is_mine else declared.impersonal(params, user=request.user)
    try:
        view = actions.save_view(
            given["name"],
            list_name=given["list"],
            query=query.urlencode(),
            audience=given["audience"],
            team=given["team"],
            default_for=given.get("default_for", ""),
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _show(request, given["list"], form, status=409)
    return _changed(request, view, words=f"{view.name} is saved and stands in your sidebar.")


def _changed(request: AuthedRequest, view: SavedView, *, words: str) -> HttpResponse:
    forget_counts(request.user)
    toasts.done(request, words)
    return redirect(url_of(view))


def _show(
    request: AuthedRequest, list_name: str, form: ViewForm, *, status: int = 200
) -> HttpResponse:
    declared = declared_lists().get(list_name)
    context = {
        "form": form,
        "list_title": declared.title if declared else "",
        "views": views_of(list_name, user=request.user) if declared else [],
    }
    part = "#menu" if request.htmx.target == MENU else ""
    return render(request, f"accounts/saved_views.html{part}", context, status=status)
