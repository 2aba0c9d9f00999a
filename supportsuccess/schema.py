"""What every operation of the API has in common, written into its OpenAPI description."""

from typing import Any

from django.db.models import Model
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import ChoiceField, Field, ModelSerializer

from supportsuccess.problems import CONTENT_TYPE, TITLES

# "Problem" is a known issue behind many tickets
NAME = "ProblemDetails"
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
READ_PROBLEMS = (400, 401, 403, 404, 406, 422, 429)
WRITE_PROBLEMS = (*READ_PROBLEMS, 409, 412, 413, 415)
DONE_BEFORE = {"description": "A repeat of what was done before; its first answer was lost."}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A repeat with the same key and body is answered with the first result.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "Change it only if it still has this version (its ETag).",
    "schema": {"type": "string"},
}


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped base
    target_class = "accounts.backends.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class OperationSchema(AutoSchema):
    """Describes one operation with the problems it may answer, and writes with their headers."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            _add_problems(operation, READ_PROBLEMS if self.method == "GET" else WRITE_PROBLEMS)
            if self.method != "GET":
                operation["responses"].setdefault("204", DONE_BEFORE)
                operation.setdefault("parameters", []).extend([IDEMPOTENCY_KEY, IF_MATCH])
        return operation

    def _map_serializer_field(self, field: Field[Any, Any, Any, Any], *args: Any) -> Any:
        if isinstance(field, ChoiceField) and field.read_only:
            field.allow_blank = _may_be_blank(field)
        return super()._map_serializer_field(field, *args)  # type: ignore[no-untyped-call]  # untyped base


def describe_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Add the form of a problem, which operations point to."""
    result["components"].setdefault("schemas", {})[NAME] = PROBLEM
    return result


def _may_be_blank(field: ChoiceField) -> bool:
    """What a read-only field of a serializer has forgotten, its column knows."""
    serializer = field.parent
    if not isinstance(serializer, ModelSerializer):
        return False
    model: type[Model] = serializer.Meta.model
    return bool(getattr(model._meta.get_field(str(field.source)), "blank", False))


def _add_problems(operation: dict[str, Any], codes: tuple[int, ...]) -> None:
    for code in codes:
        operation["responses"].setdefault(
            str(code),
            {
                "description": TITLES[code],
                "content": {CONTENT_TYPE: {"schema": {"$ref": f"#/components/schemas/{NAME}"}}},
            },
        )
