"""A mail server that can be killed: it writes down whose mail it took before it says so.

python -m tests.storms.smtp PORT FILE
"""

import asyncio
import os
import sys
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP


class Ledger:
    """A line for each mail: its Message-ID and whom it is for."""

    def __init__(self, path: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name for it
        mail = message_from_bytes(envelope.content)
        os.write(self.file, f"{mail['Message-ID']} {envelope.rcpt_tos[0]}\n".encode())
        os.fsync(self.file)
        return "250 OK"


async def serve(port: int, path: str) -> None:
    ledger, loop = Ledger(path), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(ledger), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
