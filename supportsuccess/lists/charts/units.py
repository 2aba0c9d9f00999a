"""What a chart's values are counted in, and how one of them is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from supportsuccess.lists import cells
from supportsuccess.lists.charts.geometry import Value

NOT_NOTHING = set("123456789")


@dataclass(frozen=True)
class Unit:
    """A unit's name and its spelling; steps below `least` would read the same."""

    name: str
    write: Callable[[Value], str]
    least: Decimal = Decimal(1)
    # 62 % and €312k say it themselves
    has_name_apart: bool = False

    def named(self, value: Value) -> str:
        """A value with its unit."""
        return f"{self.write(value)} {self.name}" if self.has_name_apart else self.write(value)

    def signed(self, value: Value) -> str:
        """A difference with its sign; less than shown is no change, as in `cells.change`."""
        written = self.write(value)
        if not set(written) & NOT_NOTHING:
            return f"±{written.removeprefix(cells.MINUS)}"
        return f"+{written}" if value > 0 else written

    def labels(self, values: Sequence[Value]) -> list[str]:
        """Round values along an axis, without decimals that all of them lack."""
        written = [self.write(value) for value in values]
        parts = [text.partition(".") for text in written]
        if any(decimals.strip("0") for _, _, decimals in parts):
            return written
        return [whole for whole, _, _ in parts]


def counted(name: str, *, places: int = 0) -> Unit:
    """Figures with a name: points, tickets a week."""
    write = partial(cells.number, places=places)
    return Unit(name, write, least=Decimal(1).scaleb(-places), has_name_apart=True)


def share(*, places: int = 0) -> Unit:
    """Shares between 0 and 1, written as percent."""
    write = partial(cells.percent, places=places)
    return Unit("%", write, least=Decimal(1).scaleb(-places - 2))


def money(currency: str) -> Unit:
    """Amounts in short: €312k."""
    return Unit(currency, partial(_money, cells.SYMBOLS.get(currency, f"{currency} ")))


def _money(symbol: str, amount: Value) -> str:
    sign = cells.MINUS if amount < 0 else ""
    return f"{sign}{symbol}{cells.compact(amount).removeprefix(cells.MINUS)}"
