"""What a load balancer asks: is the process there, and can it serve?"""

import functools

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(_request: HttpRequest) -> JsonResponse:
    state = {"database": "ok", "migrations": "ok"}
    try:
        if missing := _unapplied():
            state["migrations"] = f"{missing} not applied: run ./ss manage migrate"
    except DatabaseError:
        state = {"database": "does not answer", "migrations": "unknown"}
    ready = set(state.values()) == {"ok"}
    return JsonResponse({"ready": ready, **state}, status=200 if ready else 503)


def _unapplied() -> int:
    return len(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
