"""What every operation of the API has in common, written into its OpenAPI description."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from supportsuccess.problems import CONTENT_TYPE, TITLES

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
                operation.setdefault("parameters", []).extend([IDEMPOTENCY_KEY, IF_MATCH])
        return operation


def describe_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Add the form of a problem, which operations point to."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    return result


def _add_problems(operation: dict[str, Any], codes: tuple[int, ...]) -> None:
    for code in codes:
        operation["responses"].setdefault(
            str(code),
            {
                "description": TITLES[code],
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
