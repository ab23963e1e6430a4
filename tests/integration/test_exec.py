"""`exec`, with real processes."""

from __future__ import annotations

import json
import os
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from harness.errors import CallError
from policy.grants import Grants
from policy.limits import Limits
from policy.settings import PRESETS, Environment, Settings
from tests.integration.running_commands import STRICT, Commands, alive, commands_in, has_come, is_gone, marker

PYTHON = os.path.realpath(sys.executable)
ROOT = Path(__file__).resolve().parents[2]
UNCONFINED = Grants(is_confined=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "ws"
    (folder / "src").mkdir(parents=True)
    return folder


@pytest.fixture
async def commands(workspace: Path) -> AsyncIterator[Commands]:
    async with commands_in(workspace) as opened:
        yield opened


def program(folder: Path, name: str, text: str = "#!/bin/sh\necho from the workspace\n") -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "exit_code", "ended_by"),
    [
        ("true", 0, None),
        ("exit 7", 7, None),
        ("kill -KILL $$", 137, "SIGKILL"),
        ("kill -SEGV $$", 139, "SIGSEGV"),
        ("nothing-like-it", 127, None),
        ("./src", 126, None),
    ],
)
async def test_E01_exit_code(commands: Commands, script: str, exit_code: int, ended_by: str | None) -> None:
    result = await commands.exec("bash", "-c", script)
    assert (result["exit_code"], result["signal"], result["timed_out"]) == (exit_code, ended_by, False)
    assert result["denied"] == commands.denied == []


async def test_E02_complete_output(commands: Commands) -> None:
    result = await commands.exec("bash", "-c", "seq 20000; seq 30000 >&2")
    assert result["stdout"] == "".join(f"{number}\n" for number in range(1, 20_001))
    assert result["stderr"] == "".join(f"{number}\n" for number in range(1, 30_001))
    assert result["stdout_dropped_bytes"] == result["stderr_dropped_bytes"] == 0


async def test_E03_timeout_kills_the_tree_and_keeps_the_output(commands: Commands) -> None:
    name = marker()
    started = time.monotonic()
    result = await commands.exec("bash", "-c", f"echo begun; sleep {name} & sleep {name}", timeout_s=0.3)
    assert time.monotonic() - started < 5
    assert (result["exit_code"], result["timed_out"], result["stdout"]) == (124, True, "begun\n")
    assert 0.3 <= result["duration_s"] < 3
    assert result["denied"] == commands.denied == []
    assert await is_gone(name)


async def test_E04_cancel_kills_the_tree(commands: Commands) -> None:
    name = marker()
    started = time.monotonic()
    with anyio.move_on_after(0.3) as scope:
        await commands.exec("bash", "-c", f"trap '' TERM; sleep {name} & wait; sleep {name}")
    assert scope.cancelled_caught
    assert time.monotonic() - started < 5
    assert await is_gone(name)


HOST = """
import sys, anyio
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.integration.running_commands import commands_in, marker
async def main():
    async with commands_in(Path({workspace!r})) as commands:
        await commands.exec("bash", "-c", "setsid sleep {name} & sleep {name}", timeout_s=60)
anyio.run(main)
"""


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_E05_descendants_die_with_the_host(workspace: Path) -> None:
    name = marker()
    source = HOST.format(root=str(ROOT), workspace=str(workspace), name=name)
    host = await anyio.open_process([sys.executable, "-c", source], cwd=ROOT, stdout=None, stderr=None)
    async with host:
        assert await has_come(f"sleep {name}", count=3)  # bash, whose line has it too, and both sleeps
        host.kill()
    assert await is_gone(f"sleep {name}")


