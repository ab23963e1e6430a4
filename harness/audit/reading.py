"""Reads files of records as they stand at the start, one line at a time: memory does not grow with the file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from harness.audit.file_lock import locked
from harness.audit.record import MAX_LINE_BYTES, is_begin_of_record, parse_record
from harness.errors import ConfigError

_HINT: Final = "name a file that `toolscript run --audit FILE` or Harness(audit=...) has written"
_LOOKED_AT: Final = 4 * MAX_LINE_BYTES
"""Bytes at the beginning of a file in which a record must be found."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it stands in a file.

    Attributes:
        line: Of the file, counted from 1.
        data: The line's bytes, without the newline.
        fields: What it says.
    """

    line: int
    data: bytes
    fields: dict[str, Any]


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file of records; with it comes its size now, at the end of a whole line unless a crash cut it off.

    Raises:
        ConfigError: `config.invalid`, the file cannot be opened or read.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(0, "it is no regular file")
            with locked(fd, is_shared=True):
                size = os.fstat(fd).st_size
            yield file, size
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        message = f"the audit record {_name(path)!r} cannot be read: {why}"
        raise ConfigError("config.invalid", message, hint=_HINT) from None


def require_records(path: str | os.PathLike[str]) -> None:
    """Refuse a file that is something else. An empty one is a record of nothing; a damaged one is a record still.

    Raises:
        ConfigError: `config.invalid`, none of the first lines is a record, or the file cannot be read.
    """
    with opened(path) as (file, size):
        data = file.read(min(size, _LOOKED_AT))
    if data and not any(parse_record(line) for line in data.split(b"\n")) and not is_begin_of_record(data):
        raise ConfigError(
            "config.invalid",
            f"{_name(path)!r} is no audit record: none of its first lines is a record",
            hint=_HINT,
        )


def stored_records(path: str | os.PathLike[str]) -> Iterator[StoredRecord]:
    """Yield the records of a file. Lines that are none are passed over: `verify_chain` tells of them.

    Raises:
        ConfigError: `config.invalid`, the file cannot be read.
    """
    with opened(path) as (file, left):
        number = 0
        while left > 0 and (line := file.readline(left)):
            left -= len(line)
            number += 1
            data = line.removesuffix(b"\n")
            fields = parse_record(data)
            if fields is not None:
                yield StoredRecord(number, data, fields)


def _name(path: str | os.PathLike[str]) -> str:
    return os.path.basename(os.fspath(path))
