"""Whatever bytes a worker sends, the run ends in an outcome or an error with a code, in bounded time and memory.

The worker here is this test: it holds the other end of the channel, and a sleeping process lends its pid.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import CLASS_BY_CODE, HarnessError
from harness.runtimes.cpython import pool as pool_module
from harness.runtimes.cpython import zygote_process as zygote_module
from harness.runtimes.cpython.channel import open_channel
from harness.runtimes.cpython.child import Child, Exit
from harness.runtimes.cpython.launch import Launched
from harness.runtimes.cpython.pool import Pool
from harness.runtimes.cpython.run import CPythonRun
from harness.runtimes.cpython.zygote_process import ZygoteProcess
from harness.runtimes.runtime import Batch, Finished, Script
from harness.testing import RecordingListener
from policy.limits import Limits

MAX_FRAME = 400_000
SCRIPT = Script("return 1", Limits(return_bytes=1000, argument_bytes=1000))
CHECKED = {"t": "checked", "diagnostics": [], "plan": {"tools": [], "calls": []}, "code": None}
BATCH = {"t": "batch", "calls": [], "cancelled": [], "wake_after_s": None, "steps": 0}
FINISHED = {"t": "finished", "ok": True, "value": 1, "error": None, "steps": 0, "pending": [], "unawaited": []}
ERROR = {
    "code": "script.runtime",
    "message": "",
    "hint": None,
    "line": 1,
    "column": 1,
    "retryable": False,
    "details": {},
    "traceback": None,
}
LINE = {"line": 1, "function": "", "text": ""}
FINDING = {
    "code": "script.syntax",
    "message": "",
    "hint": None,
    "line": 1,
    "column": 1,
    "end_line": 1,
    "end_column": 1,
    "excerpt": "",
}


def frame(value: object) -> bytes:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return len(body).to_bytes(4, "big") + body


@contextmanager
def worker(
    *, script: Script = SCRIPT, listener: RecordingListener | None = None
) -> Iterator[tuple[CPythonRun, Child, socket.socket]]:
    ours, theirs = socket.socketpair()
    with subprocess.Popen(["sleep", "60"]) as process, theirs:
        child = Child(process.pid, open_channel(ours, max_frame_bytes=MAX_FRAME))
        heard = listener or RecordingListener()
        run = CPythonRun(child, script, heard, compiled=None, on_end=lambda ended: None)
        try:
            yield run, child, theirs
        finally:
            run.kill()
            process.kill()


async def end_of(data: bytes, *, how: Exit | None = None) -> Batch | Finished:
    """What a run makes of a worker that sends `data`, ends, and is reaped."""
    caught: HarnessError | None = None
    with worker() as (run, child, theirs):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_send, theirs, data)
            child.exited(how or Exit(1, None, 0, 0.0))
            try:
                with anyio.fail_after(10):
                    result = await run.advance([])
            except HarnessError as error:
                caught = error
            tasks.cancel_scope.cancel()
    if caught is not None:
        raise caught
    return result


async def _send(sock: socket.socket, data: bytes) -> None:
    sock.setblocking(False)
    view = memoryview(data)
    while view:
        try:
            view = view[sock.send(view) :]
        except BlockingIOError:
            await anyio.wait_writable(sock)
        except OSError:
            return
    sock.shutdown(socket.SHUT_WR)


BROKEN = {
    "garbage": b"\xff" * 100,
    "http": b"GET / HTTP/1.1\r\n\r\n",
    "an oversized length": (MAX_FRAME + 1).to_bytes(4, "big") + b"x",
    "the largest length": b"\xff\xff\xff\xff",
    "an empty frame": frame(b""),
    "no JSON": frame(b"{nope"),
    "not UTF-8": frame(b'{"t":"\xff"}'),
    "a list": frame([]),
    "no kind": frame({"a": 1}),
    "a kind that is no text": frame({"t": 1}),
    "an unknown kind": frame({"t": "root"}),
    "deep nesting": frame(b'{"t":' + b"[" * 190_000),
    "NaN": frame(b'{"t":"batch","steps":NaN}'),
    "a value that is NaN": frame(CHECKED)
    + frame(b'{"t":"finished","ok":true,"value":NaN,"steps":0,"pending":[],"unawaited":[]}'),
    "an argument that is infinite": frame(CHECKED)
    + frame(b'{"t":"batch","calls":[[1,"x",{"a":-Infinity},1]],"cancelled":[],"wake_after_s":null,"steps":0}'),
    "a value beyond the largest float": frame(CHECKED)
    + frame(b'{"t":"finished","ok":true,"value":[1e0999],"steps":0,"pending":[],"unawaited":[]}'),
    "an argument of too many digits for a float": frame(CHECKED)
    + frame(
        b'{"t":"batch","calls":[[1,"x",{"a":-%b.0},1]],"cancelled":[],"wake_after_s":null,"steps":0}' % (b"9" * 310)
    ),
    "a huge integer": frame(b'{"t":"batch","steps":' + b"9" * 50_000 + b"}"),
    "results before the check": frame(FINISHED),
    "a batch before the check": frame(BATCH),
    "two checks": frame(CHECKED) + frame(CHECKED),
    "missing fields": frame(CHECKED) + frame({"t": "batch"}),
    "calls of the wrong shape": frame(CHECKED) + frame({**BATCH, "calls": [[1]]}),
    "calls that are no list": frame(CHECKED) + frame({**BATCH, "calls": "abc"}),
    "call ids out of order": frame(CHECKED) + frame({**BATCH, "calls": [[7, "x", {}, 1]]}),
    "arguments that are no object": frame(CHECKED) + frame({**BATCH, "calls": [[1, "x", [], 1]]}),
    "oversized arguments": frame(CHECKED) + frame({**BATCH, "calls": [[1, "x", {"a": "b" * 10_000}, 1]]}),
    "a negative wake-up": frame(CHECKED) + frame({**BATCH, "wake_after_s": -1}),
    "a wake-up that is text": frame(CHECKED) + frame({**BATCH, "wake_after_s": "soon"}),
    "negative steps": frame(CHECKED) + frame({**BATCH, "steps": -5}),
    "an error of an unknown code": frame(CHECKED)
    + frame({**FINISHED, "ok": False, "error": {"code": "root.owned", "message": ""}}),
    "an error of the host's own": frame(CHECKED)
    + frame({**FINISHED, "ok": False, "error": {"code": "internal.bug", "message": ""}}),
    "a diagnostic of an unknown code": frame({**CHECKED, "diagnostics": [{**FINDING, "code": "x"}]}),
    "an endless message": frame(CHECKED)
    + frame({**FINISHED, "ok": False, "error": {**ERROR, "message": "x" * 20_001}}),
    "an endless traceback": frame(CHECKED)
    + frame({**FINISHED, "ok": False, "error": {**ERROR, "traceback": [LINE] * 11}}),
    "details without end": frame(CHECKED)
    + frame({**FINISHED, "ok": False, "error": {**ERROR, "details": {"x": "x" * 262_144}}}),
    "more calls named than there can be": frame(CHECKED) + frame({**FINISHED, "pending": [["x", 1]] * 101}),
    "more findings than there can be": frame({**CHECKED, "diagnostics": [FINDING] * 101}),
    "a trace that nobody asked for": frame(CHECKED) + frame({"t": "trace", "events": []}),
    "code that is no base64": frame({**CHECKED, "code": "***"}),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_worker_that_breaks_the_protocol_is_named_so(name: str) -> None:
    with pytest.raises(HarnessError) as caught:
        await end_of(BROKEN[name])
    assert caught.value.code == "worker.protocol"


async def test_half_a_frame_and_the_end_is_a_crash() -> None:
    result = await end_of(frame(CHECKED)[:-3])
    assert isinstance(result, Finished)
    assert result.error is not None
    assert result.error.code == "worker.crashed"
    assert result.error.retryable


async def test_a_crash_after_a_call_is_not_retryable() -> None:
    with worker() as (run, child, theirs):
        theirs.sendall(frame(CHECKED) + frame({**BATCH, "calls": [[1, "x", {}, 1]]}))
        batch = await run.advance([])
        assert isinstance(batch, Batch)
        theirs.close()
        child.exited(Exit(None, 11, 0, 0.0))
        result = await run.advance([])
        assert isinstance(result, Finished)
        assert result.error is not None
        assert (result.error.code, result.error.retryable) == ("worker.crashed", False)


@pytest.mark.parametrize(
    ("signal", "rss", "code"),
    [
        (31, 0, "worker.violation"),
        (27, 0, "limit.cpu_time"),
        (24, 0, "limit.cpu_time"),
        (11, 99 * 1024**2, "limit.memory"),
        (6, 99 * 1024**2, "limit.memory"),
        (11, 0, "worker.crashed"),
        (9, 0, "worker.crashed"),
    ],
)
async def test_the_signal_that_ended_a_worker_tells_the_cause(signal: int, rss: int, code: str) -> None:
    result = await end_of(frame(CHECKED), how=Exit(None, signal, rss, 1.0))
    assert isinstance(result, Finished)
    assert result.error is not None
    assert result.error.code == code


async def test_a_value_over_the_limit_is_charged_again_by_the_host() -> None:
    result = await end_of(frame(CHECKED) + frame({**FINISHED, "value": "x" * 5000}))
    assert isinstance(result, Finished)
    assert result.error is not None
    assert result.error.code == "limit.return_value"
    assert result.error.details["allowed"] == 1000


async def test_a_flood_is_read_to_a_cap_and_no_further() -> None:
    began = time.monotonic()
    with pytest.raises(HarnessError) as caught:
        await end_of(frame(CHECKED) + frame({"t": "log", "text": "x"}) * 250_000)
    assert caught.value.code == "worker.protocol"
    assert time.monotonic() - began < 30


async def test_a_trace_without_end_is_kept_up_to_a_cap() -> None:
    line = {"line": 1, "steps": 1, "changed": {"x": "x" * 300_000}, "calls": []}
    heard = RecordingListener()
    with worker(script=Script("return 1", Limits(), trace=True), listener=heard) as (run, _, theirs):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_send, theirs, frame(CHECKED) + frame({"t": "trace", "events": [line]}) * 200)
            with anyio.fail_after(30):
                await run.advance([])
    assert 100 < len(heard.trace) < 120  # of 300 KB each: 32 MiB


async def test_a_worker_that_closes_its_channel_and_goes_on_is_killed() -> None:
    with worker() as (run, _, theirs):
        theirs.close()
        with anyio.fail_after(5):
            result = await run.advance([])
        assert isinstance(result, Finished)
        assert result.error is not None
        assert result.error.code == "worker.protocol"


async def test_more_traced_lines_than_there_can_be_break_the_protocol() -> None:
    line = {"line": 1, "steps": 1, "changed": {}, "calls": []}
    with worker(script=Script("return 1", Limits(), trace=True)) as (run, _, theirs):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_send, theirs, frame(CHECKED) + frame({"t": "trace", "events": [line] * 1000}) * 6)
            with anyio.fail_after(30), pytest.raises(HarnessError) as caught:
                await run.advance([])
    assert (caught.value.code, "traced lines" in caught.value.message) == ("worker.protocol", True)


@pytest.fixture
def zygote() -> Iterator[ZygoteProcess]:
    """A zygote that says nothing."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    with theirs, subprocess.Popen(["sleep", "60"]) as process:
        silent = ZygoteProcess(Launched(process, ours))
        yield silent
        silent.kill()


