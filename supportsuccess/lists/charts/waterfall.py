"""From a start over signed steps to an end, which they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.figure import Chart, NumbersRow
from supportsuccess.lists.charts.geometry import running
from supportsuccess.lists.charts.lying import Rows, height_of, rows_for
from supportsuccess.lists.charts.marks import mark, together
from supportsuccess.lists.html import html


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one cause added or took."""

    label: str
    effect: Decimal
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Waterfall(Chart):
    """How a start became an end; a sum that is not exact is refused with ValueError."""

    start_label: str
    start: Decimal
    steps: Sequence[Step]
    end_label: str
    end: Decimal
    start_url: str = ""
    end_url: str = ""

    def __post_init__(self) -> None:
        reached = self.start + sum(step.effect for step in self.steps)
        if reached != self.end:
            raise ValueError(f"The steps of “{self.title}” reach {reached}, not {self.end}.")

    def is_known(self) -> bool:
        return bool(self.steps)

    def height(self) -> float:
        return height_of(len(self.steps) + 2)

    def drawing(self) -> SafeString:
        ways = running(self.start, [step.effect for step in self.steps])
        reached = [value for way in ways for value in way]
        rows = rows_for(reached, count=len(self.steps) + 2, unit=self.unit)
        steps = (
            self._step(number, step, way=way, rows=rows)
            for number, (step, way) in enumerate(zip(self.steps, ways, strict=True), start=1)
        )
        return html(
            "{}{}{}{}",
            rows.drawing(),
            self._whole(0, self.start_label, value=self.start, url=self.start_url, rows=rows),
            together(steps),
            self._whole(
                rows.count - 1, self.end_label, value=self.end, url=self.end_url, rows=rows
            ),
        )

    def head(self) -> Sequence[str]:
        return ["Step", f"Change, {self.unit.name}", f"Reached, {self.unit.name}"]

    def rows(self) -> Sequence[NumbersRow]:
        ways = running(self.start, [step.effect for step in self.steps])
        write, signed = self.unit.write, self.unit.signed
        return [
            NumbersRow(self.start_label, ["", write(self.start)], self.start_url),
            *(
                NumbersRow(step.label, [signed(step.effect), write(reached)], step.url)
                for step, (_, reached) in zip(self.steps, ways, strict=True)
            ),
            NumbersRow(self.end_label, ["", write(self.end)], self.end_url),
        ]

    def _whole(
        self, number: int, label: str, *, value: Decimal, url: str, rows: Rows
    ) -> SafeString:
        written = self.unit.write(value)
        shape = html(
            "{}{}",
            rows.bar(number, begin=0, end=value, kind="chart-whole"),
            rows.words(number, label=label, value=written),
        )
        return mark(shape, says=f"{label}: {self.unit.named(value)}", url=url)

    def _step(
        self, number: int, step: Step, *, way: tuple[Decimal, Decimal], rows: Rows
    ) -> SafeString:
        kind = "chart-fall" if step.effect < 0 else "chart-rise"
        signed = self.unit.signed(step.effect)
        shape = html(
            "{}{}",
            rows.bar(number, begin=way[0], end=way[1], kind=kind),
            rows.words(number, label=step.label, value=signed),
        )
        return mark(shape, says=f"{step.label}: {signed} {self.unit.name}", url=step.url)
