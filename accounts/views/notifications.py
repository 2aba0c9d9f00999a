from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import notifications as actions
from accounts.lists.notifications import Notifications
from accounts.models import Notification
from supportsuccess.lists.pages import list_page

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest

COUNTED = 99


@require_GET
def notification_list(request: AuthedRequest) -> HttpResponse:
    listing = Notifications(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "accounts/notifications.html")


@require_GET
def notification(request: AuthedRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    actions.read_notification(notice, at=timezone.now())
    return redirect(notice.path)


@require_POST
def read_all(request: AuthedRequest) -> HttpResponse:
    actions.read_notifications(request.user, at=timezone.now())
    return redirect("accounts:notifications")


@require_GET
def unread(request: AuthedRequest) -> HttpResponse:
    """The bell's number: asked for by each page once it is there, so that no page waits for it."""
    mine = Notification.objects.visible_to(request.user).unread()
    count = mine[: COUNTED + 1].count()
    return render(request, "accounts/bell_count.html", {"count": count, "counted": COUNTED})
