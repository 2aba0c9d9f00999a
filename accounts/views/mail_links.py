"""The way out of a kind of mail, for somebody who may not be signed in.

A mail program posts here by itself when its button is pressed (RFC 8058), without a cookie and so
without a CSRF token: the signed address is what it may do. Looking changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions.notice_settings import stop_mail as stop
from accounts.queries.mail_links import WrongLink, read_stop_token
from accounts.queries.notice_kinds import DIGEST, label_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@csrf_exempt
@login_not_required  # a mail program has no session
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = read_stop_token(token)
    except WrongLink as wrong:
        raise Http404 from wrong
    if request.method == "POST":
        stop(link.user, kind=link.kind)
    name = "the daily digest" if link.kind == DIGEST else f"“{label_of(link.kind)}”"
    context = {"name": name, "is_stopped": request.method == "POST"}
    return render(request, "accounts/stop_mail.html", context)
