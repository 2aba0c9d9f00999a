from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from supportsuccess.lists.keyset import BadCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class CursorPages(BasePagination):
    """Pages of an endpoint: `?limit=` rows after `?cursor=`, and the address of the next ones."""

    def paginate_queryset(
        self,
        queryset: QuerySet[Any, Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any]:
        keyset = getattr(view, "keyset")  # noqa: B009 - the base class does not know it
        try:
            page = keyset.page(
                queryset, cursor=request.query_params.get("cursor", ""), size=_limit(request)
            )
        except BadCursor as refusal:
            raise ValidationError({"cursor": [refusal.message]}) from refusal
        here = request.build_absolute_uri()
        self.next_url = (
            replace_query_param(here, "cursor", page.next_cursor) if page.next_cursor else None
        )
        return list(page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        }
        return [
            *_view_parameter(getattr(view, "lists", ())),
            {
                "name": "cursor",
                "in": "query",
                "description": "Where to go on: from the address in `next`.",
                "schema": {"type": "string"},
            },
            {
                "name": "limit",
                "in": "query",
                "description": "How many rows at most.",
                "schema": limit,
            },
        ]


def _view_parameter(lists: Sequence[str]) -> list[dict[str, Any]]:
    if not lists:
        return []
    said = f"A saved view of {' or '.join(lists)} whose rows are meant, by its slug: `bugs`."
    if len(lists) > 1:
        said += f" Where several lists have one of this slug, with its list: `{lists[0]}:bugs`."
    own = " One's own is meant before another's."
    schema = {"type": "string"}
    return [{"name": "view", "in": "query", "description": said + own, "schema": schema}]


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT:
        return int(text)
    raise ValidationError({"limit": [f"Give a number from 1 to {MAX_LIMIT}."]})
