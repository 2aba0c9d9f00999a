"""What is in the way of a start, each told in one sentence."""

import errno
import shutil
import socket
from pathlib import Path
from typing import IO

from supportsuccess.embedded import locks
from supportsuccess.embedded.processes import CannotStart

NEEDED_MEGABYTES = 300


def only_one(lock: Path, *, address: str) -> IO[str]:
    """Take the lock of the running program. Raises CannotStart when another has it."""
    held = locks.take(lock)
    if held is None:
        other = lock.read_text().strip() or "another address"
        raise CannotStart(
            f"Support-to-Success is already running at {other}: open that, or stop it first"
        )
    held.truncate(0)
    held.write(address)
    held.flush()
    return held


def parse_port(text: str) -> int:
    """Raises CannotStart when it is no port."""
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < port < 65536:
        raise CannotStart(f"{text!r} is not a port: PORT is a number between 1 and 65535")
    return port


def refuse_taken_port(port: int) -> None:
    """Raises CannotStart when something listens there, or nobody but root may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(f"port {port} needs root: start with PORT=8000 or higher") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CannotStart(
                f"port {port} is in use by another program: stop that, or start with another"
                f" port, as in PORT={port + 1} ./ss up"
            ) from None


def refuse_full_disk(state: Path) -> None:
    """Raises CannotStart when the databases would soon stop for want of space."""
    free = shutil.disk_usage(state).free // 1024**2
    if free < NEEDED_MEGABYTES:
        raise CannotStart(
            f"the disk that holds {state} is full ({free} MB free, {NEEDED_MEGABYTES} are needed):"
            " free some space and start again; nothing is lost"
        )
