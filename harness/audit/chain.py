"""Whether a file of records is whole: every line is where and what it was when it was written."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from harness.audit.reading import opened
from harness.audit.record import MAX_LINE_BYTES, NO_HASH, Head, canonical, hash_of, is_torn, parse_record
from harness.errors import ConfigError

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The first thing that is wrong.

    Attributes:
        line: Of the file, counted from 1.
        what: What is wrong with it, one clause.
    """

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What the check of a chain found.

    Attributes:
        ok: Nothing is wrong.
        records: How many records are in order, up to the first problem.
        head: Hash of the last of them, 64 zeros when there is none. Keep it elsewhere to notice a shortened file.
        recovered: How many ends that a crash cut off are told of.
        problem: The first problem, or None.
        kept_seq: Number of the record whose hash is the head that was asked about; None if none has it or none was
            asked about.
    """

    ok: bool
    records: int
    head: str
    recovered: int = 0
    problem: ChainProblem | None = None
    kept_seq: int | None = None


def verify_chain(path: str | os.PathLike[str], *, head: str | None = None) -> ChainReport:
    """Check every line of a file of records, one at a time: memory does not grow with the file.

    What is appended meanwhile is not looked at.

    Args:
        path: The file.
        head: A hash that was the head once and was kept elsewhere. If no record has it, the end was cut off or the
            file written anew, and the chain is not in order.

    Raises:
        ConfigError: `config.invalid`, the file cannot be read, or `head` is no hash.

    References:
        docs/reference/audit.md
    """
    if head is not None and not _HASH.fullmatch(head):
        raise ConfigError(
            "config.invalid", f"{head[:80]!r} is no head", hint="a head is a hash of 64 hexadecimal digits"
        )
    with opened(path) as (file, size):
        return _Check(file, size, kept=head).report()


class _Check:
    """Reads a file to the size it had at the start."""

    def __init__(self, file: BinaryIO, size: int, *, kept: str | None = None) -> None:
        self.file = file
        self.kept = kept
        self.kept_seq = 0 if kept == NO_HASH else None
        self.left = size
        self.line = 0
        self.head = Head()
        self.recovered = 0
        self.damage: _Damage | None = None

    def report(self) -> ChainReport:
        what = self.first_problem()
        if what is None and self.kept is not None and self.kept_seq is None:
            what = "the file ends here, and no record has the head that was kept: it was cut off, or written anew"
        problem = ChainProblem(self.line, what) if what else None
        return ChainReport(problem is None, self.head.seq, self.head.hash, self.recovered, problem, self.kept_seq)

    def first_problem(self) -> str | None:
        while self.left > 0:
            data = self.next_line()
            if len(data) > MAX_LINE_BYTES:
                return "it is longer than any record"
            if not data.endswith(b"\n"):
                return "it is cut off in the middle; the next opening of the log will tell of it"
            what = self.problem_of(data[:-1])
            if what is not None:
                return what
        if self.damage is not None:
            self.line = self.damage.line
            return "it is no record, and no record tells of it"
        return None

    def next_line(self) -> bytes:
        """Read a line; of one that is longer than any record, the head."""
        self.line += 1
        data = self.file.readline(min(self.left, MAX_LINE_BYTES + 1))
        self.left -= len(data)
        if not data:  # somebody cut the file meanwhile
            self.left = 0
        return data

    def problem_of(self, data: bytes) -> str | None:
        record = parse_record(data)
        if record is None:
            if not is_torn(data):
                return "it is no record"
            self.damage = self.damage or _Damage(self.line)
            self.damage.add(data)
            return None
        return self.misplaced(record) or self.changed(record, data) or self.taken_in(record)

    def misplaced(self, record: dict[str, Any]) -> str | None:
        if self.damage is not None and not self.damage.is_told_by(record):
            self.line = self.damage.line
            return "it is no record, and the next record does not tell of it"
        if record["seq"] != self.head.seq + 1:
            return f"its number is {record['seq']}, not {self.head.seq + 1}"
        if record.get("prev") != self.head.hash:
            return "it does not continue the record before it"
        return None

    def changed(self, record: dict[str, Any], data: bytes) -> str | None:
        try:
            is_unchanged = canonical(record) == data and hash_of(record) == record["hash"]
        except (ValueError, RecursionError):  # NaN, or nested beyond what was ever written
            is_unchanged = False
        return None if is_unchanged else "it was changed: its hash is that of other content"

    def taken_in(self, record: dict[str, Any]) -> str | None:
        if record.get("kind") == "recovered" and self.damage is None:
            return "it tells of an end that was cut off, and there is none before it"
        self.recovered += self.damage is not None
        self.damage = None
        self.head = Head(record["seq"], record["hash"])
        if self.head.hash == self.kept:
            self.kept_seq = self.head.seq
        return None


class _Damage:
    """Lines that are no records, as one piece."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.bytes = -1  # the newline of the last line is not counted
        self.digest = hashlib.sha256()

    def add(self, data: bytes) -> None:
        piece = data if self.bytes < 0 else b"\n" + data
        self.bytes += len(data) + 1
        self.digest.update(piece)

    def is_told_by(self, record: dict[str, Any]) -> bool:
        told = (record.get("kind"), record.get("torn_bytes"), record.get("torn_sha256"))
        return told == ("recovered", self.bytes, self.digest.hexdigest())
