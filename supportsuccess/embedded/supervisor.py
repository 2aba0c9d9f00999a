"""Runs programs in order, starts again what dies, and stops all of them in reverse."""

import collections
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Self, cast

from supportsuccess.embedded.paths import BASE_DIR
from supportsuccess.embedded.processes import CannotStart, Program

RESTARTS_PER_MINUTE = 5
WATCH_SECONDS = 0.3

Say = Callable[[str, str], None]


class Lines(io.TextIOBase):
    """A stream that tells whole lines under a name."""

    def __init__(self, say: Say, name: str) -> None:
        self.say = say
        self.name = name
        self.rest = ""

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).replace("\r", "\n").split("\n")
        for line in lines:
            if line.strip():
                self.say(self.name, line.rstrip())
        return len(text)


class Child(Program):
    """A Python program of ours whose output is told line by line."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        say: Say,
        environment: Mapping[str, str],
        orphan_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        super().__init__(
            name, stop_signal=signal.SIGTERM, stop_seconds=15, orphan_signal=orphan_signal
        )
        self.arguments = arguments
        self.say = say
        self.environment = environment

    def start(self) -> Self:
        self.spawn(
            [sys.executable, "-m", *self.arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=BASE_DIR,
            env={**os.environ, **self.environment},
        )
        threading.Thread(target=self._tell, args=[self.process], daemon=True).start()
        return self

    def _tell(self, process: subprocess.Popen[Any]) -> None:
        with cast("IO[str]", process.stdout) as lines:
            for line in lines:
                if line.strip():
                    self.say(self.name, line.rstrip())


class Supervisor:
    def __init__(self, *, say: Say) -> None:
        self.say = say
        self.programs: list[Program] = []
        self.deaths: dict[str, collections.deque[float]] = collections.defaultdict(
            lambda: collections.deque(maxlen=RESTARTS_PER_MINUTE)
        )

    def add(self, program: Program) -> None:
        # Listed first: what a failing start leaves behind is stopped with the rest.
        self.programs.append(program)
        program.start()

    def watch(self) -> None:
        """Start again what has died, for ever. Raises CannotStart when one dies too often."""
        while True:
            for program in self.programs:
                self.revive(program)
            time.sleep(WATCH_SECONDS)

    def revive(self, program: Program) -> None:
        code = program.exited()
        if code is None:
            return
        deaths = self.deaths[program.name]
        if len(deaths) == RESTARTS_PER_MINUTE and time.monotonic() - deaths[0] < 60:
            raise CannotStart(
                f"{program.name} ended {RESTARTS_PER_MINUTE + 1} times within a minute:"
                " the lines above say why; everything is stopped and nothing is lost"
            )
        deaths.append(time.monotonic())
        self.say(program.name, f"ended with {code}: starting it again")
        program.start()

    def stop(self) -> None:
        # The children together, then the servers they need, last started first.
        for program in self.programs:
            if isinstance(program, Child):
                program.ask_to_stop()
        for program in reversed(self.programs):
            program.stop()
