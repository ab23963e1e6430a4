"""What is known of a server that ended, or never began: for whoever has to mend it."""

from __future__ import annotations

import os
import signal

from harness.audit.redaction import redacted, without_variables

_TAIL_BYTES = 4096
_STRAY_CHARACTERS = 200


class Ending:
    """Collects the evidence while the server runs.

    Attributes:
        status: How its process exited, None while it runs, and for an address.
        http_status: The last refusal, as "401 Unauthorized".
    """

    def __init__(self) -> None:
        self.status: int | None = None
        self.http_status = ""
        self._stray = ""
        self._errors = bytearray()

    def wrote(self, data: bytes) -> None:
        """Keep the end of what it writes to standard error."""
        self._errors += data
        del self._errors[:-_TAIL_BYTES]

    def printed(self, line: bytes) -> None:
        """Keep the first line on standard output that is no message."""
        self._stray = self._stray or line[:_STRAY_CHARACTERS].decode("utf-8", "replace").strip()

    def told(self, *, with_status: bool = True) -> str:
        """Say it in one sentence, secrets of the environment left out; "" if nothing is known."""
        known = []
        if with_status and self.status is not None:
            known.append(_of_status(self.status))
        if self.http_status:
            known.append(f"the last answer was HTTP {self.http_status}")
        if self._stray:
            known.append(f"it printed on standard output what is no message: {self._stray!r}")
        errors = " ".join(self._errors.decode("utf-8", "replace").split())
        if errors:
            known.append(f"its standard error ends: {errors[-1500:]}")
        return redacted(without_variables("; ".join(known), os.environ))


def _of_status(status: int) -> str:
    if status > 128 and status - 128 in signal.valid_signals():
        return f"it was ended by {signal.Signals(status - 128).name}"
    return f"it exited with status {status}"
