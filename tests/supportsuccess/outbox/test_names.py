import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from supportsuccess.outbox import registry

PACKAGES = ("supportsuccess", "accounts", "tickets", "insights")
CALLS = {"outbox.promise": registry.handlers, "jobs.start": registry.steps}


def names_used(call: str) -> Iterator[tuple[str, str]]:
    """Every literal name given to `outbox.promise` or `jobs.start`, with where it is."""
    for package in PACKAGES:
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if name := literal_name(node, call):
                    yield name, f"{path}:{getattr(node, 'lineno', 0)}"


def literal_name(node: ast.AST, call: str) -> str:
    match node:
        case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
            return name if ast.unparse(function) == call else ""
    return ""


def test_everything_promised_has_a_handler_and_every_job_its_steps() -> None:
    missing = [
        f"{where} names {name!r}: register it in the app's tasks.py or jobs.py"
        for call, registered in CALLS.items()
        for name, where in names_used(call)
        if name not in registered.names()
    ]

    assert not missing, "\n".join(missing)


def test_the_search_finds_promises() -> None:
    assert "delete_old_receipts" in {name for name, _ in names_used("outbox.promise")}
