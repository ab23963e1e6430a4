"""What a command writes, kept and passed on."""

from __future__ import annotations

import os
import time

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from harness.tools.builtin.command_output import CHUNK, MAX_DELTAS, Deltas, KeptOutput, pump


def kept_of(*chunks: bytes, max_bytes: int) -> KeptOutput:
    kept = KeptOutput(max_bytes)
    for chunk in chunks:
        kept.add(chunk)
    return kept


def test_output_within_the_cap_is_complete() -> None:
    kept = kept_of(b"one\n", b"two\n", max_bytes=8).kept()
    assert (kept.text, kept.dropped_bytes) == ("one\ntwo\n", 0)


def test_output_over_the_cap_keeps_head_and_tail_and_says_how_much_is_gone() -> None:
    kept = kept_of(b"abcdefghij", max_bytes=4).kept()
    assert (kept.text, kept.dropped_bytes) == ("ab\n... [6 bytes dropped] ...\nij", 6)


def test_a_character_that_a_cut_goes_through_is_left_out() -> None:
    text = "ä" * 50
    kept = kept_of(text.encode(), max_bytes=9).kept()
    assert kept.text == "ää\n... [92 bytes dropped] ...\nää"
    assert kept.dropped_bytes == 100 - 8


@given(
    chunks=st.lists(st.binary(max_size=40), max_size=30),
    max_bytes=st.integers(min_value=1, max_value=300),
    max_json_bytes=st.one_of(st.none(), st.integers(min_value=60, max_value=500)),
)
def test_whatever_comes_the_beginning_and_the_end_are_kept(
    chunks: list[bytes], max_bytes: int, max_json_bytes: int | None
) -> None:
    """256 KiB are kept per stream, head and tail, with a count of what was dropped."""
    data = b"".join(chunks)
    output = kept_of(*chunks, max_bytes=max_bytes)
    kept = output.kept(max_json_bytes=max_json_bytes)
    assert output.total_bytes == len(data)
    if max_json_bytes is None:
        assert (kept.dropped_bytes == 0) == (len(data) <= max_bytes)
        assert len(data) - kept.dropped_bytes <= max_bytes
        assert len(data) - kept.dropped_bytes >= min(len(data), max_bytes - 6)
    else:
        assert len(to_json(kept.text)) <= max_json_bytes
    if not kept.dropped_bytes:
        assert kept.text == data.decode("utf-8", "replace")
    else:
        head, _, tail = kept.text.partition(f"\n... [{kept.dropped_bytes} bytes dropped] ...\n")
        whole = data.decode("latin-1")
        if whole.isascii():
            assert whole.startswith(head)
            assert whole.endswith(tail)


def test_what_is_held_stays_bounded() -> None:
    output = KeptOutput(64 * 1024)
    for _ in range(5_000):
        output.add(b"x" * CHUNK)
    assert len(output._head) + sum(map(len, output._tail)) <= 64 * 1024 + CHUNK
    assert output.kept().dropped_bytes == 5_000 * CHUNK - 64 * 1024


def test_tiny_chunks_do_not_cost_more_the_more_come() -> None:
    output = KeptOutput(256 * 1024)
    started = time.monotonic()
    for _ in range(600_000):
        output.add(b"x")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("data", [b"\0" * 300_000, b"\xff" * 300_000, bytes(range(256)) * 1000])
def test_binary_output_fits_its_share_of_a_result(data: bytes) -> None:
    kept = kept_of(data, max_bytes=256 * 1024).kept(max_json_bytes=500_000)
    assert len(to_json(kept.text)) <= 500_000
    assert len(to_json(kept.text)) > 300_000


def test_a_shortened_text_keeps_as_much_of_its_end_as_of_its_beginning() -> None:
    kept = kept_of(b"a" * 1000 + b"b" * 500, max_bytes=2000).kept(max_json_bytes=840)
    head, _, tail = kept.text.partition(f"\n... [{kept.dropped_bytes} bytes dropped] ...\n")
    assert len(head) + len(tail) == 1500 - kept.dropped_bytes
    assert abs(len(head) - len(tail)) <= 1
    assert len(head) > 350


def test_deltas_end_at_their_cap_and_say_so_once() -> None:
    seen: list[str] = []
    deltas = Deltas(lambda stream, text: seen.append(text))
    for _ in range(MAX_DELTAS + 10):
        deltas.pass_on("stdout", "x")
    assert len(seen) == MAX_DELTAS
    assert "not shown while it runs" in seen[-1]


async def test_a_pump_decodes_across_chunks_and_ends_with_the_pipe() -> None:
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    taken, shown = bytearray(), []
    data = "ä€😀".encode() + b"\xff" + "é".encode()[:1]
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(pump, reader, taken.extend, shown.append)
            for byte in data:
                os.write(writer, bytes([byte]))
                await anyio.sleep(0.003)
            os.close(writer)
    finally:
        os.close(reader)
    assert bytes(taken) == data
    assert "".join(shown) == "ä€😀\ufffd\ufffd"
    assert all("\ufffd" not in text for text in shown[:9])
