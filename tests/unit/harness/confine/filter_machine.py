"""Runs a seccomp filter as the kernel would, with any machine's numbers.

References:
    linux/filter.h, linux/seccomp.h (struct seccomp_data)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence


def run_filter(program: bytes, nr: int, arguments: Sequence[int], *, arch: int) -> int:
    """Return what a filter says of a system call.

    Args:
        program: Instructions, each `u16 code, u8 if_true, u8 if_false, u32 value`.
        nr: Number of the system call.
        arguments: Up to six; the others are 0.
        arch: The machine, as the kernel names it to filters.
    """
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", nr, arch, 0, *padded)
    code = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        kind, if_true, if_false, value = code[at]
        at += 1
        match kind:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x05:
                at += value
            case 0x06:
                return value
            case _:
                raise AssertionError(f"unknown instruction {kind:#x}")
