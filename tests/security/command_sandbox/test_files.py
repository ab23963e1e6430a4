"""Attacks on files: what lies outside the writable folders, what is protected inside them, what is hidden.

Each is tried for real, and the file looked at afterwards; beside it stands the same act where it is allowed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.security.attacks.command import KEPT, MODES, READS, WRITES, script_of
from tests.security.command_sandbox.arena import Arena
from tests.security.command_sandbox.conftest import SECRET, Sandbox, tree


@pytest.mark.parametrize("attack", WRITES.values(), ids=WRITES.keys())
def test_nothing_outside_can_be_written(sandbox: Sandbox, attack: str) -> None:
    before = tree(sandbox.outside)
    done = sandbox.shell(script_of(sandbox, attack, sandbox.outside))
    assert not done.ok, done
    assert tree(sandbox.outside) == before


@pytest.mark.parametrize("attack", WRITES.values(), ids=WRITES.keys())
def test_the_same_can_be_written_where_it_is_granted(sandbox: Sandbox, attack: str) -> None:
    before = tree(sandbox.outside)
    both = [str(sandbox.workspace), str(sandbox.outside)]
    done = sandbox.shell(script_of(sandbox, attack, sandbox.outside), grants={"writable": both})
    if not done.ok and "rename into" in attack:  # two mounts: mv copies
        pytest.fail(str(done))
    assert done.ok, done
    assert tree(sandbox.outside) != before


@pytest.mark.parametrize("attack", WRITES.values(), ids=WRITES.keys())
def test_read_only_writes_nothing(sandbox: Sandbox, attack: str) -> None:
    before = tree(sandbox.workspace)
    done = sandbox.shell(script_of(sandbox, attack, sandbox.workspace / "folder"), grants={"writable": []})
    assert not done.ok, done
    assert tree(sandbox.workspace) == before


def test_a_hard_link_to_a_file_outside_cannot_be_made(sandbox: Sandbox) -> None:
    done = sandbox.shell(f"ln {sandbox.outside}/file.txt folder/hard && echo pwned > folder/hard")
    assert not done.ok
    assert (sandbox.outside / "file.txt").read_text() == "outside"


def test_a_mount_of_another_path_cannot_be_made(sandbox: Sandbox) -> None:
    done = sandbox.shell(f"mkdir folder/m && mount --bind {sandbox.outside} folder/m")
    assert not done.ok
    done = sandbox.shell(f"mkdir folder/n; unshare -rm mount --bind {sandbox.outside} {sandbox.workspace}/folder/n")
    assert not done.ok


@pytest.mark.parametrize("what", MODES.values(), ids=MODES.keys())
def test_modes_owners_and_times_outside_stay_if_there_are_namespaces(sandbox: Sandbox, what: str) -> None:
    before = tree(sandbox.outside)
    done = sandbox.shell(what.format(f=f"{sandbox.outside}/file.txt"))
    if sandbox.has_namespaces:
        assert not done.ok
        assert tree(sandbox.outside) == before
    else:
        assert "mount_namespace" in done.missing  # which is what keeps them: docs/how-to/confine-commands.md


@pytest.mark.parametrize(
    "way", ["chmod u+s {f}", "chmod 2755 {f}", "install -m 4755 /bin/true {f}2", "cp -p /bin/su {f}3; test -u {f}3"]
)
def test_no_file_becomes_set_uid(sandbox: Sandbox, way: str) -> None:
    sandbox.shell(way.format(f="folder/deep.txt"))
    modes = [path.stat().st_mode for path in (sandbox.workspace / "folder").iterdir()]
    assert not any(mode & 0o6000 for mode in modes)


SET_UID = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
name = sys.argv[1].encode()
for attempt in (
    lambda: os.close(os.open(name + b"1", os.O_CREAT | os.O_WRONLY, 0o6755)),
    lambda: os.mknod(name + b"2", 0o100000 | 0o4755),
    lambda: libc.creat(name + b"3", 0o4755),
    lambda: libc.syscall(437, -100, name + b"4", (ctypes.c_uint64 * 3)(os.O_CREAT | os.O_WRONLY, 0o4755, 0), 24),
    lambda: libc.syscall(452, -100, name, 0o4755, 0),
    lambda: os.fchmod(os.open(name, os.O_RDONLY), 0o4755),
):
    try: attempt()
    except OSError as error: print(error.errno)
"""


def test_no_system_call_makes_a_file_set_uid(sandbox: Sandbox) -> None:
    sandbox.python(SET_UID, str(sandbox.workspace / "folder/deep.txt"))
    modes = [path.stat().st_mode for path in (sandbox.workspace / "folder").iterdir()]
    assert not any(mode & 0o6000 for mode in modes)


