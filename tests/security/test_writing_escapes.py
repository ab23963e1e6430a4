"""What a script, or a process that races it, may try to get out of the writable folders by the tools that write.

`make test` repeats this folder as an ordinary user. Every attack has a twin that is allowed.
"""

from __future__ import annotations

import ctypes
import gc
import inspect
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness.errors import HarnessError
from harness.tools.binding import ToolContext
from harness.tools.builtin.workspace import Workspace
from harness.tools.builtin.writing import writing_tools
from policy.effects import Writes
from policy.grants import Grants
from policy.sandbox import NetworkAccess, WorkspaceWrite, grants

SECRET = "the secret that lies outside\n"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(SECRET)
    return folder


@pytest.fixture
def root(tmp_path: Path, outside: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (folder / "inside.txt").write_text("inside\n")
    (folder / "sub/deep.txt").write_text("deep\n")
    return folder


class Tools:
    """The writing tools of a workspace, called as the host calls them."""

    def __init__(self, workspace: Workspace | Path, granted: Grants) -> None:
        self._tools = {tool.name: tool for tool in writing_tools(workspace)}
        self._grants = granted

    async def call(self, name: str, **arguments: object) -> Any:
        tool = self._tools[name]
        context = ToolContext(call_id="1", grants=self._grants)
        return await tool.invoke(tool.validated(arguments), lambda: context)

    def effect(self, name: str, **arguments: object) -> Any:
        tool = self._tools[name]

        async def stated() -> Any:
            effect: Any = tool.effect_of(tool.validated(arguments), self._grants)
            return await effect if inspect.isawaitable(effect) else effect

        return anyio.run(stated)

    def run(self, name: str, **arguments: object) -> Any:
        return anyio.run(lambda: self.call(name, **arguments))

    def refusal(self, name: str, **arguments: object) -> HarnessError:
        with pytest.raises(HarnessError) as caught:
            self.run(name, **arguments)
        return caught.value

    def write(self, path: str) -> Any:
        return self.run("write_file", path=path, content="written\n")

    def denied(self, path: str) -> str:
        """The one code with which every tool refuses a path, after each was tried."""
        codes = {
            self.refusal("write_file", path=path, content="x").code,
            self.refusal("edit_file", path=path, old="secret", new="x").code,
            self.refusal("apply_patch", patch=patch(f"*** Add File: {path}", "+x")).code,
            self.refusal("apply_patch", patch=patch(f"*** Update File: {path}", "@@", "-secret", "+x")).code,
            self.refusal("apply_patch", patch=patch("*** Update File: inside.txt", f"*** Move to: {path}")).code,
        }
        assert len(codes) == 1, codes
        return codes.pop()


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


def confined(root: Path, **more: Any) -> Grants:
    policy = WorkspaceWrite(tmp=False, tmpdir=False)
    return grants(policy, NetworkAccess(), workspace=str(root), **more)


@pytest.fixture
def tools(root: Path) -> Tools:
    return Tools(root, confined(root))


@pytest.fixture(autouse=True)
def _nothing_outside_changes(outside: Path, root: Path) -> Iterator[None]:
    yield
    assert [path.name for path in outside.iterdir()] == ["secret.txt"]
    assert (outside / "secret.txt").read_text() == SECRET
    assert [path for path in root.rglob("*") if path.name.endswith("tmp")] == []


@pytest.mark.parametrize(
    "path",
    [
        "../outside/secret.txt",
        "../outside/new.txt",
        "sub/../../outside/secret.txt",
        "./sub/./.././../outside/secret.txt",
        "{outside}/secret.txt",
        "/{outside}/secret.txt",
        "{outside}/new/file",
        "/proc/self/root{outside}/secret.txt",
        "/proc/self/cwd/../../../../../../../../..{outside}/secret.txt",
        "sub/" + "../" * 100 + "{outside}/secret.txt",
        "{outside}/../outside/secret.txt",
        "../workspace-other/x",
        "sub/../../new/file",
        "/dev/null",
        "/toolscript-test/new",
    ],
)
def test_a_path_that_leads_out_is_denied_before_anything_is_read(tools, outside, path):
    assert tools.denied(path.format(outside=outside)) == "sandbox.denied"


def test_the_twins_that_stay_inside_are_written(tools, root):
    for path in ("new.txt", "./sub/../other.txt", f"{root}/sub/absolute.txt", f"{root}/../workspace/back.txt",
                 "../workspace/again.txt", f"/proc/self/root{root}/through_proc.txt", "deep/er/new.txt"):  # fmt: skip
        assert tools.write(path)["created"]
    assert (root / "again.txt").read_text() == "written\n"
    assert (root / "through_proc.txt").read_text() == "written\n"


def test_removing_and_moving_away_from_outside_is_denied(tools, root, outside):
    os.symlink(outside, root / "link")
    os.symlink(outside / "secret.txt", root / "file")
    for path in ("../outside/secret.txt", "link/secret.txt"):
        assert tools.refusal("apply_patch", patch=patch(f"*** Delete File: {path}")).code == "sandbox.denied"
    for path in ("../outside/secret.txt", "link/secret.txt", "file"):
        stolen = patch(f"*** Update File: {path}", "*** Move to: stolen.txt")
        assert tools.refusal("apply_patch", patch=stolen).code == "sandbox.denied"
    assert not (root / "stolen.txt").exists()


def test_deleting_a_link_that_leads_out_removes_the_link(tools, root, outside):
    os.symlink(outside / "secret.txt", root / "file")
    tools.run("apply_patch", patch=patch("*** Delete File: file"))
    assert not (root / "file").is_symlink()


@pytest.mark.parametrize(
    "target",
    [
        "{outside}/secret.txt",
        "../outside/secret.txt",
        "sub/../../outside/new.txt",
        "{outside}/new/file",
        "/toolscript-test",
    ],
)
def test_a_link_that_leads_out_is_denied_even_where_nothing_stands_behind_it(tools, root, outside, target):
    os.symlink(target.format(outside=outside), root / "link")
    os.symlink("link", root / "link_to_link")
    assert tools.denied("link") == "sandbox.denied"
    assert tools.denied("sub/../link_to_link") == "sandbox.denied"


def test_a_folder_link_that_leads_out_is_denied(tools, root, outside):
    os.symlink(outside, root / "folder")
    os.symlink("..", root / "sub/up")
    assert tools.denied("folder/secret.txt") == "sandbox.denied"
    assert tools.denied("folder/new/file.txt") == "sandbox.denied"
    assert tools.denied("sub/up/../outside/secret.txt") == "sandbox.denied"


def test_writing_through_a_link_that_stays_inside_changes_what_it_leads_to(tools, root):
    os.symlink("../inside.txt", root / "sub/link")
    os.symlink(root / "sub", root / "folder")
    os.symlink("sub/not_yet.txt", root / "dangling")
    assert tools.write("sub/link")["path"] == "inside.txt"
    assert tools.write("folder/deep.txt")["path"] == "sub/deep.txt"
    assert tools.write("dangling") == {"path": "sub/not_yet.txt", "bytes": 8, "created": True}
    assert (root / "inside.txt").read_text() == (root / "sub/deep.txt").read_text() == "written\n"
    assert (root / "sub/link").is_symlink()
    assert (root / "dangling").is_symlink()


def test_the_effect_names_the_resolved_paths(tools, root, outside):
    os.symlink(outside, root / "folder")
    text = patch("*** Update File: folder/secret.txt", "*** Move to: sub/../x/y", "*** Delete File: folder")
    assert tools.effect("apply_patch", patch=text) == Writes((f"{outside}/secret.txt", f"{root}/x/y", f"{root}/folder"))
    assert tools.effect("write_file", path="../new", content="") == Writes((f"{root.parent}/new",))
    assert tools.effect("edit_file", path="folder/secret.txt", old="a", new="b") == Writes((f"{outside}/secret.txt",))


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/pre-commit",
        ".git/config",
        ".git",
        ".GIT/config",
        ".Git/hooks/x",
        "sub/.git/hooks/post-checkout",
        "sub/../.git/config",
        ".toolscript/rules.toml",
        ".TOOLSCRIPT/rules.toml",
        "sub/.toolscript/toolscript.toml",
        ".env",
        "sub/.env.production",
        ".ssh/authorized_keys",
        "ID_RSA",
        "/proc/self/mem",
        "/proc/sys/new",
        "/proc/self/oom_score_adj",
    ],
)
def test_protected_and_secret_paths_are_forbidden_whoever_approved(root, path):
    for granted in (confined(root), Grants(is_confined=False)):
        assert Tools(root, granted).denied(path) == "policy.forbidden"


