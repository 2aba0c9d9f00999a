"""What every endpoint of the API shares: who may, which rows, repeats, and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import ApiToken, TokenScope
from accounts.queries.saved_views import rows_of_view
from supportsuccess.audit import operations
from supportsuccess.audit.errors import OperationConflict, OperationRepeated
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.http import HttpResponse
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from accounts.models import User
    from supportsuccess.lists.keyset import Keyset

M = TypeVar("M", bound=Model)
SAFE = ("GET", "HEAD")


class VersionChanged(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "It has changed since you read it: read it again and compare."
    default_code = "version_changed"


class RolePermission(BasePermission):
    """The person's role may do what the endpoint names, and the token's scope covers it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        action = getattr(view, "action", None)
        if action in {None, "metadata"}:  # the method is not served here, which is said next
            return bool(request.user.is_authenticated)
        needed: str | None = getattr(view, "permissions", {}).get(action)
        return needed is not None and _scope_covers(request) and request.user.has_perm(needed)


class Endpoint(GenericViewSet[M]):
    """A resource: rows through `visible_to`, pages by key, writes by actions alone."""

    # the permission that each of the endpoint's actions asks for
    permissions: ClassVar[Mapping[str, str]]
    keyset: ClassVar[Keyset]
    # names of lists whose saved views narrow the endpoint: their rows' keys are its resources'
    lists: ClassVar[tuple[str, ...]] = ()
    permission_classes = (RolePermission,)
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[M]:
        queryset: Any = super().get_queryset()
        is_schema = getattr(self, "swagger_fake_view", False)
        seen: QuerySet[M] = queryset.none() if is_schema else queryset.visible_to(self.request.user)
        return seen

    def filter_queryset[Row](self, queryset: QuerySet[M, Row]) -> QuerySet[M, Row]:
        """The filters that the address names, and those of a saved view: `?view=<slug>`."""
        narrowed = super().filter_queryset(queryset)
        name = self.request.query_params.get("view") if self.lists else None
        if name is None:
            return narrowed
        user = cast("User", self.request.user)  # nobody else is let in
        try:
            shown = rows_of_view(name, lists=self.lists, user=user, now=timezone.now())
        except Refused as refusal:
            raise ValidationError({"view": [refusal.message]}) from refusal
        return narrowed.filter(pk__in=shown)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.answer(self.get_object())

    def answer(self, instance: M, *, status: int = status.HTTP_200_OK) -> Response:
        """One resource as JSON, with its version as the ETag."""
        response = Response(self.get_serializer(instance).data, status=status)
        if version := getattr(instance, "version", None):
            response["ETag"] = f'"{version}"'
        return response

    def read_for_change(self) -> M:
        """The resource to change, if it still has the version that If-Match names.

        Raises VersionChanged.
        """
        instance = self.get_object()
        expected = self.request.headers.get("If-Match")
        if expected and expected.strip('"') not in ("*", str(getattr(instance, "version", ""))):
            raise VersionChanged
        return instance

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if operations.repeated_group(request):
            raise OperationRepeated

    def handle_exception(self, exc: Exception) -> Response:
        if not isinstance(exc, OperationRepeated):
            return super().handle_exception(exc)
        try:
            return self._answer_repeat()  # type: ignore[return-value]  # DRF sends any HttpResponse on, and the first answer was stored as one
        except (OperationConflict, Http404) as refusal:
            return super().handle_exception(refusal)

    def _answer_repeat(self) -> Response | HttpResponse:
        group = operations.repeated_group(self.request)
        if group is None:
            return super().handle_exception(OperationRepeated())
        if stored := operations.first_answer(group):
            return stored
        # The process died between its commit and its answer: say what stands now.
        model: type[M] = super().get_queryset().model
        if group.object_table != model._meta.db_table:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return self.answer(get_object_or_404(self.get_queryset(), pk=group.object_id))


def _scope_covers(request: Request) -> bool:
    if not isinstance(request.auth, ApiToken):
        return True  # a person at the browser, not a program
    needed = TokenScope.READ if request.method in SAFE else TokenScope.WRITE
    return needed in request.auth.scopes
