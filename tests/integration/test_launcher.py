"""Commands are started, waited for and ended, whatever they do: through a real launcher, with real processes."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness.confine import command as confined
from harness.confine.command import CommandSpec, Ended, Launcher, RunningCommand
from harness.errors import CallError, HarnessError
from policy.grants import Grants
from policy.settings import PRESETS
from tests.processes import is_alive

UNCONFINED = Grants(is_confined=False)
CONFINED = Grants(writable=("/tmp",))


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def launcher() -> AsyncIterator[Launcher]:
    async with Launcher() as opened:
        yield opened


@pytest.fixture(params=[UNCONFINED, CONFINED], ids=["unconfined", "confined"])
def grants(request: pytest.FixtureRequest) -> Grants:
    assert isinstance(request.param, Grants)
    return request.param


def spec(*argv: str, grants: Grants, cwd: str = "/", env: dict[str, str] | None = None) -> CommandSpec:
    return CommandSpec(
        argv=argv,
        program=argv[0],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin"} if env is None else env,
        grants=grants,
        resources=PRESETS["moderate"],
    )


def shell(script: str, *, grants: Grants, cwd: str = "/") -> CommandSpec:
    return spec("/bin/sh", "-c", script, grants=grants, cwd=cwd)


async def read(fd: int) -> bytes:
    """Everything up to the end of a pipe, which is closed then."""
    data = bytearray()
    try:
        with anyio.fail_after(20):
            while True:
                try:
                    chunk = os.read(fd, 65536)
                except BlockingIOError:
                    await anyio.wait_readable(fd)
                    continue
                if not chunk:
                    return bytes(data)
                data += chunk
    finally:
        os.close(fd)


async def finish(command: RunningCommand) -> tuple[Ended, bytes, bytes]:
    with anyio.fail_after(20):
        ended = await command.wait()
    return ended, await read(command.stdout), await read(command.stderr)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])


def arguments_of(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]


async def wait_until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while True:
            if condition():
                return
            await anyio.sleep(0.01)


async def wait_dead(*pids: int) -> None:
    await wait_until(lambda: not any(is_alive(pid) for pid in pids))


async def test_a_command_says_its_output_and_its_status(launcher: Launcher, grants: Grants) -> None:
    ended, out, err = await finish(await launcher.start(shell("echo out; echo err >&2; exit 3", grants=grants)))
    assert (ended.exit_code, ended.signal, out, err) == (3, None, b"out\n", b"err\n")


async def test_a_command_that_a_signal_ends_says_which(launcher: Launcher, grants: Grants) -> None:
    ended, _, _ = await finish(await launcher.start(shell("kill -USR1 $$", grants=grants)))
    assert (ended.exit_code, ended.signal) == (None, signal.SIGUSR1)


async def test_it_has_only_the_environment_that_was_ordered(launcher: Launcher, grants: Grants) -> None:
    ordered = spec("/usr/bin/env", grants=grants, env={"A": "1", "B": "two \N{SNOWMAN}"})
    _, out, _ = await finish(await launcher.start(ordered))
    assert sorted(out.decode().splitlines()) == ["A=1", "B=two \N{SNOWMAN}"]


async def test_arguments_may_be_large_and_need_not_be_text(launcher: Launcher, grants: Grants) -> None:
    long = ["x" * 100_000] * 10
    count = "import os, sys; print(len(sys.argv), sum(map(len, sys.argv)), os.fsencode(sys.argv[1]))"
    odd = os.fsdecode(b"\xff\xfe")
    _, out, err = await finish(await launcher.start(spec(sys.executable, "-c", count, odd, *long, grants=grants)))
    assert out.decode().strip() == "12 1000004 b'\\xff\\xfe'", err


@pytest.mark.parametrize(
    "wrong",
    [{"argv": ("/bin/true", "a\0b")}, {"argv": ("/bin/true", "\ud800")}, {"env": {"a=b": ""}}, {"cwd": "/\0"}],
    ids=["argument", "surrogate", "variable", "folder"],
)
async def test_what_no_system_call_takes_is_an_error_of_the_command(
    launcher: Launcher, grants: Grants, wrong: dict[str, Any]
) -> None:
    with pytest.raises(CallError, match="could not be started"):
        await launcher.start(replace(spec("/bin/true", grants=grants), **wrong))


async def test_a_command_that_is_killed_before_it_begins_is_an_error(
    launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = "import os; from harness.confine import execution as e; e.Execution._confine = lambda s: os.kill(os.getpid(), 9)"
    monkeypatch.setattr(
        confined, "_BOOTSTRAP", confined._BOOTSTRAP.replace("main(fd, host)", f"{killed}; main(fd, host)")
    )
    with pytest.raises(CallError, match="before it began"):
        await launcher.start(spec("/bin/true", grants=CONFINED))


async def test_a_host_without_descriptors_says_so_and_keeps_none_open(launcher: Launcher) -> None:
    await finish(await launcher.start(shell("true", grants=UNCONFINED)))
    before = os.listdir("/proc/self/fd")
    refused: list[HarnessError] = []
    limit = 3
    while (command := await start_within(limit, launcher, refused)) is None:
        limit += 1
    await finish(command)
    assert len({error.message for error in refused}) == 1
    assert len(refused) >= 7  # each that a command needs was missing once
    assert (refused[0].code, refused[0].retryable) == ("sandbox.unavailable", True)
    assert refused[0].message == "no command could be started: Too many open files"
    assert "ulimit" in str(refused[0].hint)
    assert os.listdir("/proc/self/fd") == before


async def start_within(descriptors: int, launcher: Launcher, refused: list[HarnessError]) -> RunningCommand | None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, before[1]))
    try:
        return await launcher.start(shell("true", grants=UNCONFINED))
    except HarnessError as error:
        refused.append(error)
        return None
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("path", ["/tmp/\0", "/tmp/\ud800"], ids=["nul", "surrogate"])
async def test_a_path_that_is_none_ends_no_other_command(launcher: Launcher, path: str) -> None:
    other = await launcher.start(shell("sleep 0.2; exit 3", grants=CONFINED))
    with pytest.raises(CallError, match="could not be started"):
        await launcher.start(spec("/bin/true", grants=Grants(writable=(path,))))
    ended, _, _ = await finish(other)
    assert ended.exit_code == 3


async def test_it_starts_in_its_folder_with_nothing_on_standard_input(
    launcher: Launcher, grants: Grants, tmp_path: Path
) -> None:
    _, out, _ = await finish(
        await launcher.start(shell("pwd; cat; readlink /proc/self/fd/0", grants=grants, cwd=str(tmp_path)))
    )
    assert out.decode().splitlines() == [str(tmp_path), "/dev/null"]


async def test_it_leads_a_session_without_a_terminal(launcher: Launcher, grants: Grants) -> None:
    script = "import os; print(os.getsid(0) == os.getpid())\ntry: open('/dev/tty')\nexcept OSError: print('none')"
    _, out, _ = await finish(await launcher.start(spec(sys.executable, "-c", script, grants=grants)))
    assert out.decode().split() == ["True", "none"]


async def test_signals_are_as_a_shell_would_give_them(launcher: Launcher, grants: Grants) -> None:
    _, out, _ = await finish(await launcher.start(shell("cat /proc/self/status", grants=grants)))
    told = dict(line.split(":\t", 1) for line in out.decode().splitlines() if ":\t" in line)
    kept_by_libc = 0b11 << 31  # 32 and 33, which nobody may set; they stay as some starter of ours left them
    assert {int(told[name], 16) & ~kept_by_libc for name in ("SigBlk", "SigIgn", "SigCgt")} == {0}


async def test_no_descriptor_is_inherited_but_the_three(launcher: Launcher, grants: Grants) -> None:
    _, out, _ = await finish(await launcher.start(spec("/bin/ls", "/proc/self/fd", grants=grants)))
    assert out.split() == [b"0", b"1", b"2", b"3"]  # 3 is the folder that ls reads


async def test_its_pid_is_that_of_the_command_itself(launcher: Launcher, grants: Grants) -> None:
    command = await launcher.start(spec("/bin/sleep", "60", grants=grants))
    assert arguments_of(command.pid) == [b"/bin/sleep", b"60"]
    command.kill()
    await finish(command)


async def test_a_link_that_took_the_place_of_its_folder_is_not_followed(
    launcher: Launcher, grants: Grants, tmp_path: Path
) -> None:
    (tmp_path / "decided").symlink_to("/")
    with pytest.raises(HarnessError, match="the folder to start in cannot be entered"):
        await launcher.start(shell("pwd", grants=grants, cwd=str(tmp_path / "decided")))


@pytest.mark.parametrize(
    ("program", "cwd", "what"),
    [
        ("/nonexistent/program", "/", "ENOENT"),
        ("/etc/passwd", "/", "EACCES"),
        ("/bin/true", "/nonexistent", "the folder to start in cannot be entered: ENOENT"),
    ],
)
async def test_what_cannot_be_executed_fails_and_says_why(
    launcher: Launcher, grants: Grants, program: str, cwd: str, what: str
) -> None:
    with pytest.raises(HarnessError) as caught:
        await launcher.start(spec(program, grants=grants, cwd=cwd))
    assert caught.value.code == "tool.failed"
    assert what in caught.value.message


async def test_terminate_reaches_the_whole_tree(launcher: Launcher, grants: Grants) -> None:
    script = "trap 'echo parent; exit 5' TERM; (trap 'echo child; exit' TERM; echo up; while :; do sleep 0.01; done) & echo up; while :; do sleep 0.01; done"
    command = await launcher.start(shell(script, grants=grants))
    with anyio.fail_after(10):
        ready = b""
        while ready.count(b"up") < 2:
            await anyio.wait_readable(command.stdout)
            ready += os.read(command.stdout, 100)
    await anyio.sleep(0.05)
    command.terminate()
    ended, out, _ = await finish(command)
    assert ended.exit_code == 5
    assert b"parent" in out


async def test_what_ignores_terminate_is_killed(launcher: Launcher, grants: Grants) -> None:
    command = await launcher.start(shell("trap '' TERM; echo up; while :; do sleep 0.01; done", grants=grants))
    await anyio.wait_readable(command.stdout)
    command.terminate()
    with anyio.move_on_after(0.1) as waited:
        await command.wait()
    assert waited.cancelled_caught
    command.kill()
    ended, _, _ = await finish(command)
    assert ended.signal == signal.SIGKILL


RUNAWAY = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        open(sys.argv[1], "w").write("up")
        time.sleep(300)
    os._exit(0)
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
{end}
"""


