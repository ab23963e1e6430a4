"""The file of records: opened once, appended under a lock, continued after a crash."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from harness.audit.file_lock import locked
from harness.audit.record import MAX_LINE_BYTES, Head, is_begin_of_record, parse_record, render_record
from harness.errors import ConfigError

MAX_DAMAGE_BYTES: Final = 4 * MAX_LINE_BYTES
"""How far back from the end the last record is looked for."""

Fsync = Literal["always", "decisions", "never"]
"""After which records the disk is waited for."""

_ANOTHER = "name a file in a folder that exists and may be written; move a damaged or foreign file away"
_ROOM = "make room, or correct its permissions; without the record no call is made"


class AuditLog:
    """Appends records to a file. Threads, and processes with a log of their own on the same file, may append at once.

    The file is continued where it ends. An end that a crash cut off in the middle of a line is kept as it is, and a
    record of kind "recovered" behind it says what it was. A record outlives the process; with `fsync`, a loss of
    power too.

    Args:
        path: The file; made with mode 0600 if it does not exist. Its folder must exist.
        fsync: Wait for the disk after every record ("always"), after every decision, so that no call is made that a
            loss of power could leave unrecorded ("decisions"), or after none ("never"). May be set later.
        clock: Seconds since 1970.

    Raises:
        ConfigError: `config.invalid`, the file cannot be opened or written, is a link, no regular file or no record.

    References:
        docs/reference/audit.md
    """

    def __init__(
        self, path: str | os.PathLike[str], *, fsync: Fsync = "never", clock: Callable[[], float] = time.time
    ) -> None:
        if fsync not in get_args(Fsync):
            hint = "it is one of " + ", ".join(get_args(Fsync))
            raise ConfigError("config.invalid", f"fsync cannot be {fsync!r}", hint=hint)
        self.path = os.path.abspath(os.fspath(path))
        self.fsync: Fsync = fsync
        self._clock = clock
        self._lock = threading.Lock()
        self._fd = -1
        self._pid = 0
        self._head = Head()
        self._size = -1
        self._is_kept = False  # the folder's entry of the file has reached the disk
        try:
            self._open()
            self._with_file_locked(self._continue)
        except (OSError, ValueError) as error:  # a path with a null byte
            self.close()
            raise _error("config.invalid", self.path, error, _ANOTHER) from None

    def append(self, kind: str, fields: Mapping[str, object]) -> str:
        """Write one record and return its hash.

        Args:
            kind: What the record is about, an identifier: "decision", "call".
            fields: Anything. Secrets are left out, long fields cut, and what is no JSON becomes text.

        Raises:
            ConfigError: `audit.unavailable`, the record cannot be written.
            ValueError: `kind` is no identifier, or a field is called seq, time, kind, prev or hash.
        """
        if self._pid != os.getpid():
            self._begin_in_this_process()
        try:
            with self._lock:
                if self._fd < 0:
                    self._open()
                digest = self._with_file_locked(lambda: self._append(kind, fields))
                if self.fsync == "always" or (self.fsync == "decisions" and kind == "decision"):
                    self._flush()  # a slow disk keeps other writers waiting for the disk, not for the file's lock
                return digest
        except OSError as error:
            raise _error("audit.unavailable", self.path, error, _ROOM) from None

    def close(self) -> None:
        """Close the file. A later `append` opens it again."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd = -1

    def _begin_in_this_process(self) -> None:
        """Open anew after a fork: a lock on a shared description would keep nobody out."""
        self._lock = threading.Lock()
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._pid = -1, os.getpid()

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(self.path, flags, 0o600)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise OSError(0, "it is no regular file")
        self._fd, self._pid, self._size, self._is_kept = fd, os.getpid(), -1, False

    def _flush(self) -> None:
        os.fdatasync(self._fd)
        if not self._is_kept:
            folder = os.open(os.path.dirname(self.path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            self._is_kept = True

    def _with_file_locked(self, work: Callable[[], str]) -> str:
        try:
            with locked(self._fd):
                return work()
        except OSError:
            self._size = -1  # what was written of the line is found, and told, at the next append
            raise

    def _append(self, kind: str, fields: Mapping[str, object]) -> str:
        self._continue()
        return self._write(kind, fields)

    def _continue(self) -> str:
        """Learn the head of the chain, if somebody else wrote since; tell of an end that was cut off."""
        status = os.fstat(self._fd)
        if status.st_nlink == 0:
            raise OSError(0, "the file was removed")
        size = status.st_size
        if size == self._size:
            return self._head.hash
        end = self._end(size)
        self._head, self._size = end.head, size
        if end.damage:
            torn = end.damage.removesuffix(b"\n")
            fields = {"torn_bytes": len(torn), "torn_sha256": hashlib.sha256(torn).hexdigest()}
            self._write("recovered", fields, ends_line=end.is_unfinished)
        elif end.is_unfinished:
            self._size += os.write(self._fd, b"\n")
        return self._head.hash

    def _end(self, size: int) -> _End:
        for reach in (MAX_LINE_BYTES, MAX_DAMAGE_BYTES):
            begin = max(0, size - reach)
            data = _read(self._fd, begin, size)
            found = _find_end(data, is_from_start=begin == 0)
            if found is not None:
                return found
        raise OSError(0, "it does not end as a record does")

    def _write(self, kind: str, fields: Mapping[str, object], *, ends_line: bool = False) -> str:
        line, head = render_record(self._head, kind, fields, time_s=self._clock())
        data = b"\n" + line if ends_line else line
        written = os.write(self._fd, data)
        while written < len(data):  # a full disk: the rest fails with the reason
            written += os.write(self._fd, data[written:])
        self._head, self._size = head, self._size + len(data)
        return head.hash


@dataclass(frozen=True, slots=True)
class _End:
    """How a file ends: the last record, what stands behind it, and whether the last line lacks its newline."""

    head: Head
    damage: bytes
    is_unfinished: bool


def _find_end(data: bytes, *, is_from_start: bool) -> _End | None:
    """Find the last line that is a record. If only its newline is missing it is one: no part of a record is JSON."""
    is_unfinished = bool(data) and not data.endswith(b"\n")
    end = len(data)
    while end > 0:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        if begin == 0 and not is_from_start:
            return None
        record = parse_record(data[begin:end].removesuffix(b"\n"))
        if record is not None:
            return _End(Head(_whole_number(record["seq"]), str(record["hash"])), data[end:], is_unfinished)
        end = begin
    return _End(Head(), data, is_unfinished) if not data or is_begin_of_record(data) else None


def _whole_number(value: object) -> int:
    assert isinstance(value, int)
    return value


def _read(fd: int, begin: int, end: int) -> bytes:
    parts = []
    while begin < end:
        part = os.pread(fd, end - begin, begin)
        if not part:
            break
        parts.append(part)
        begin += len(part)
    return b"".join(parts)


def _error(code: str, path: str, error: OSError | ValueError, hint: str) -> ConfigError:
    why = getattr(error, "strerror", None) or str(error)
    return ConfigError(code, f"the audit record cannot be kept in {os.path.basename(path)!r}: {why}", hint=hint)
