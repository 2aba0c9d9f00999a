"""Repeats of one operation, answered with what the first request was told.

Pages get this from OperationMiddleware. The API asks `repeated_group(request)` after it has
authenticated, and answers with `first_answer(group)` or, where that is None (the process was
killed between commit and response), with the group's object serialised again. Both meet
OperationRepeated and OperationInProgress when two requests race: ask `repeated_group` again.
"""

import hashlib
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from supportsuccess.audit.context import Request, current_request
from supportsuccess.audit.errors import OperationConflict
from supportsuccess.audit.models import EventGroup, OperationResult
from supportsuccess.referrer import referring_page

FIELD = "operation_id"
HEADER = "Idempotency-Key"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
NOT_CONTENT = frozenset({FIELD, "csrfmiddlewaretoken"})
KEPT_BODY = 64 * 1024
KEPT_FOR = timedelta(days=7)
# From the group of an action to the answer kept for it, which may wait two seconds for a short job;
# later its process has died.
ANSWERED_WITHIN = timedelta(seconds=3)
GLANCE_SECONDS = 0.05
STORE = """
    INSERT INTO audit_operationresult (group_id, status, location, content_type, body)
    SELECT id, %s, %s, %s, %s FROM audit_eventgroup WHERE id = %s
    ON CONFLICT DO NOTHING
"""
log = structlog.get_logger(__name__)


def find_repeat(*, actor_id: int, operation_id: uuid.UUID, body_hash: str) -> EventGroup | None:
    """The group that this person's operation already made. Raises OperationConflict."""
    groups = EventGroup.objects.select_related("result")
    group = groups.filter(actor_id=actor_id, operation_id=operation_id).first()
    if group and group.body_hash != body_hash:
        raise OperationConflict
    return group


def repeated_group(request: HttpRequest) -> EventGroup | None:
    """The group that a repeat of this request already made. Raises OperationConflict."""
    noted = current_request()
    if noted.operation_id is None or request.user.pk is None:
        return None
    return find_repeat(
        actor_id=request.user.pk, operation_id=noted.operation_id, body_hash=noted.body_hash
    )


def stored_response(group: EventGroup) -> HttpResponse | None:
    """The first answer as it was stored; None when it is not known."""
    result: OperationResult | None = getattr(group, "result", None)
    if result is None:
        return None
    headers = {"Location": result.location} if result.location else {}
    content_type = result.content_type or None
    return HttpResponse(
        bytes(result.body), status=result.status, headers=headers, content_type=content_type
    )


def first_answer(group: EventGroup) -> HttpResponse | None:
    """The first answer; of an attempt that has only just committed it is waited for."""
    deadline = group.created_at + ANSWERED_WITHIN
    while (stored := stored_response(group)) is None and timezone.now() < deadline:
        time.sleep(GLANCE_SECONDS)
        group = EventGroup.objects.select_related("result").get(pk=group.pk)
    return stored


def page_location(request: HttpRequest, group: EventGroup) -> str:
    """Where the person goes who sent a form twice: to where the first attempt led, if it did."""
    answer = first_answer(group)
    led_to = answer.headers.get("Location", "") if answer else ""
    return led_to or object_url(group) or referring_page(request) or "/"


def object_url(group: EventGroup) -> str:
    """The page of the thing the action was about; empty when it has none."""
    model = next((m for m in apps.get_models() if m._meta.db_table == group.object_table), None)
    if model is None or not hasattr(model, "get_absolute_url"):
        return ""
    thing = model._meta.base_manager.filter(pk=group.object_id).first()
    return str(thing.get_absolute_url()) if thing else ""


def read_operation_id(request: HttpRequest) -> uuid.UUID | None:
    """The id given with the request, if any; what is not a uuid is made one."""
    given = request.headers.get(HEADER, "")
    if not given and request.method == "POST" and _is_form(request):
        given = request.POST.get(FIELD, "")
    if not given:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_OID, given)


def body_hash(request: HttpRequest) -> str:
    """What the request asks for, apart from its tokens and its transport."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if _is_form(request):
        _hash_form(digest, request)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def store_result(noted: Request, response: HttpResponse) -> None:
    """Keep the answer of a committed operation; losing it costs a repeat only its exact answer."""
    content_type, body = _kept_body(response)
    location = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
    row: list[Any] = [response.status_code, location, content_type, body, noted.group_id]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STORE, row)
    except DatabaseError as error:
        log.warning("operation_result_not_stored", group_id=noted.group_id, error=str(error))


def delete_old_results(*, at: datetime) -> int:
    """Forget stored answers after some days; the operation ids stay unique for ever."""
    deleted, _ = OperationResult.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return deleted


def _is_form(request: HttpRequest) -> bool:
    # With a token it is a program's: the API reads the body itself, and takes no forms.
    return request.content_type in FORM_TYPES and "Authorization" not in request.headers


def _hash_form(digest: "hashlib._Hash", request: HttpRequest) -> None:
    for name in sorted(request.POST.keys() - NOT_CONTENT):
        digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)


def _kept_body(response: HttpResponse) -> tuple[str, bytes]:
    # A secret that is shown once is answered with no-store, and so never kept.
    content_type = response.headers.get("Content-Type", "")
    is_json = content_type.partition(";")[0].endswith("json")
    no_store = "no-store" in response.headers.get("Cache-Control", "")
    if response.streaming or not is_json or no_store or len(response.content) > KEPT_BODY:
        return "", b""
    return content_type, response.content