@pytest.mark.parametrize("node", [("c", "1 3"), ("b", "254 0")], ids=["a character device", "a block device"])
def test_no_device_can_be_made(sandbox: Sandbox, node: tuple[str, str]) -> None:
    kind, numbers = node
    assert not sandbox.shell(f"mknod folder/dev {kind} {numbers}").ok
    assert not (sandbox.workspace / "folder/dev").exists()


@pytest.mark.parametrize("attack", KEPT.values(), ids=KEPT.keys())
def test_the_protected_folders_of_a_workspace_stay(sandbox: Sandbox, attack: str) -> None:
    def kept() -> dict[str, object]:
        both = tree(sandbox.workspace / ".git") | tree(sandbox.workspace / ".toolscript")
        # Modes and times are Landlock's to lose: the test of modes says so.
        return dict(both) if sandbox.has_namespaces else {path: content for path, (_, _, content) in both.items()}

    before = kept()
    done = sandbox.shell(attack)
    assert not done.ok or "mode of" in attack or attack.startswith("chmod"), done
    assert kept() == before


def test_a_mode_inside_git_stays_if_there_are_namespaces(sandbox: Sandbox) -> None:
    assert sandbox.shell("chmod 777 .git/config").ok == (not sandbox.has_namespaces)


def test_git_can_be_read(sandbox: Sandbox) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    assert sandbox.shell("git log --oneline | grep -q first && git status --short").ok


