"""Frames: split, decoded, refused."""

import os
import socket
import threading

import pytest

from harness.errors import WorkerError
from harness.runtimes.cpython.wire import (
    FrameSplitter,
    HostGone,
    WorkerChannel,
    decode_frame,
    encode_frame,
    prefixed,
)


def test_a_frame_survives_the_round_trip() -> None:
    frame = {"t": "log", "text": "grüße ☃ \x00", "n": [1, 2.5, None, True]}
    [body] = FrameSplitter(max_bytes=1000).feed(encode_frame(frame))
    assert decode_frame(body) == frame


def test_frames_are_found_in_any_cut_of_the_bytes() -> None:
    frames = [{"t": "log", "text": "x" * n} for n in (0, 1, 7, 300)]
    data = b"".join(map(encode_frame, frames))
    for size in (1, 2, 3, 5, 64, len(data)):
        splitter = FrameSplitter(max_bytes=1000)
        found = []
        for start in range(0, len(data), size):
            found += [decode_frame(body) for body in splitter.feed(data[start : start + size])]
        assert found == frames
        assert splitter.pending_bytes == 0


def test_an_oversized_length_is_refused_before_its_bytes_arrive() -> None:
    with pytest.raises(WorkerError, match="4294967295 bytes"):
        FrameSplitter(max_bytes=1000).feed(b"\xff\xff\xff\xff")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"t":1}',
        b'{"t":"x","n":NaN}',
        b'{"t":"x","n":-Infinity}',
        b'{"t":"x"',
        b"\xff\xfe",
        b'{"t":"x","n":' + b"9" * 5000 + b"}",
        b"[" * 200_000,
        b'{"t":"x","n":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_frame_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(WorkerError) as caught:
        decode_frame(body)
    assert caught.value.code == "worker.protocol"


def test_a_worker_reads_and_writes_frames_of_any_size() -> None:
    ours, theirs = socket.socketpair()
    big = {"t": "settle", "value": "x" * 3_000_000}
    thread = threading.Thread(target=ours.sendall, args=(encode_frame(big) + encode_frame({"t": "run"}),))
    thread.start()
    channel = WorkerChannel(theirs.fileno())
    assert channel.receive() == big
    assert channel.receive() == {"t": "run"}
    thread.join()
    received: list[bytes] = []

    def drain() -> None:
        splitter = FrameSplitter(max_bytes=4_000_000)
        while not received:
            received.extend(splitter.feed(ours.recv(65_536)))

    reader = threading.Thread(target=drain)
    reader.start()
    channel.send(big)
    reader.join()
    assert decode_frame(received[0]) == big
    ours.close()
    with pytest.raises(HostGone):
        channel.receive()
    with pytest.raises(HostGone):
        channel.send({"t": "log"})
    theirs.close()


def test_the_prefix_is_the_length() -> None:
    assert prefixed(b"{}") == b"\x00\x00\x00\x02{}"
    read, write = os.pipe()
    WorkerChannel(write).send_json(b"{}")
    assert os.read(read, 100) == b"\x00\x00\x00\x02{}"
    os.close(read)
    os.close(write)
