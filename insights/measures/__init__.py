"""What the scorer can read of a customer: one small class per measure, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from insights.measures.base import Measure, TicketMeasure

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def _leaves(kind: type[Measure]) -> list[type[Measure]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [kind]


MEASURES: dict[str, type[Measure]] = {
    measure.key: measure for measure in sorted(_leaves(Measure), key=lambda leaf: leaf.key)
}

__all__ = ["MEASURES", "Measure", "TicketMeasure"]