@pytest.fixture
def worktree(sandbox: Sandbox) -> Sandbox:
    """A second working tree inside the workspace's writable folder, whose `.git` is a pointer file."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    top = sandbox.workspace / "folder/top"
    top.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], cwd=top, check=True)
    subprocess.run(["git", "worktree", "add", "-q", "../tree"], cwd=top, check=True)
    tree_folder = sandbox.workspace / "folder/tree"
    return sandbox.granted(
        writable=[str(sandbox.workspace / "folder")], protected=[str(tree_folder / ".git")], hidden=[]
    )


@pytest.mark.parametrize(
    "attack",
    [
        "echo pwned > tree/.git",
        "mv tree/.git tree/other",
        "echo pwned >> top/.git/config",
        "echo pwned > top/.git/worktrees/tree/config.worktree",
        "echo pwned > top/.git/hooks/pre-commit",
        "mv top/.git top/other",
        "mv top other",
    ],
)
def test_where_a_pointer_file_points_is_protected_too(worktree: Sandbox, attack: str) -> None:
    top = worktree.workspace / "folder/top/.git"
    before = {path: content for path, (_, _, content) in tree(top).items()}
    done = worktree.shell(attack, cwd=str(worktree.workspace / "folder"))
    assert not done.ok, done
    assert {path: content for path, (_, _, content) in tree(top).items()} == before
    assert (worktree.workspace / "folder/tree/.git").read_text().startswith("gitdir:")
    assert worktree.shell("echo new > tree/.git2; git -C tree status", cwd=str(worktree.workspace / "folder")).ok


@pytest.mark.parametrize(
    "attack", ["mv inner other", "mv inner/deeper other", "rm -rf inner", "echo x > inner/deeper/kept/file"]
)
def test_a_folder_above_a_protected_path_cannot_be_moved_away(sandbox: Sandbox, attack: str) -> None:
    kept = sandbox.workspace / "inner/deeper/kept"
    kept.mkdir(parents=True)
    (kept / "file").write_text("kept")
    done = sandbox.shell(attack, grants={"protected": [str(kept)]})
    assert not done.ok
    assert (kept / "file").read_text() == "kept"


def test_a_workspace_inside_another_writable_folder_cannot_be_moved_away(sandbox: Sandbox) -> None:
    parent = str(sandbox.workspace.parent)
    done = sandbox.shell(
        f"mv {sandbox.workspace} {parent}/other", cwd="/", grants={"writable": [parent, str(sandbox.workspace)]}
    )
    assert not done.ok
    assert (sandbox.workspace / ".git/config").exists()


@pytest.mark.parametrize("attack", ["rm link", "mv link other", "ln -sfn /tmp link", "echo pwned > link/config"])
def test_a_protected_link_stays_what_it_is(sandbox: Sandbox, attack: str) -> None:
    real = sandbox.workspace / "folder/real"
    real.mkdir()
    (real / "config").write_text("config")
    link = sandbox.workspace / "link"
    link.symlink_to("folder/real")
    done = sandbox.shell(attack, grants={"protected": [str(link)]})
    assert not done.ok
    assert os.readlink(link) == "folder/real"
    assert (real / "config").read_text() == "config"
    assert done.protection == "landlock"
    (sandbox.workspace / "beside").mkdir()
    assert sandbox.shell("echo fine > beside/other", grants={"protected": [str(link)]}).ok


@pytest.mark.parametrize("attack", READS.values(), ids=READS.keys())
def test_what_is_hidden_cannot_be_read(sandbox: Sandbox, attack: str) -> None:
    done = sandbox.shell(attack.format(h=sandbox.hidden))
    assert SECRET not in done.out + done.err
    assert not done.ok
    assert (sandbox.hidden / "token").read_text() == SECRET


@pytest.mark.parametrize("attack", READS.values(), ids=READS.keys())
def test_what_is_hidden_cannot_be_read_inside_a_writable_folder_either(sandbox: Sandbox, attack: str) -> None:
    writable = [str(sandbox.workspace), str(sandbox.hidden)]
    done = sandbox.shell(attack.format(h=sandbox.hidden), grants={"writable": writable})
    assert SECRET not in done.out + done.err
    assert not done.ok
    assert (sandbox.hidden / "token").read_text() == SECRET


def test_the_same_can_be_read_where_it_is_not_hidden(sandbox: Sandbox) -> None:
    done = sandbox.shell(f"cat {sandbox.hidden}/keys/id {sandbox.hidden}/token", grants={"hidden": []})
    assert done.out == SECRET * 2


def test_beside_what_is_hidden_everything_can_be_read(sandbox: Sandbox) -> None:
    (sandbox.hidden / "other").write_text("other")
    assert sandbox.shell(f"cat {sandbox.hidden}/other").out == "other"
    assert sandbox.shell(f"ls {sandbox.hidden} {sandbox.workspace} /").ok


@pytest.mark.parametrize(
    "path",
    ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger", "/proc/self/uid_map",
     "/sys/kernel/uevent_helper", "/sys/power/state", "/dev/kmsg", "/dev/mem", "/dev/console", "/dev/ptmx", "/dev/shm/../kmsg"],
)  # fmt: skip
def test_no_switch_of_the_kernel_can_be_opened_for_writing(sandbox: Sandbox, path: str) -> None:
    for writable in ([str(sandbox.workspace)], ["/"], ["/proc", "/sys", "/dev"]):
        grants = {"writable": writable, "protected": [], "hidden": []}
        assert not sandbox.python("import sys; open(sys.argv[1], 'r+b', buffering=0)", path, grants=grants, cwd="/").ok


@pytest.mark.parametrize("name", ["kmsg", "mem", "vda", "sda", "tty", "console", "pts/0", "ptmx", "input/event0"])
def test_no_device_can_be_read_but_the_harmless_ones(sandbox: Sandbox, name: str) -> None:
    done = sandbox.python("import os, sys; os.open('/dev/' + sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)", name)
    assert not done.ok


@pytest.mark.parametrize("root", ["missing", "a link into nowhere", "/nonexistent", ""])
def test_a_root_that_is_not_there_grants_nothing_and_hinders_nothing(sandbox: Sandbox, root: str) -> None:
    (sandbox.workspace / "a link into nowhere").symlink_to("/nonexistent")
    roots = [str(sandbox.workspace / root) if root and root[0] != "/" else root, str(sandbox.workspace)]
    assert sandbox.shell("echo x > folder/new", grants={"writable": roots}).ok


def test_a_link_that_a_command_made_is_no_root(sandbox: Sandbox) -> None:
    """A writable folder is replaced by a link to another place; the next command must not get that place."""
    extra = sandbox.workspace / "folder/extra"
    extra.mkdir()
    grants = {"writable": [str(sandbox.workspace / "folder"), str(extra)], "protected": []}
    assert sandbox.shell(f"rmdir {extra} && ln -s {sandbox.outside} {extra}", grants=grants).ok
    assert not sandbox.shell(f"echo pwned > {extra}/file.txt", grants=grants).ok
    assert (sandbox.outside / "file.txt").read_text() == "outside"


SWAP = """
import ctypes, sys
libc = ctypes.CDLL(None)
while True: libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2)  # RENAME_EXCHANGE
"""


def test_a_root_that_is_swapped_for_a_link_all_the_time_leads_nowhere(sandbox: Sandbox) -> None:
    """One command swaps a writable folder inside another for a link; none of those beside it gets the link's place."""
    parent, extra = sandbox.workspace / "folder", sandbox.workspace / "folder/extra"
    extra.mkdir()
    (parent / "link").symlink_to(sandbox.outside)
    grants = sandbox.grants | {"writable": [str(parent), str(extra)], "protected": []}
    before = tree(sandbox.outside)
    with Arena(sandbox.mode) as other:
        arguments = (sys.executable, "-c", SWAP, str(extra), str(parent / "link"))
        swapping = threading.Thread(target=lambda: other.run(*arguments, grants=grants, timeout_s=4))
        swapping.start()
        while swapping.is_alive():
            sandbox.run("/bin/touch", str(sandbox.outside / "pwned"), grants=grants, cwd="/")
    assert tree(sandbox.outside) == before