def runaways(marker: Path) -> set[int]:
    """Pids, as the host sees them, of processes that have the marker in their arguments."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(marker).encode() in (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


@pytest.mark.parametrize("way", ["it ends", "it is killed"])
async def test_a_daemon_does_not_outlive_its_command(
    launcher: Launcher, grants: Grants, tmp_path: Path, way: str
) -> None:
    marker = tmp_path / "marker"
    writable = Grants(writable=(str(tmp_path),), is_confined=grants.is_confined)
    code = RUNAWAY.format(end="" if way == "it ends" else "time.sleep(300)")
    command = await launcher.start(spec(sys.executable, "-c", code, str(marker), grants=writable))
    await wait_until(marker.exists)
    if way == "it is killed":
        command.kill()
    await finish(command)
    assert runaways(marker) == set()


async def test_many_commands_run_at_once(launcher: Launcher, grants: Grants) -> None:
    done: list[int | None] = []

    async def run(status: int) -> None:
        ended, _, _ = await finish(await launcher.start(shell(f"exit {status}", grants=grants)))
        done.append(ended.exit_code)

    async with anyio.create_task_group() as tasks:
        for status in range(12):
            tasks.start_soon(run, status)
    assert sorted(done, key=int) == list(range(12))  # type: ignore[arg-type]


async def test_a_launcher_that_is_killed_ends_its_commands_and_is_replaced(launcher: Launcher, grants: Grants) -> None:
    command = await launcher.start(spec("/bin/sleep", "300", grants=grants))
    assert launcher._process is not None
    launcher._process.kill()
    ended, _, _ = await finish(command)
    assert ended.signal == signal.SIGKILL
    assert not is_alive(command.pid)
    again, _, _ = await finish(await launcher.start(shell("exit 4", grants=grants)))
    assert again.exit_code == 4


async def test_a_supervisor_that_is_killed_leaves_nothing_behind(launcher: Launcher, grants: Grants) -> None:
    command = await launcher.start(shell("setsid sleep 301 & sleep 301", grants=grants))
    os.kill(parent_of(command.pid), signal.SIGKILL)
    ended, _, _ = await finish(command)
    assert ended.signal == signal.SIGKILL
    await wait_dead(command.pid)


async def test_what_runs_at_the_end_of_the_launcher_is_killed(grants: Grants) -> None:
    async with Launcher() as launcher:
        command = await launcher.start(spec("/bin/sleep", "300", grants=grants))
    assert not is_alive(command.pid)
    os.close(command.stdout)
    os.close(command.stderr)


async def test_a_start_that_is_cancelled_leaves_nothing_running(
    launcher: Launcher, grants: Grants, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    before = set(os.listdir("/proc/self/fd"))
    for delay_s in (0, 0.001, 0.003, 0.01):
        with anyio.move_on_after(delay_s):
            command = await launcher.start(spec("/bin/sleep", "299", str(marker), grants=grants))
            command.kill()
            await finish(command)
    await wait_until(lambda: not runaways(marker))
    assert len(set(os.listdir("/proc/self/fd")) - before) <= 3  # the launcher's socket, pipes of a poll


ROOT = str(Path(__file__).resolve().parents[2])
HOST = """
import os, sys
sys.path.insert(0, sys.argv[1])
import anyio
from harness.confine.command import CommandSpec, Launcher
from policy.grants import Grants
from policy.settings import PRESETS
async def main():
    async with Launcher() as launcher:
        grants = Grants(is_confined=sys.argv[2] == "confined")
        spec = CommandSpec(argv=("/bin/sh", "-c", "setsid sleep 298 & sleep 298"), program="/bin/sh", cwd="/",
                           env={}, grants=grants, resources=PRESETS["moderate"])
        command = await launcher.start(spec)
        print(command.pid, launcher._process.pid, flush=True)
        await command.wait()
anyio.run(main)
"""


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_death_of_the_host_ends_everything(grants: Grants) -> None:
    kind = "confined" if grants.is_confined else "unconfined"
    host = await anyio.open_process([sys.executable, "-c", HOST, ROOT, kind], stderr=None)
    assert host.stdout is not None
    pids = [int(word) for word in (await host.stdout.receive()).split()]
    assert all(is_alive(pid) for pid in pids)
    host.kill()
    await host.wait()
    await wait_dead(*pids)
    await host.aclose()


async def test_usage_is_told(launcher: Launcher, grants: Grants) -> None:
    code = (
        "import time\nb = bytearray(60_000_000)\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    )
    began = time.perf_counter()
    ended, _, _ = await finish(await launcher.start(spec(sys.executable, "-c", code, grants=grants)))
    assert 0.2 <= ended.cpu_time_s <= time.perf_counter() - began + 0.1
    assert ended.max_rss_bytes > 60_000_000