async def test_E06_the_sandbox_keeps_files_and_network(commands: Commands, workspace: Path) -> None:
    outside = workspace.parent / "outside"
    outside.mkdir()
    result = await commands.exec("bash", "-c", f"echo in > inside; echo out > {outside}/x")
    assert (workspace / "inside").read_text() == "in\n"
    assert not (outside / "x").exists()
    assert result["exit_code"] == 1
    assert result["denied"] == commands.denied == [f"{outside}/x lies outside of the writable folders"]
    assert result["sandbox"]["policy"] == "confined"
    assert result["sandbox"]["network"] is False
    assert result["sandbox"]["writable"] == [str(workspace)]
    assert "seccomp" in result["sandbox"]["barriers"]


async def test_E06_the_sandbox_keeps_from_the_network(commands: Commands) -> None:
    connect = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    result = await commands.exec(PYTHON, "-c", connect)
    assert result["exit_code"] == 1
    assert len(commands.denied) == 1
    assert commands.denied[0].startswith("the network is off")


async def test_E06_the_settings_of_git_are_protected(commands: Commands, workspace: Path) -> None:
    (workspace / ".git").mkdir()
    (workspace / ".git/config").write_text("")
    result = await commands.exec("bash", "-c", "echo x > .git/config")
    assert (workspace / ".git/config").read_text() == ""
    assert result["denied"] == [f"{workspace}/.git/config is protected from writing"]


async def test_E07_deltas_come_while_it_runs(commands: Commands) -> None:
    stamps = "for i in 1 2 3; do date +%s.%N; sleep 0.15; done; echo end >&2"
    started = time.monotonic() - time.time()
    result = await commands.exec("bash", "-c", stamps)
    assert "".join(text for _, stream, text in commands.deltas if stream == "stdout") == result["stdout"]
    written = [float(line) + started for line in result["stdout"].split()]
    heard = [at for at, stream, _ in commands.deltas if stream == "stdout"]
    assert len(heard) == 3
    latencies = sorted(after - before for before, after in zip(written, heard, strict=True))
    assert latencies[1] < 0.05  # the largest is the machine's; tests/bench/commands.py has its 99th percentile
    assert commands.deltas[-1][1:] == ("stderr", "end\n")


