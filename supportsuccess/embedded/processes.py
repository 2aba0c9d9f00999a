"""How the servers are run: as whom, and never longer than the process that started them."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypedDict

PR_SET_PDEATHSIG = 1
IS_ROOT = os.geteuid() == 0


class CannotStart(Exception):
    """Something outside the program is in the way; the message is one sentence for the user."""


class Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def server_account() -> Account:
    """Subprocess arguments that drop root, which PostgreSQL refuses to run as."""
    if not IS_ROOT:
        return {}
    name = os.environ.get("SS_EMBEDDED_USER", "nobody")
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        raise CannotStart(f"there is no user {name}: set SS_EMBEDDED_USER to one") from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Program:
    """One process that lives no longer than this one, even when this one is killed.

    Start it from the main thread: the kernel counts the death of the starting *thread*.
    """

    def __init__(
        self,
        name: str,
        *,
        stop_signal: signal.Signals,
        stop_seconds: float,
        orphan_signal: signal.Signals | None = None,
    ) -> None:
        self.name = name
        self.stop_signal = stop_signal
        self.stop_seconds = stop_seconds
        self.orphan_signal = orphan_signal or stop_signal
        self.process: subprocess.Popen[Any] | None = None

    def start(self) -> Self:
        raise NotImplementedError

    def spawn(self, arguments: Sequence[str], **options: Any) -> None:
        self.process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone
            preexec_fn=_signal_when_orphaned(self.orphan_signal),  # noqa: PLW1509 - one C call
            **options,
        )

    def exited(self) -> int | None:
        """The exit code, or None while it runs or before it is started."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and end it with everything it started."""
        self.ask_to_stop()
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _signal_when_orphaned(number: signal.Signals) -> Callable[[], None] | None:
    """Have the kernel signal the child when this process is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))

    return ask_kernel


def last_lines(log: Path) -> str:
    """The end of a server's log, for the sentence that says why it did not start."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return " / ".join(text.splitlines()[-3:])