@pytest.fixture
def pool(zygote: ZygoteProcess) -> Pool:
    made = Pool(Limits(), confinement="none", size=0, setup_frame=b"", max_frame_bytes=MAX_FRAME)
    made._zygote = zygote
    return made


async def test_a_child_that_does_not_say_that_it_is_confined_is_ended(
    pool: Pool, zygote: ZygoteProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "_ADMISSION_TIMEOUT_S", 0.1)
    with worker() as (_, child, _theirs):
        with anyio.fail_after(5):
            await pool._admit(zygote, child)
        assert not child.is_alive()
    assert (list(pool._idle), zygote.failures) == ([], 1)


async def test_a_zygote_that_stays_silent_is_given_up(zygote: ZygoteProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote_module, "_READY_TIMEOUT_S", 0.1)
    with anyio.fail_after(5), pytest.raises(HarnessError) as caught:
        await zygote.wait_ready()
    assert caught.value.code == "worker.crashed"


async def test_a_zygote_whose_children_keep_failing_is_retired(pool: Pool, zygote: ZygoteProcess) -> None:
    for _ in range(7):
        pool.refused(zygote)
    assert pool._zygote is zygote
    pool.refused(zygote)
    assert pool._zygote is None


async def test_a_worker_is_not_looked_for_without_end(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[None] = []

    async def lost() -> None:
        pool._zygote = None
        tries.append(None)

    monkeypatch.setattr(pool, "_living_zygote", lost)
    with anyio.fail_after(5), pytest.raises(HarnessError) as caught:
        await pool.acquire()
    assert (caught.value.code, len(tries)) == ("worker.crashed", 3)


FRAMES = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=200).map(frame),
    st.sampled_from([CHECKED, BATCH, FINISHED]).map(frame),
    st.dictionaries(
        st.sampled_from(["t", "ok", "value", "calls", "steps", "pending", "unawaited", "error", "plan", "code"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=8,
        ),
    ).map(frame),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FRAMES, max_size=5))
def test_any_bytes_end_in_an_outcome_or_a_code(parts: list[bytes]) -> None:
    """Any bytes from a worker end in an outcome or `worker.protocol`, in bounded time and memory."""

    async def run() -> str:
        try:
            result = await end_of(b"".join(parts))
        except HarnessError as error:
            return error.code
        if isinstance(result, Finished) and result.error is not None:
            return result.error.code
        return "script.runtime"

    assert anyio.run(run) in CLASS_BY_CODE