def test_protected_paths_are_forbidden_through_links_and_moves(tools, root):
    (root / ".git/hooks").mkdir(parents=True)
    os.symlink(".git/hooks", root / "innocent")
    os.symlink("innocent", root / "more_innocent")
    assert tools.denied("more_innocent/pre-commit") == "policy.forbidden"
    assert tools.refusal("apply_patch", patch=patch("*** Delete File: .git/hooks/x")).code == "policy.forbidden"


def test_the_twins_of_protected_names_are_written(tools, root):
    for path in (".gitignore", ".github/workflow.yml", "git/config", ".env.example", "toolscript/x", "sub/id_rsa.pub"):
        assert tools.write(path)["created"]


def test_paths_that_the_grants_protect_or_hide_are_forbidden_in_any_case_of_letters(root):
    granted = confined(root, protected=[f"{root}/audit.jsonl"], hidden=[f"{root}/private"])
    for unconfined in (granted, Grants(protected=granted.protected, hidden=granted.hidden, is_confined=False)):
        tools = Tools(root, unconfined)
        for path in ("audit.jsonl", "AUDIT.jsonl", "private", "private/x", "Private/x"):
            assert tools.denied(path) == "policy.forbidden"
        assert tools.write("audit.jsonl.txt")["bytes"] == 8


