"""What the user named: a script, or a message with scripts in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from harness.cli.usage import wrong_use
from harness.detect import Detection, RejectedSegment, ScriptSegment, detect
from policy.language.report import Diagnostic

MAX_FILE_BYTES = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class Block:
    """A script to run, or a block that is no script.

    Attributes:
        source: The script, "" for a rejected block.
        line: Line of the file on which it begins, 1-based.
        rejected: Why it is no script.
    """

    source: str | bytes
    line: int = 1
    rejected: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A file's scripts, in order.

    Attributes:
        name: The file as the user named it.
        blocks: At least one.
        is_message: The scripts stood in a message; else the file itself is the script.
    """

    name: str
    blocks: tuple[Block, ...]
    is_message: bool


def read_given(name: str) -> Given:
    """Read FILE or, for `-`, standard input. A file that ends in `.py` is a script; others may be messages.

    Raises:
        ConfigError: `config.invalid`, it cannot be read.
    """
    data = _read_stdin() if name == "-" else _read_file(name)
    if name.endswith(".py"):
        return Given(name, (Block(data),), is_message=False)
    blocks = tuple(_blocks(detect(data)))
    return Given(name, blocks or (Block(data),), is_message=bool(blocks))


def _blocks(detection: Detection) -> Iterator[Block]:
    for segment in detection.segments:
        if isinstance(segment, ScriptSegment):
            yield Block(segment.source, segment.line)
        elif isinstance(segment, RejectedSegment) and segment.diagnostic is not None:
            yield Block("", segment.diagnostic.line, segment.diagnostic)


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise wrong_use("standard input is closed", hint="name a file, or pipe a script in")
    return _read_up_to_limit("standard input", sys.stdin.buffer)


def _read_file(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return _read_up_to_limit(repr(name), file)
    except FileNotFoundError:
        raise wrong_use(f"{name!r} does not exist", hint=_nearby(name)) from None
    except IsADirectoryError:
        raise wrong_use(f"{name!r} is a folder", hint="name a file in it") from None
    except PermissionError:
        raise wrong_use(f"{name!r} may not be read", hint="look at its permissions") from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise wrong_use(f"{name!r} cannot be read: {said}", hint="name a readable file") from None


def _read_up_to_limit(name: str, file: BinaryIO) -> bytes:
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise wrong_use(f"{name} has more than {MAX_FILE_BYTES} bytes", hint="a message is smaller than that")
    return data


def _nearby(name: str) -> str:
    import difflib

    try:
        beside = os.listdir(Path(name).parent)
    except OSError:
        return "name a file that exists, or - for standard input"
    near = difflib.get_close_matches(Path(name).name, beside, n=1)
    return f"did you mean {near[0]!r}?" if near else "name a file that exists, or - for standard input"
