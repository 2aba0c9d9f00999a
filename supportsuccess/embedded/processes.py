"""How the servers are run: as whom, and never longer than the process that started them."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

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


def die_with_parent(sig: signal.Signals) -> Callable[[], None] | None:
    """Make a preexec_fn with which the kernel signals the child when this process is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sig))

    return ask_kernel


def last_lines(log: Path) -> str:
    """The end of a server's log, for the sentence that says why it did not start."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return " / ".join(text.splitlines()[-3:])
