"""The writing tools as the host and as a script use them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness import Harness
from harness.errors import CallError, HarnessError
from harness.tools.binding import ToolContext
from harness.tools.builtin import apply_patch as apply_patch_module
from harness.tools.builtin import edit_file as edit_file_module
from harness.tools.builtin import patch_plan as patch_plan_module
from harness.tools.builtin.places import MAX_FILE_BYTES
from harness.tools.builtin.writing import writing_tools
from harness.types import ApprovalRequest
from policy.approval import Approve
from policy.effects import Writes
from policy.grants import Grants
from policy.sandbox import WorkspaceWrite
from policy.settings import Settings

Call = Callable[..., Awaitable[Any]]
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    tools = {tool.name: tool for tool in writing_tools(tmp_path)}
    context = ToolContext(call_id="1", grants=Grants(writable=(str(tmp_path),)))

    async def invoke(name: str, **arguments: object) -> Any:
        tool = tools[name]
        return await tool.invoke(tool.validated(arguments), lambda: context)

    return invoke


async def refusal(call: Call, name: str, **arguments: object) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        await call(name, **arguments)
    return caught.value


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


async def test_a_script_patches_edits_and_writes(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("def main():\n    return 1\n")
    script = '''
await tools.write_file(path="notes/today.md", content="# Today\\n")
await tools.edit_file(path="main.py", old="return 1", new="return 2")
result = await tools.apply_patch(patch="""*** Begin Patch
*** Update File: main.py
*** Move to: src/main.py
@@ def main():
-    return 2
+    return 3
*** End Patch""")
change = result.changes[0]
return [change.kind, change["from"], change.path, result.diff.splitlines()[-1]]
'''
    async with Harness(workspace=tmp_path) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outcome.value == ["moved", "main.py", "src/main.py", "+    return 3"]
    assert (tmp_path / "src/main.py").read_text() == "def main():\n    return 3\n"


async def test_concurrent_edits_of_one_file_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(f"line {number}\n" for number in range(20)))
    script = """
import asyncio
await asyncio.gather(*(
    tools.edit_file(path="a.txt", old=f"line {number}\\n", new=f"edited {number}\\n") for number in range(20)
))
"""
    async with Harness(workspace=tmp_path) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert (tmp_path / "a.txt").read_text() == "".join(f"edited {number}\n" for number in range(20))


async def test_calls_that_do_overlap_lose_no_change_unseen(call: Call, tmp_path: Path) -> None:
    """As two harnesses with one workspace would: whoever comes second is told, and nothing is half done."""
    lines = [f"line {number}" for number in range(8)]
    (tmp_path / "a.txt").write_text("\n".join(lines) + "\n")
    done: list[int] = []
    refused: list[bool] = []

    async def edit(number: int) -> None:
        try:
            await call("edit_file", path="a.txt", old=f"line {number}\n", new=f"edited {number}\n")
            done.append(number)
        except CallError as error:
            refused.append(error.retryable)

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(edit, number)
    text = (tmp_path / "a.txt").read_text()
    assert done
    assert all(refused)
    assert [f"edited {number}\n" in text for number in range(8)] == [number in done for number in range(8)]


async def test_a_cancelled_call_has_changed_everything_or_nothing(call: Call, tmp_path: Path) -> None:
    names = [f"{number}.txt" for number in range(20)]
    text = patch(*(line for name in names for line in (f"*** Add File: {name}", "+new")))
    for delay_ms in range(0, 30, 3):
        for name in names:
            (tmp_path / name).write_text("old\n")
        with anyio.move_on_after(delay_ms / 1000):
            await call("apply_patch", patch=text)
        assert len({(tmp_path / name).read_text() for name in names}) == 1
        assert len(os.listdir(tmp_path)) == len(names)


def test_a_disk_that_is_full_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    """RLIMIT_FSIZE makes the writing of a large file fail in the middle, as a full disk does."""
    (tmp_path / "a.txt").write_text("old\n")
    program = f"""
        import anyio, resource
        from harness.errors import HarnessError
        from harness.tools.binding import ToolContext
        from harness.tools.builtin.writing import writing_tools
        patch = "\\n".join(["*** Begin Patch", "*** Add File: a.txt", "+new", "*** Add File: new/big.txt",
                           *["+" + "x" * 99] * 2000, "*** Delete File: a.txt", "*** End Patch"])
        tool = writing_tools({str(tmp_path)!r})[0]
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            anyio.run(tool.handler, tool.validated({{"patch": patch}}), ToolContext(call_id="1"))
        except HarnessError as error:
            print(error.code, error.message)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert done.stdout.strip() == "tool.failed nothing was changed: file too large"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old\n"}


