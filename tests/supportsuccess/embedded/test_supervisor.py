import time
from collections.abc import Callable, Iterator

import pytest

from supportsuccess.embedded.processes import CannotStart
from supportsuccess.embedded.supervisor import RESTARTS_PER_MINUTE, Child, Lines, Supervisor


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, name: str, text: str) -> None:
        self.lines.append(f"{name}: {text}")


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def supervisor(told: Told) -> Iterator[Supervisor]:
    supervisor = Supervisor(say=told)
    yield supervisor
    supervisor.stop()


def child(say: Told, *, doing: str, name: str = "child") -> Child:
    return Child(name, ["timeit", "-n1", "-r1", doing], say=say, environment={"SS_TOLD": "yes"})


def is_true_soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    # asked once a turn: what is true may not stay so
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_what_a_child_prints_is_told_under_its_name(supervisor: Supervisor, told: Told) -> None:
    supervisor.add(child(told, doing="import os; print(os.environ['SS_TOLD'])"))

    assert is_true_soon(lambda: "child: yes" in told.lines)


def test_a_dead_child_is_started_again(supervisor: Supervisor, told: Told) -> None:
    sleeper = child(told, doing="import time; time.sleep(60)")
    supervisor.add(sleeper)
    assert sleeper.process
    killed = sleeper.process.pid
    sleeper.process.kill()
    sleeper.process.wait()

    supervisor.revive(sleeper)

    assert sleeper.process.pid != killed
    assert sleeper.exited() is None
    assert told.lines == ["child: ended with -9: starting it again"]


def test_a_living_child_is_left_alone(supervisor: Supervisor, told: Told) -> None:
    sleeper = child(told, doing="import time; time.sleep(60)")
    supervisor.add(sleeper)
    before = sleeper.process

    supervisor.revive(sleeper)

    assert sleeper.process is before


def test_a_child_that_dies_over_and_over_ends_everything(
    supervisor: Supervisor, told: Told
) -> None:
    dying = child(told, doing="import os; os._exit(3)")
    supervisor.add(dying)

    with pytest.raises(CannotStart, match="child ended 6 times within a minute"):
        supervisor.watch()

    assert told.lines.count("child: ended with 3: starting it again") == RESTARTS_PER_MINUTE


def test_stop_ends_a_child_that_does_not_listen(supervisor: Supervisor, told: Told) -> None:
    deaf = child(
        told,
        doing="import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True);"
        " time.sleep(60)",
    )
    deaf.stop_seconds = 0.2
    supervisor.add(deaf)
    assert is_true_soon(lambda: "child: deaf" in told.lines)

    supervisor.stop()

    assert deaf.exited() == -9


def test_lines_are_told_whole() -> None:
    told = Told()
    stream = Lines(told, "migrate")

    stream.write("Applying tickets.0001...")
    stream.write(" OK\n\nApplying ")
    stream.write("tickets.0002... OK\n")

    assert told.lines == [
        "migrate: Applying tickets.0001... OK",
        "migrate: Applying tickets.0002... OK",
    ]