async def test_E08_50_megabytes_are_handled_within_the_caps(commands: Commands) -> None:
    size = 50_000_000
    line = "x" * 99 + "\n"
    make = f"import sys\nfor _ in range({size // 100_000}): sys.stdout.write({line!r} * 1000)"
    tracemalloc.start()
    started = time.monotonic()
    result = await commands.exec(PYTHON, "-c", make, timeout_s=30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - started < 15
    assert result["exit_code"] == 0
    assert result["stdout_dropped_bytes"] == size - 262_144
    marked = f"\n... [{size - 262_144} bytes dropped] ...\n"
    assert result["stdout"].startswith(line)
    assert result["stdout"].endswith(line)
    assert len(result["stdout"]) == 262_144 + len(marked)
    assert marked in result["stdout"]
    shown = sum(len(text) for _, _, text in commands.deltas)
    assert peak - shown < 8 * 1024 * 1024
    assert len(commands.deltas) <= 10_000


@pytest.mark.parametrize("max_output_bytes", [1_024, 1024 * 1024])
async def test_a_call_chooses_how_much_of_a_stream_is_kept(commands: Commands, max_output_bytes: int) -> None:
    """A whole mebibyte of plain text does not fit a result of one mebibyte of JSON, so it is shortened."""
    result = await commands.exec("head", "-c", "2000000", "/dev/zero", max_output_bytes=max_output_bytes)
    kept = 2_000_000 - result["stdout_dropped_bytes"]
    assert kept == 1_024 if max_output_bytes == 1_024 else kept > 150_000
    assert len(json.dumps(result)) <= 1024 * 1024


@pytest.mark.parametrize(
    "make", ["head -c 500000 /dev/urandom | tee /dev/stderr", "tr '\\0' '\\377' < /dev/zero | head -c 500000"]
)
async def test_binary_output_is_text_with_replacements_and_fits_a_result(workspace: Path, make: str) -> None:
    async with commands_in(workspace, limits=Limits(result_bytes=300_000)) as commands:
        result = await commands.exec("bash", "-c", make)
    assert result["exit_code"] == 0
    assert "\ufffd" in result["stdout"]
    assert result["stdout_dropped_bytes"] > 200_000
    assert len(json.dumps(result, ensure_ascii=False).encode()) <= 300_000


async def test_a_character_between_two_writes_comes_whole(commands: Commands) -> None:
    result = await commands.exec("bash", "-c", r"printf '\xe2\x82'; sleep 0.1; printf '\xac'")
    assert result["stdout"] == "€"
    assert [text for _, _, text in commands.deltas] == ["€"]


async def test_what_ignores_TERM_is_killed_soon_after(commands: Commands) -> None:
    name = marker()
    started = time.monotonic()
    result = await commands.exec("bash", "-c", f"trap '' TERM; while :; do sleep {name}; done", timeout_s=0.2)
    assert time.monotonic() - started < 5
    assert (result["exit_code"], result["signal"]) == (124, "SIGKILL")
    assert await is_gone(name)


async def test_what_heeds_TERM_may_say_a_last_word(commands: Commands) -> None:
    script = "trap 'echo last word; exit 3' TERM; echo ready; while :; do sleep 0.01; done"
    result = await commands.exec("bash", "-c", script, timeout_s=0.3)
    assert result["stdout"] == "ready\nlast word\n"
    assert (result["exit_code"], result["timed_out"]) == (124, True)


@pytest.mark.parametrize("timeout_s", [0.4, 10])
async def test_what_left_the_session_by_a_double_fork_ends_with_the_command(
    commands: Commands, timeout_s: float
) -> None:
    """Whether the command is ended or ends by itself: what it left is gone, and does not hold up its result."""
    name = marker()
    leave = f"(setsid bash -c '(sleep {name} &) ' &); sleep 0.2; echo left"
    script = leave if timeout_s > 1 else f"{leave}; sleep {name}"
    started = time.monotonic()
    result = await commands.exec("bash", "-c", script, timeout_s=timeout_s)
    assert result["stdout"] == "left\n"
    assert result["timed_out"] is (timeout_s < 1)
    assert result["duration_s"] < 2
    assert time.monotonic() - started < result["duration_s"] + 1.5  # nothing held the pipes
    assert await is_gone(name)


async def test_a_pipe_that_somebody_else_holds_is_drained_for_two_seconds(commands: Commands) -> None:
    """Nothing of the tree can hold it, but a service that was passed the descriptor can: here, this test."""
    held: list[int] = []

    async def hold() -> None:
        while not held:
            await anyio.sleep(0.02)
            held.extend(os.open(f"/proc/{pid}/fd/1", os.O_WRONLY) for pid in alive("sleep 0.51234"))

    started = time.monotonic()
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            result = await commands.exec("bash", "-c", "echo one; sleep 0.51234")
    finally:
        for fd in held:
            os.close(fd)
    assert result["stdout"] == "one\n"
    assert result["duration_s"] < 2
    assert 2 <= time.monotonic() - started < 8


async def test_a_fork_bomb_is_ended_whole(workspace: Path) -> None:
    """It doubles nine times and then stays, so that it hurts nobody if nothing ends it."""
    name = f"bomb-{marker()}"
    bomb = f": {name}; f() {{ [ $1 = 9 ] && sleep 20; f $(($1 + 1)) & f $(($1 + 1)) & wait; }}; f 0"
    started = time.monotonic()
    async with commands_in(workspace, settings=Settings(sandbox=STRICT, resources="conservative")) as commands:
        result = await commands.exec("bash", "-c", bomb, timeout_s=2)
        assert result["exit_code"] != 0
        assert time.monotonic() - started < 15
        assert await is_gone(name)
        assert (await commands.exec("echo", "on"))["stdout"] == "on\n"


async def test_standard_input_is_empty(commands: Commands) -> None:
    result = await commands.exec("cat", timeout_s=2)
    assert (result["exit_code"], result["stdout"]) == (0, "")


async def test_calls_run_side_by_side(commands: Commands) -> None:
    started = time.monotonic()
    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(commands.exec, "sleep", "1")
    assert time.monotonic() - started < 3.5


async def test_what_the_host_itself_may_not_write_is_not_put_down_to_the_sandbox(commands: Commands) -> None:
    """Without the sandbox it would fail just the same, unless root runs the host."""
    result = await commands.exec("touch", "/etc/toolscript-was-here")
    assert result["exit_code"] == 1
    assert bool(result["denied"]) is (os.geteuid() == 0)


# What is judged is what is executed.


async def test_a_program_of_the_workspace_is_not_taken_for_one_of_the_host(
    commands: Commands, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(workspace, "ls")
    monkeypatch.setenv("PATH", f"{workspace}:.:{os.environ['PATH']}")
    judged = commands.judged(command=["ls"])
    assert judged.is_from_path
    assert judged.program not in (None, str(workspace / "ls"))
    assert (await commands.exec("ls"))["stdout"] == "ls\nsrc\n"
    shell = await commands.exec("bash", "-c", "type -P ls; echo $PATH")
    assert str(workspace) not in shell["stdout"]


async def test_a_program_that_is_only_in_the_workspace_needs_a_path(commands: Commands, workspace: Path) -> None:
    program(workspace, "mine")
    with pytest.raises(CallError) as caught:
        commands.judged(command=["mine"])
    assert caught.value.code == "tool.failed"
    assert "write './mine'" in (caught.value.hint or "")
    judged = commands.judged(command=["./mine"])
    assert (judged.program, judged.is_from_path) == (str(workspace / "mine"), False)
    assert (await commands.exec("./mine"))["stdout"] == "from the workspace\n"


async def test_a_program_of_the_workspace_is_none_of_the_hosts_even_without_a_sandbox(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(workspace, "ls")
    monkeypatch.setenv("PATH", f"{workspace}:{os.environ['PATH']}")
    async with commands_in(workspace, granted=UNCONFINED) as commands:
        assert commands.judged(command=["ls"]).program != str(workspace / "ls")
        assert (await commands.exec("ls"))["stdout"] == "ls\nsrc\n"


async def test_a_PATH_that_the_call_sets_does_not_choose_the_program(commands: Commands, workspace: Path) -> None:
    program(workspace, "ls")
    judged = commands.judged(command=["ls"], env={"PATH": str(workspace)})
    assert judged.program != str(workspace / "ls")
    assert judged.env == (("PATH", str(workspace)),)
    assert (await commands.exec("ls", env={"PATH": str(workspace)}))["stdout"] == "ls\nsrc\n"


async def test_a_folder_that_is_swapped_after_the_decision_is_not_run_in(commands: Commands, workspace: Path) -> None:
    def swap() -> None:
        (workspace / "src").rename(workspace / "old")
        (workspace / "src").symlink_to("/etc")

    with pytest.raises(CallError, match="replaced by a link"):
        await commands.call("exec", command=["pwd"], cwd="src", between=swap)


async def test_what_was_decided_is_executed_though_the_disk_changes(commands: Commands, workspace: Path) -> None:
    (workspace / "link").symlink_to("src")

    def swap() -> None:
        (workspace / "link").unlink()
        (workspace / "link").symlink_to("/etc")

    result = await commands.call("exec", command=["pwd"], cwd="link", between=swap)
    assert result["stdout"] == f"{workspace}/src\n"


async def test_a_call_without_the_sandbox_says_so(commands: Commands, workspace: Path) -> None:
    judged = commands.judged(command=["ls"], sandbox="unsandboxed", justification="to look")
    assert (judged.is_escalated, judged.justification) == (True, "to look")
    outside = workspace.parent / "x"
    result = await commands.call("exec", command=["touch", str(outside)], granted=UNCONFINED)
    assert outside.exists()
    assert result["sandbox"]["policy"] == "unsandboxed"
    assert result["sandbox"]["network"] is True
    refused = await commands.call("exec", command=["touch", "/proc/version/x"], granted=UNCONFINED)
    assert refused["exit_code"] == 1
    assert refused["denied"] == []


# Environment.


async def test_the_environment_is_clean(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MY_API_KEY", "a_secret", "GH_TOKEN", "DB_PASSWORD", "LD_PRELOAD_NOT", "BASH_ENV", "HARMLESS"):
        monkeypatch.setenv(name, "leaked")
    settings = Settings(sandbox=STRICT, environment=Environment(set={"FROM_SETTINGS": "1"}))
    async with commands_in(workspace, settings=settings) as commands:
        result = await commands.exec("env", "-0", env={"FROM_CALL": "2"})
    found = dict(item.split("=", 1) for item in result["stdout"].split("\0") if item)
    assert "leaked" not in found.values()
    assert (found["FROM_SETTINGS"], found["FROM_CALL"]) == ("1", "2")
    assert set(found) <= {"FROM_SETTINGS", "FROM_CALL", *os.environ}
    assert found["HOME"] == os.environ["HOME"]


async def test_TMPDIR_is_passed_only_where_it_may_be_written(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(workspace.parent))
    async with commands_in(workspace) as commands:
        assert (await commands.exec("printenv", "TMPDIR"))["exit_code"] == 1
        monkeypatch.setenv("TMPDIR", str(workspace / "src"))
        assert (await commands.exec("printenv", "TMPDIR"))["stdout"] == f"{workspace}/src\n"


# Folders, arguments, limits.


@pytest.mark.parametrize(("cwd", "found"), [(None, ""), (".", ""), ("src", "/src"), ("src/..", "")])
async def test_cwd_is_relative_to_the_workspace(
    commands: Commands, workspace: Path, cwd: str | None, found: str
) -> None:
    assert commands.judged(command=["pwd"], cwd=cwd).cwd == f"{workspace}{found}"
    assert (await commands.exec("pwd", cwd=cwd))["stdout"] == f"{workspace}{found}\n"


async def test_a_folder_outside_may_be_run_in(commands: Commands) -> None:
    assert (await commands.exec("pwd", cwd="/usr"))["stdout"] == "/usr\n"


@pytest.mark.parametrize(
    ("cwd", "message", "hint"),
    [
        ("scr", "there is no folder 'scr' to run in", "did you mean 'src'?"),
        ("src/deep", "there is no folder 'src/deep' to run in", "cwd is relative to the workspace root"),
        ("file", "cwd 'file' is a file, not a folder", "name the folder it is in"),
        ("../../nowhere", "there is no folder '../../nowhere' to run in", "cwd is relative"),
    ],
)
async def test_a_wrong_folder_is_said_before_anybody_is_asked(
    commands: Commands, workspace: Path, cwd: str, message: str, hint: str
) -> None:
    (workspace / "file").write_text("")
    with pytest.raises(CallError) as caught:
        commands.judged(command=["ls"], cwd=cwd)
    assert (caught.value.code, caught.value.message) == ("tool.failed", message)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ({"command": "ls -l"}, "command is a list of words, not a string", """["bash", "-lc", 'ls -l']"""),
        ({"command": []}, "command names no program", '["ls", "-l"]'),
        ({"command": [""]}, "command names no program", '["ls", "-l"]'),
        ({"command": ["ls", "a\0b"]}, "command[1] holds a null byte", "to a file"),
        ({"command": ["ls", "x" * 131_072]}, "command[1] has 131,072 bytes, 131,071 are allowed", "to a file"),
        ({"command": ["ls", *["x" * 100_000] * 11]}, "command has 1,100,014 bytes, 1,048,576 are allowed", "to a file"),
        ({"command": ["ls"], "cwd": "a\0"}, "cwd holds a null byte", "path of a folder"),
        ({"command": ["ls"], "env": {"A=B": "1"}}, "env: 'A=B' cannot be the name of a variable", "LC_ALL"),
        ({"command": ["ls"], "env": {"": "1"}}, "env: '' cannot be the name of a variable", "LC_ALL"),
        ({"command": ["ls"], "env": {"A": "\0"}}, "env['A'] holds a null byte", "to a file"),
        ({"command": ["ls", 1]}, "command.1: Input should be a valid string", "its parameters are"),
        ({"command": ["ls"], "env": dict.fromkeys("ABCDEFGHI", "x" * 120_000)}, "env has 1,080,027 bytes", "to a file"),
        ({"command": ["ls"], "justification": "x" * 1_001}, "justification: String should have at most", "its"),
        ({"command": ["ls"], "timeout_s": 86_401}, "timeout_s: Input should be less than", "its parameters are"),
        ({"command": ["ls"], "timeout_s": 0}, "timeout_s: Input should be greater than 0", "its parameters are"),
        ({"command": ["ls"], "max_output_bytes": 2**21}, "max_output_bytes: Input should be less", "its parameters"),
        ({"command": ["ls"], "sandbox": "off"}, "sandbox: Input should be 'default' or 'unsandboxed'", "its param"),
    ],
)
async def test_F24_invalid_arguments_are_named_with_what_to_write(
    commands: Commands, arguments: dict[str, object], message: str, hint: str
) -> None:
    with pytest.raises(CallError) as caught:
        commands.tools["exec"].validated(arguments)
    assert caught.value.code == "tool.invalid_arguments"
    assert caught.value.message.startswith("tools.exec: " + message)
    assert hint in (caught.value.hint or "")


async def test_a_missing_program_is_said_before_anybody_is_asked(commands: Commands) -> None:
    with pytest.raises(CallError) as caught:
        commands.judged(command=["gitt", "status"])
    assert (caught.value.code, caught.value.message) == ("tool.failed", "there is no program 'gitt'")
    assert caught.value.hint


async def test_a_file_that_cannot_be_executed_is_the_calls_failure(commands: Commands, workspace: Path) -> None:
    program(workspace, "broken", "#!/no/such/interpreter\n")
    with pytest.raises(CallError) as caught:
        await commands.exec("./broken")
    assert caught.value.code == "tool.failed"
    assert str(workspace) not in caught.value.message


async def test_the_runs_deadline_caps_the_timeout_and_the_output_still_comes(commands: Commands) -> None:
    started = time.monotonic()
    result = await commands.call("exec", command=["bash", "-c", "echo part; sleep 60"], deadline=2, timeout_s=60)
    assert time.monotonic() - started < 10
    assert (result["timed_out"], result["stdout"]) == (True, "part\n")
    assert result["duration_s"] < 2.1


async def test_the_resources_cap_the_timeout(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "moderate", PRESETS["moderate"].model_copy(update={"wall_time_s": 1}))
    async with commands_in(workspace) as commands:
        result = await commands.exec("sleep", "60", timeout_s=3_600)
    assert (result["timed_out"], result["exit_code"]) == (True, 124)
    assert result["duration_s"] < 10


async def test_a_ceiling_that_was_reached_is_named_but_asks_nobody(commands: Commands, workspace: Path) -> None:
    """Outside of the sandbox the same ceiling holds, so a question would help nobody."""
    result = await commands.exec("bash", "-c", "ulimit -f 1; head -c 100000 /dev/zero > big; kill -XFSZ $$")
    assert result["signal"] == "SIGXFSZ"
    assert result["denied"] == ["it wrote a larger file than it may (SIGXFSZ)"]
    assert commands.denied == []