async def test_write_file_makes_replaces_creates_and_appends(call: Call, tmp_path: Path) -> None:
    assert await call("write_file", path="a/b.txt", content="é\n") == {"path": "a/b.txt", "bytes": 3, "created": True}
    assert (await call("write_file", path="a/b.txt", content="x\r\n"))["created"] is False
    assert (await call("write_file", path="a/b.txt", content="y", mode="append"))["bytes"] == 4
    assert (tmp_path / "a/b.txt").read_bytes() == b"x\r\ny"
    assert (await call("write_file", path="a/c.txt", content="", mode="create"))["created"]
    assert (await call("write_file", path="a/d.txt", content="1", mode="append"))["created"]
    error = await refusal(call, "write_file", path="a/b.txt", content="z", mode="create")
    assert (error.message, error.hint) == ("'a/b.txt' exists already", "overwrite it with mode='overwrite'")


async def test_write_file_replaces_what_it_cannot_read_as_text(call: Call, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    (tmp_path / "binary").write_bytes(b"\0\xff")
    assert "larger than" in (await refusal(call, "write_file", path="large", content="x", mode="append")).message
    for path in ("large", "binary"):
        assert (await call("write_file", path=path, content="x"))["bytes"] == 1


async def test_edit_file_replaces_what_occurs_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\nthree\n")
    result = await call("edit_file", path="a.txt", old="two\nth", new="2\nTH")
    assert result["replacements"] == 1
    assert result["diff"] == "--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n-three\n+2\n+THree\n"
    assert (tmp_path / "a.txt").read_text() == "one\n2\nTHree\n"


async def test_edit_file_says_where_text_occurs_more_than_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\ny\nx\n" + "x\n" * 20)
    error = await refusal(call, "edit_file", path="a.txt", old="x", new="z")
    assert error.message == "the old text occurs 22 times in 'a.txt', at lines 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..."
    assert error.details["count"] == 22
    assert (await call("edit_file", path="a.txt", old="x", new="z", replace_all=True))["replacements"] == 22
    assert "x" not in (tmp_path / "a.txt").read_text()


async def test_edit_file_shows_the_nearest_lines_of_text_that_does_not_occur(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(x):\n\treturn x\n")
    error = await refusal(call, "edit_file", path="a.py", old="def f(x):\n    return y\n", new="z")
    assert error.message == (
        "the old text does not occur in 'a.py'; the nearest place is line 1, but line 2 is\n"
        "    \treturn x\n  and not\n        return y"
    )
    spaces = await refusal(call, "edit_file", path="a.py", old="    return x", new="z")
    assert spaces.message.endswith("line 2 is like it but for white space or signs:\n    \treturn x")
    far = await refusal(call, "edit_file", path="a.py", old="zzzzzz", new="z")
    assert far.message == "the old text does not occur in 'a.py'"


async def test_edit_file_refuses_what_would_change_nothing(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\n")
    assert (await refusal(call, "edit_file", path="a.txt", old="x", new="x")).code == "tool.invalid_arguments"
    assert (await refusal(call, "edit_file", path="b.txt", old="x", new="y")).hint == "did you mean 'a.txt'?"
    with pytest.raises(CallError):
        await call("edit_file", path="a.txt", old="", new="y")


@pytest.mark.parametrize("old", ["one\ntwo", "one\r\ntwo"])
async def test_edit_file_keeps_crlf(call: Call, tmp_path: Path, old: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\r\n")
    await call("edit_file", path="a.txt", old=old, new="1\n2\n3")
    assert (tmp_path / "a.txt").read_bytes() == b"1\r\n2\r\n3\r\n"


async def test_edit_file_keeps_bytes_that_are_not_utf8(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfcaf\xe9 x\n")
    result = await call("edit_file", path="a.txt", old=" x", new=" y")
    assert (tmp_path / "a.txt").read_bytes() == b"\xef\xbb\xbfcaf\xe9 y\n"
    assert result["diff"].encode()


async def test_a_binary_file_is_not_edited_but_deleted_and_moved(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"x\0y")
    (tmp_path / "b.bin").write_bytes(b"x\0z")
    assert "binary file" in (await refusal(call, "edit_file", path="a.bin", old="x", new="y")).message
    text = patch("*** Delete File: a.bin", "*** Update File: b.bin", "*** Move to: c.bin")
    result = await call("apply_patch", patch=text)
    assert [change["kind"] for change in result["changes"]] == ["deleted", "moved"]
    assert "Binary files a/a.bin and /dev/null differ" in result["diff"]
    assert (tmp_path / "c.bin").read_bytes() == b"x\0z"


async def test_a_large_file_is_deleted_and_not_patched(call: Call, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    for text in (patch("*** Update File: large", "+x"), patch("*** Update File: large", "*** Move to: b")):
        assert "larger than" in (await refusal(call, "apply_patch", patch=text)).message
    assert (await call("apply_patch", patch=patch("*** Delete File: large")))["changes"][0]["kind"] == "deleted"


async def test_a_moved_link_goes_and_what_it_led_to_stays(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1\n")
    os.symlink("a.txt", tmp_path / "link")
    text = patch("*** Update File: link", "*** Move to: b.txt", "@@", "-1", "+2")
    result = await call("apply_patch", patch=text)
    assert result["changes"] == [{"path": "b.txt", "kind": "moved", "from": "link", "added": 1, "removed": 1}]
    assert [(tmp_path / name).read_text() for name in ("a.txt", "b.txt")] == ["1\n", "2\n"]
    assert not (tmp_path / "link").is_symlink()


async def test_a_link_that_is_deleted_and_added_becomes_a_file(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1\n")
    os.symlink("a.txt", tmp_path / "link")
    await call("apply_patch", patch=patch("*** Delete File: link", "*** Add File: link", "+2"))
    assert (tmp_path / "a.txt").read_text() == "1\n"
    assert stat.S_ISREG((tmp_path / "link").lstat().st_mode)


async def test_the_diff_is_cut_and_says_so(call: Call, tmp_path: Path) -> None:
    text = patch("*** Add File: a.txt", *["+" + "x" * 99] * 2000, "*** Add File: b.txt", "+b")
    result = await call("apply_patch", patch=text)
    assert len(result["diff"]) < 70_000
    assert "more lines of this diff are left out" in result["diff"]
    assert [change["added"] for change in result["changes"]] == [2000, 1]


async def test_a_patch_that_is_too_large_or_has_too_many_hunks_is_refused(call: Call) -> None:
    large = patch("*** Add File: a", "+" + "x" * apply_patch_module.MAX_PATCH_BYTES)
    long = patch("*** Add File: a", *["+x"] * apply_patch_module.MAX_PATCH_LINES)
    many = patch(*(f"*** Delete File: {n}" for n in range(apply_patch_module.MAX_HUNKS + 1)))
    deep = patch(*[f"*** Delete File: {'d/' * 2000}x"] * 20)
    for text, reason in ((large, "bytes"), (long, "lines"), (many, "201 hunks"), (deep, "characters together")):
        error = await refusal(call, "apply_patch", patch=text)
        assert (error.code, error.hint) == ("tool.invalid_arguments", "split it, or write large files with write_file")
        assert reason in error.message


async def test_the_files_of_one_patch_may_be_so_large_together(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch_plan_module, "MAX_HELD_BYTES", 10)
    for name in "ab":
        (tmp_path / name).write_text("12345\n")
    one, two = (["*** Update File: " + name, "-12345", "+6"] for name in "ab")
    assert "larger than 10 bytes" in (await refusal(call, "apply_patch", patch=patch(*one, *two))).message
    assert len((await call("apply_patch", patch=patch(*one)))["changes"]) == 1


async def test_an_edit_that_takes_too_long_ends_and_changes_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_file_module, "_BUDGET_S", -1.0)
    (tmp_path / "a").write_text("one\n")
    error = await refusal(call, "edit_file", path="a", old="onee\n", new="two")
    assert (error.code, (tmp_path / "a").read_text()) == ("tool.timeout", "one\n")


async def test_many_problems_are_cut_and_counted(call: Call) -> None:
    error = await refusal(call, "apply_patch", patch=patch(*(f"*** Delete File: {n}" for n in range(30))))
    assert error.message.endswith("\nand 20 more")
    assert len(error.details["problems"]) == 10  # type: ignore[arg-type]  # plain data


@pytest.mark.timeout(60)
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_hostile_patches_and_files_do_not_stall_the_host(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host goes on with other work, and the call ends when its time is over."""
    monkeypatch.setattr(apply_patch_module, "_BUDGET_S", 1.0)
    (tmp_path / "same").write_text("a\n" * 1_000_000)
    (tmp_path / "long").write_text("ab" * 4_000_000)
    hostile = {
        "nearly equal lines": patch("*** Update File: same", *["-a"] * 90_000, "-b"),
        "many chunks": patch("*** Update File: same", *["@@", "-b"] * 45_000),
        "one long line": patch("*** Update File: long", "-" + "ba" * 400_000),
        "many context lines": patch("*** Update File: same", *["@@ b"] * 90_000, "-b"),
        "all lines anew": patch("*** Add File: same", *[f"+{n}" for n in range(90_000)], "*** Delete File: x"),
    }
    for name, text in hostile.items():
        longest, spent = await stalled_while(lambda text=text: refusal(call, "apply_patch", patch=text))
        assert spent < 8, name
        assert longest < 1.5, name


async def stalled_while(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return how long the loop stood still at most, and how long the work took, in seconds."""
    longest, started = 0.0, time.monotonic()

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await anyio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await work()
        tasks.cancel_scope.cancel()
    return longest, time.monotonic() - started


async def test_what_a_person_approved_outside_is_written_and_nothing_else_is(tmp_path: Path) -> None:
    workspace, outside = tmp_path / "workspace", tmp_path / "outside"
    workspace.mkdir()
    asked: list[tuple[str, ...]] = []

    class Approving:
        async def decide(self, requests: Sequence[ApprovalRequest]) -> list[Approve]:
            asked.extend(request.effect.paths for request in requests if isinstance(request.effect, Writes))
            return [Approve() for _ in requests]

    settings = Settings(sandbox=WorkspaceWrite(tmp=False, tmpdir=False))
    script = """
await tools.write_file(path="inside.txt", content="x")
await tools.write_file(path="../outside/new/a.txt", content="x")
try:
    await tools.write_file(path=".git/hooks/x", content="x")
except ToolDenied as error:
    return error.code
"""
    async with Harness(workspace=workspace, settings=settings, approver=Approving()) as harness:
        outcome = await harness.run(script)
    assert outcome.value == "policy.forbidden", outcome.error
    assert asked == [(f"{outside}/new/a.txt",)]
    assert (outside / "new/a.txt").read_text() == "x"


async def test_reading_and_writing_tools_stand_beside_each_other(tmp_path: Path) -> None:
    async with Harness(workspace=tmp_path) as harness:
        outcome = await harness.run(
            "await tools.write_file(path='a', content='b')\nreturn (await tools.read_file(path='a')).content"
        )
    assert outcome.value == "b"