def test_a_folder_above_what_is_hidden_cannot_be_moved_away(sandbox: Sandbox) -> None:
    """The next command would find the secret under a name that nobody hides."""
    inner = sandbox.workspace / "folder/inner"
    inner.mkdir()
    (inner / ".env").write_text(SECRET)
    grants = {"hidden": [str(inner / ".env")], "protected": []}
    sandbox.shell("mv folder/inner folder/other; mv folder other", grants=grants)
    assert SECRET not in sandbox.shell("cat folder/other/.env other/inner/.env folder/inner/.env", grants=grants).out
    assert (inner / ".env").read_text() == SECRET
    assert sandbox.shell("echo fine > file.txt", grants=grants).ok


def test_a_root_that_is_a_link_of_the_users_is_followed(sandbox: Sandbox) -> None:
    link = sandbox.workspace.parent / "link"
    link.symlink_to(sandbox.outside)
    assert sandbox.shell("echo new > file.txt", cwd=str(sandbox.outside), grants={"writable": [str(link)]}).ok


def test_a_file_can_be_a_root(sandbox: Sandbox) -> None:
    grants = {"writable": [str(sandbox.outside / "file.txt")]}
    assert sandbox.shell(f"echo new > {sandbox.outside}/file.txt", grants=grants).ok
    assert not sandbox.shell(f"echo new > {sandbox.outside}/program", grants=grants).ok


def test_the_whole_file_system_as_root_still_keeps_what_is_protected(sandbox: Sandbox) -> None:
    everything = sandbox.granted(writable=["/"])
    assert everything.shell(f"echo new > {sandbox.outside}/file.txt").ok
    assert not everything.shell("echo pwned > .git/config").ok
    assert SECRET not in everything.shell(f"cat {sandbox.hidden}/token").out


def test_a_protected_path_above_a_root_wins(sandbox: Sandbox) -> None:
    grants = {"writable": [str(sandbox.workspace / "folder")], "protected": [str(sandbox.workspace)]}
    assert not sandbox.shell("echo pwned > folder/deep.txt", grants=grants).ok


def test_the_host_is_not_changed_by_the_views(sandbox: Sandbox) -> None:
    before = Path("/proc/self/mountinfo").read_text()
    assert sandbox.shell("true").ok
    assert Path("/proc/self/mountinfo").read_text() == before
    (sandbox.workspace / ".git/host").write_text("the host writes on")
    assert (sandbox.hidden / "token").read_text() == SECRET


@pytest.mark.parametrize("name", ["toolscript.toml", "rules.toml", "trusted.json", "approvals.db", "audit.jsonl"])
def test_files_that_decide_stay_although_they_lie_in_a_writable_folder(sandbox: Sandbox, name: str) -> None:
    state = sandbox.workspace / "state"
    state.mkdir()
    (state / name).write_text("decided")
    for attack in (f"echo pwned >> state/{name}", f"rm -f state/{name}", f"mv state/{name} state/x", "mv state x",
                   f"echo x > state/y; mv state/y state/{name}"):  # fmt: skip
        sandbox.shell(attack, grants={"protected": [str(state / name)]})
        assert (state / name).read_text() == "decided"
    assert sandbox.shell("echo x > folder/z", grants={"protected": [str(state / name)]}).ok


def test_the_arena_has_the_barriers_of_its_mode(sandbox: Sandbox, arena: Arena) -> None:
    done = sandbox.run(sys.executable, "-c", "")
    own = {"user_namespace", "mount_namespace", "pid_namespace", "ipc_namespace", "network_namespace"}
    if sandbox.has_namespaces:
        assert own <= set(done.barriers)
        assert done.missing == {}
    else:
        assert own <= set(done.missing)
    assert {"landlock", "seccomp", "no_capabilities", "no_new_privs"} <= set(done.barriers)