def test_a_granted_secret_is_written(root):
    tools = Tools(Workspace(root, granted=["config/.env"]), confined(root))
    assert tools.write("config/.env")["created"]
    assert tools.denied(".env") == "policy.forbidden"


def test_another_writable_root_is_written_by_absolute_path_alone(root, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    granted = Grants(writable=(str(root), str(other), str(tmp_path / "not/yet")))
    tools = Tools(root, granted)
    assert tools.write(f"{other}/a/b.txt") == {"path": f"{other}/a/b.txt", "bytes": 8, "created": True}
    assert tools.write("../other/c.txt")["created"]
    os.symlink(other, root / "link")
    assert tools.write("link/d.txt")["created"]
    assert sorted(path.name for path in other.iterdir()) == ["a", "c.txt", "d.txt"]
    assert tools.denied(f"{tmp_path}/other.txt") == "sandbox.denied"
    assert tools.denied(f"{tmp_path}/not/yet/x") == "sandbox.denied"  # it would make "not", which is not granted


def test_what_a_person_approved_outside_is_written(root, tmp_path):
    tools = Tools(root, Grants(is_confined=False))
    assert tools.write(f"{tmp_path}/approved/x.txt")["created"]
    assert tools.write("../approved/x.txt")["created"] is False


def test_an_approval_of_one_path_covers_its_folders_and_nothing_beside_it(root, tmp_path):
    tools = Tools(root, Grants(writable=(str(root), f"{tmp_path}/approved/deep/x.txt")))
    assert tools.denied("../approved/deep/y.txt") == "sandbox.denied"
    assert tools.write("../approved/deep/x.txt")["created"]
    assert tools.denied("../approved/deep/y.txt") == "sandbox.denied"


def test_a_link_that_is_swapped_after_the_approval_is_denied(root, outside, tmp_path):
    os.symlink(tmp_path / "approved.txt", root / "link")
    effect = Tools(root, confined(root)).effect("write_file", path="link", content="x")
    tools = Tools(root, Grants(writable=(str(root), *effect.paths)))
    (root / "link").unlink()
    os.symlink(outside / "secret.txt", root / "link")
    assert tools.denied("link") == "sandbox.denied"


def test_a_hard_link_to_a_file_outside_is_cut_off_not_written_through(tools, root, outside):
    try:
        os.link(outside / "secret.txt", root / "hard")
    except PermissionError:
        return  # fs.protected_hardlinks: whoever cannot write a file cannot link to it
    tools.run("edit_file", path="hard", old="secret", new="file")
    assert (root / "hard").read_text() == "the file that lies outside\n"
    assert os.stat(outside / "secret.txt").st_nlink == 1


@pytest.mark.timeout(10)
def test_pipes_sockets_devices_and_folders_are_refused_and_never_block(tools, root, monkeypatch):
    monkeypatch.chdir(root)  # the path of a socket is short
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for path in ("pipe", "socket", "sub", ".", "sub/.."):
            assert tools.denied(path) == "tool.failed"
            assert tools.refusal("apply_patch", patch=patch(f"*** Delete File: {path}")).code == "tool.failed"
    assert stat.S_ISFIFO(os.stat(root / "pipe").st_mode)


@pytest.mark.timeout(10)
def test_devices_are_refused_even_when_writing_outside_was_approved(root):
    tools = Tools(root, Grants(is_confined=False))
    for path in ("/dev/null", "/dev/zero", "/dev/full"):
        assert "device" in tools.refusal("write_file", path=path, content="x").message


@pytest.mark.parametrize("path", ["a" * 300, "sub/" + "a" * 256, "a/" * 2500 + "b", "x" * 5000, "a\0b", "\0"])
def test_names_that_cannot_be_are_refused_and_leave_nothing(tools, root, path):
    before = sorted(root.rglob("*"))
    assert tools.refusal("write_file", path=path, content="x").code in ("tool.failed", "tool.invalid_arguments")
    assert sorted(root.rglob("*")) == before


def test_a_long_path_that_can_be_is_written(tools, root):
    path = "d/" * 300 + "f"
    assert tools.write(path)["created"]
    assert (root / path).read_text() == "written\n"


@pytest.mark.parametrize("text", ["\ud800", "x\udcffy"])
def test_half_characters_are_refused_everywhere(tools, root, text):
    tool = {tool.name: tool for tool in writing_tools(root)}
    for name, arguments in (
        ("write_file", {"path": text, "content": "x"}),
        ("write_file", {"path": "x", "content": text}),
        ("edit_file", {"path": "inside.txt", "old": "inside", "new": text}),
        ("apply_patch", {"patch": patch(f"*** Add File: {text}", f"+{text}")}),
    ):
        model = tool[name].parameters.model_construct(mode="overwrite", replace_all=False, atomic=True, **arguments)
        with pytest.raises(HarnessError) as caught:
            anyio.run(tool[name].handler, model, ToolContext(call_id="1", grants=confined(root)))
        assert caught.value.code == "tool.invalid_arguments"
    assert (root / "inside.txt").read_text() == "inside\n"


def test_a_link_to_a_name_that_is_not_utf8_is_refused(tools, root):
    os.symlink(os.fsdecode(b"caf\xe9"), root / "link")
    assert "not UTF-8" in tools.refusal("write_file", path="link", content="x").message


@pytest.mark.parametrize(
    "path", ["missing/../../outside/secret.txt", "missing/../x", "sub/missing/../../../outside/x", "dangling/../../x"]
)
def test_a_path_goes_back_only_from_folders_that_are_there(tools, root, path):
    os.symlink("missing/deeper", root / "dangling")
    before = sorted(root.rglob("*"))
    assert tools.denied(path) == "tool.failed"
    assert sorted(root.rglob("*")) == before


def test_as_many_links_are_followed_as_the_kernel_follows(tools, root):
    os.symlink("inside.txt", root / "l0")
    for level in range(1, 45):
        os.symlink(f"l{level - 1}", root / f"l{level}")
    assert tools.write("l39")["path"] == "inside.txt"
    assert "too many symbolic links" in tools.refusal("write_file", path="l40", content="x").message


def test_links_in_a_circle_and_links_that_multiply_end_soon(tools, root):
    os.symlink("b", root / "a")
    os.symlink("a", root / "b")
    os.symlink("sub/..", root / "l0")
    for level in range(1, 30):
        os.symlink(f"l{level - 1}/../l{level - 1}", root / f"l{level}")
    for path in ("a", "a/x", "l29/new.txt"):
        assert tools.refusal("write_file", path=path, content="x").code in ("tool.failed", "sandbox.denied")


def test_a_file_that_may_not_be_written_is_not_replaced(tools, root):
    if os.geteuid() == 0:
        return  # root may write it
    (root / "inside.txt").chmod(0o444)
    assert "may not be written" in tools.refusal("write_file", path="inside.txt", content="x").message
    assert (root / "inside.txt").read_text() == "inside\n"


def test_a_set_user_id_bit_does_not_outlive_a_change(tools, root):
    (root / "inside.txt").chmod(0o6755)
    tools.write("inside.txt")
    assert stat.S_IMODE(os.stat(root / "inside.txt").st_mode) == 0o755


def test_errors_show_no_host_paths(tools, root, outside):
    os.symlink(outside / "secret.txt", root / "link")
    os.mkfifo(root / "pipe")
    for path in ("link", "../x", "pipe", "sub", "inside.txt/x", ".git/x", "a" * 300):
        told = str(tools.refusal("write_file", path=path, content="x").to_wire())
        assert str(root.parent) not in told


def test_descriptors_are_not_lost(tools, root, outside):
    os.symlink(outside, root / "link")
    gc.collect()
    tools.write("sub/new.txt")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        for path in ("link/secret.txt", "sub", "../x", "sub/deep.txt/x", ".env", "a" * 300):
            tools.refusal("write_file", path=path, content="x")
        tools.write("sub/new.txt")
    assert len(os.listdir("/proc/self/fd")) <= before


def test_the_root_stays_the_same_folder_when_a_link_takes_its_name(tools, root, outside):
    moved = root.with_name("moved")
    root.rename(moved)
    os.symlink(outside, root)
    tools.write("x.txt")
    assert (moved / "x.txt").read_text() == "written\n"
    root.unlink()
    moved.rename(root)


@pytest.fixture
def race() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Run a change over and over in a thread while the test writes."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(change: Callable[[], None]) -> None:
        def run() -> None:
            while not stop.is_set():
                change()

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def swapping(one: Path, other: Path) -> Callable[[], None]:
    """Exchange two names in one step (renameat2), so that neither is ever missing."""
    rename = ctypes.CDLL(None, use_errno=True).renameat2
    at_cwd, exchange = -100, 2

    def change() -> None:
        assert rename(at_cwd, bytes(one), at_cwd, bytes(other), exchange) == 0, os.strerror(ctypes.get_errno())

    return change


async def outcomes(tools: Tools, count: int, name: str, arguments: Callable[[int], dict[str, object]]) -> set[str]:
    """Call `count` times, and then until both ends of the race were seen, for 20 s at most."""
    seen: set[str] = set()
    number, end = 0, time.monotonic() + 20
    while number < count or (not {"ok", "sandbox.denied"} <= seen and time.monotonic() < end):
        number += 1
        try:
            await tools.call(name, **arguments(number))
            seen.add("ok")
        except HarnessError as error:
            seen.add(error.code)
    return seen


@pytest.mark.timeout(60)
def test_a_folder_that_is_swapped_for_a_link_while_patches_run_never_leads_out(tools, root, outside, race):
    """[swap a symlink in a loop while file tools and patches run]"""
    os.symlink(outside, root / "link")
    race(swapping(root / "sub", root / "link"))

    def arguments(number: int) -> dict[str, object]:
        return {"patch": patch("*** Add File: sub/new.txt", f"+{number}", "*** Add File: sub/more/x.txt", f"+{number}")}

    seen = anyio.run(outcomes, tools, 600, "apply_patch", arguments)
    assert {"ok", "sandbox.denied"} <= seen <= {"ok", "sandbox.denied", "tool.failed"}


@pytest.mark.timeout(60)
def test_a_file_that_is_swapped_for_a_link_while_it_is_edited_never_leads_out(tools, root, outside, race):
    target, new = root / "sub/swapped.txt", root / "sub/new"
    target.write_text("inside\n")

    def change() -> None:
        os.symlink(outside / "secret.txt", new)
        os.rename(new, target)
        time.sleep(0.001)
        new.write_text("secret inside\n")
        os.rename(new, target)
        time.sleep(0.005)  # long enough for an edit to come through now and then

    race(change)
    seen = anyio.run(outcomes, tools, 600, "edit_file", lambda _: {"path": str(target), "old": "secret", "new": "x"})
    assert {"ok", "sandbox.denied"} <= seen <= {"ok", "sandbox.denied", "tool.failed"}


@pytest.mark.timeout(60)
def test_a_move_whose_source_is_swapped_for_a_link_never_brings_the_secret_in(tools, root, outside, race):
    target, new = root / "sub/swapped.txt", root / "sub/new"
    target.write_text("inside\n")

    def change() -> None:
        os.symlink(outside / "secret.txt", new)
        os.rename(new, target)
        new.write_text("inside\n")
        os.rename(new, target)

    race(change)
    text = patch("*** Update File: sub/swapped.txt", "*** Move to: moved.txt")

    async def move() -> None:
        for _ in range(600):
            with suppress(HarnessError):
                await tools.call("apply_patch", patch=text)
            assert not (root / "moved.txt").exists() or (root / "moved.txt").read_text() in ("inside\n", "")

    anyio.run(move)
