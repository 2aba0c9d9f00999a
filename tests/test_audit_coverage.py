from typing import Any

import pytest
from django.apps import apps

from supportsuccess.audit.exempt import EXEMPT
from supportsuccess.audit.triggers import StatementTrigger, Unaudited

MODELS = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def ways_declared(model: Any) -> list[str]:
    """In which of the three lists a model is."""
    triggers = getattr(model._meta, "triggers", [])
    ways = [
        f"exempt as {key}" for key in (model._meta.app_label, model._meta.label) if key in EXEMPT
    ]
    if isinstance(triggers, Unaudited):
        ways.append("audit.unaudited()")
    recording = [trigger for trigger in triggers if isinstance(trigger, StatementTrigger)]
    ways += ["recorded or append_only"] * (len(recording) // 3)
    return ways


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_says_exactly_once_whether_it_is_audited(model: Any) -> None:
    ways = ways_declared(model)

    assert len(ways) == 1, (
        f"{model._meta.label} is declared {ways or 'nowhere'}. Give its Meta in {model.__module__} "
        "one of `triggers = audit.recorded()`, `audit.append_only()` or `audit.unaudited(reason)`; "
        "a table of a library goes into supportsuccess/audit/exempt.py."
    )


@pytest.mark.parametrize("exempted", EXEMPT)
def test_every_exemption_names_something_that_exists(exempted: str) -> None:
    labels = {model._meta.app_label for model in MODELS} | {model._meta.label for model in MODELS}

    assert exempted in labels, f"Remove {exempted} from supportsuccess/audit/exempt.py."
