"""The format of one record, and its hash. Values in, lines out.

References:
    docs/reference/audit.md
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harness.audit.values import recordable

MAX_LINE_BYTES: Final = 262_144
"""Longest line, newline included."""

MAX_FIELD_BYTES: Final = 8_192
"""In a record whose line would be longer, fields of more bytes than this are cut."""

HEAD_CHARACTERS: Final = 4_096
"""Characters that are left of a field that was cut."""

NO_HASH: Final = "0" * 64
"""`prev` of the first record."""

OWN_NAMES: Final = frozenset({"seq", "time", "kind", "prev", "hash"})
"""Names of the record itself; a field cannot have them."""

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain, as far as the next one needs it."""

    seq: int = 0
    hash: str = NO_HASH


def canonical(value: object) -> bytes:
    """Return JSON with sorted names, without spaces, in ASCII: the same bytes for equal data."""
    return _ENCODER.encode(value).encode("ascii")


def hash_of(record: Mapping[str, object]) -> str:
    """Return SHA-256, in hex, of the canonical JSON of a record without its "hash"."""
    return hashlib.sha256(canonical({name: value for name, value in record.items() if name != "hash"})).hexdigest()


def render_record(head: Head, kind: str, fields: Mapping[str, object], *, time_s: float) -> tuple[bytes, Head]:
    """Return the line of the record that comes after `head`, and the new head.

    Raises:
        ValueError: `kind` is no identifier, or a field has a name of the record itself.
    """
    taken = OWN_NAMES.intersection(fields)
    if taken or not kind.isidentifier():
        raise ValueError(f"fields cannot be called {', '.join(sorted(taken))}" if taken else f"{kind!r} is no kind")
    own = {"seq": head.seq + 1, "time": recordable(time_s), "kind": kind, "prev": head.hash}
    told = recordable(fields)
    assert isinstance(told, dict)
    line, digest = _sealed({**told, **own})
    if len(line) > MAX_LINE_BYTES:
        line, digest = _sealed({**{name: _cut(value, MAX_FIELD_BYTES) for name, value in told.items()}, **own})
    if len(line) > MAX_LINE_BYTES:
        line, digest = _sealed({"fields": _cut(told, 0), **own})
    return line, Head(head.seq + 1, digest)


def parse_record(line: bytes) -> dict[str, object] | None:
    """Read a line without its newline. None if it is no record: no JSON object with a number and a hash."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or type(record.get("seq")) is not int or not isinstance(record.get("hash"), str):
        return None
    return record


def is_torn(line: bytes) -> bool:
    """Say whether a line can be what a crash left of a record: no part of a record is JSON."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return True
    return False


def is_begin_of_record(data: bytes) -> bool:
    """Say whether this may be what a crash left of the very first record, and not somebody else's file."""
    return data[:2] in (b"{", b'{"') and is_torn(data.partition(b"\n")[0])


def _sealed(record: dict[str, object]) -> tuple[bytes, str]:
    digest = hashlib.sha256(canonical(record)).hexdigest()
    return canonical({**record, "hash": digest}) + b"\n", digest


def _cut(value: object, max_bytes: int) -> object:
    whole = canonical(value)
    if len(whole) <= max_bytes:
        return value
    head = whole[:HEAD_CHARACTERS].decode("ascii")
    return {"cut": True, "head": head, "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}
