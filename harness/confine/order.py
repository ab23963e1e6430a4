"""What the host orders the launcher to execute: plain data, as JSON in a memory file that no size limits."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command. Paths are absolute; None is no ceiling.

    Attributes:
        argv: Arguments, the name of the program first.
        program: The file to execute.
        cwd: Folder to start in.
        env: The whole environment.
        confinement: "required", "strict" or "none": which barriers are demanded.
        is_confined: False for no barrier at all.
        network: Whether the network may be used.
        writable: Folders that may be written.
        protected: Paths that stay read-only all the same.
        hidden: Paths that may not be read.
        memory_bytes: Memory of one process.
        processes: Processes and threads at once.
        file_bytes: Size of one file that is written.
        cpu_time_s: Processor seconds of one process.
    """

    argv: tuple[str, ...]
    program: str
    cwd: str
    env: Mapping[str, str]
    confinement: str
    is_confined: bool
    network: bool
    writable: tuple[str, ...]
    protected: tuple[str, ...]
    hidden: tuple[str, ...]
    memory_bytes: int | None
    processes: int | None
    file_bytes: int | None
    cpu_time_s: int | None

    def to_file(self) -> int:
        """Write the order to a memory file, and return its descriptor."""
        descriptor = os.memfd_create("order", os.MFD_CLOEXEC)
        try:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(json.dumps(asdict(self)).encode("ascii"))  # names that are not UTF-8: lone surrogates
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    @classmethod
    def from_file(cls, descriptor: int) -> Self:
        """Read what `to_file` wrote, and close the descriptor."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(descriptor, "rb") as file:
            fields: dict[str, Any] = json.loads(file.read())
        listed = ("argv", "writable", "protected", "hidden")
        return cls(**fields | {name: tuple(fields[name]) for name in listed})
