from collections.abc import Iterator

import pytest

from supportsuccess.outbox import registry, schedules


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is gone after it."""
    registry.load()
    with monkeypatch.context() as patch:
        patch.setattr(registry.handlers, "functions", dict(registry.handlers.functions))
        patch.setattr(registry.steps, "functions", dict(registry.steps.functions))
        patch.setattr(schedules, "registered", dict(schedules.registered))
        yield


@pytest.fixture
def delivered() -> list[dict[str, object]]:
    """What the handler `note` was called with."""
    calls: list[dict[str, object]] = []
    registry.handler("note")(lambda **ids: calls.append(ids))
    return calls
