"""How a figure is taken: ours and its floor in turn, medians, and the ratio."""

import dataclasses
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

ROUNDS = 15


@dataclasses.dataclass(frozen=True)
class Figure:
    """One thing measured, beside the least any program could do for the same answer."""

    name: str
    ours: float
    floor: float | None = None
    must: float | None = None
    aim: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        return round(self.ours / self.floor, 2) if self.floor else None

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.must is None:
            return "measured"
        if self.ratio > self.must:
            return "too slow"
        return "as aimed" if self.aim is not None and self.ratio <= self.aim else "as it must"

    def as_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "ratio": self.ratio, "verdict": self.verdict}

    def as_line(self) -> str:
        floor = f"{self.floor:9.2f}" if self.floor is not None else "        –"
        ratio = f"{self.ratio:6.2f}" if self.ratio is not None else "     –"
        return f"{self.name:<34}{self.ours:9.2f}{floor}{ratio}  {self.verdict}"


HEADING = f"{'ms, median':<34}{'ours':>9}{'floor':>9}{'ratio':>6}"


def beside(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    must: float,
    aim: float,
    rounds: int = ROUNDS,
) -> Figure:
    """Measure both in turn, so that a noisy moment falls on both; the first round warms up."""
    times = list(_in_turn([ours, floor], rounds=rounds + 1))[1:]
    ours, floor = (statistics.median(column) for column in zip(*times, strict=True))
    return Figure(name, ours=round(ours, 3), floor=round(floor, 3), must=must, aim=aim)


def alone(name: str, ours: Callable[[], object], *, rounds: int = ROUNDS) -> Figure:
    """Measure what has no floor."""
    times = list(_in_turn([ours], rounds=rounds + 1))[1:]
    return Figure(name, ours=round(statistics.median(row[0] for row in times), 3))


def _in_turn(works: list[Callable[[], object]], *, rounds: int) -> Iterator[list[float]]:
    for _ in range(rounds):
        yield [_milliseconds(work) for work in works]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
