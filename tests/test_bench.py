import time

import pytest

from bench.figures import Figure, alone, beside


@pytest.mark.parametrize(
    ("ours", "verdict"), [(15.0, "as aimed"), (25.0, "as it must"), (25.1, "too slow")]
)
def test_a_figure_is_judged_by_its_ratio(ours: float, verdict: str) -> None:
    figure = Figure("list", ours=ours, floor=10.0, must=2.5, aim=1.5)

    assert figure.verdict == verdict


def test_a_figure_without_a_floor_is_only_measured() -> None:
    figure = alone("nothing", lambda: None, rounds=3)

    assert (figure.ratio, figure.verdict) == (None, "measured")
    assert figure.ours >= 0


def test_both_are_measured_in_turn() -> None:
    calls: list[str] = []

    figure = beside(
        "waiting",
        lambda: (calls.append("ours"), time.sleep(0.02)),
        lambda: (calls.append("floor"), time.sleep(0.001)),
        must=100,
        aim=1,
        rounds=2,
    )

    assert calls == ["ours", "floor"] * 3
    assert figure.ratio is not None
    assert figure.ratio > 1
    assert figure.as_json()["verdict"] == figure.verdict
