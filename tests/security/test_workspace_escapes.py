"""What a script, or a process that races it, may try to get out of the workspace by the reading tools.

`make test` repeats this folder as an ordinary user. Ids in brackets are those of the catalogue of cases.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness.errors import CallError, DeniedError, HarnessError
from harness.tools.builtin import reading_tools
from harness.tools.builtin.workspace import Workspace

SECRET = "the secret that lies outside"


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
    (folder / "inside.txt").write_text("inside")
    (folder / "sub/deep.txt").write_text("deep")
    return folder


@pytest.fixture
def workspace(root: Path) -> Workspace:
    return Workspace(root)


def read(workspace: Workspace, path: str) -> str:
    with workspace.open_file(path) as opened:
        return os.read(opened.fd, 1000).decode()


def refusal(workspace: Workspace, path: str) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        read(workspace, path)
    return caught.value


@pytest.mark.parametrize(
    "path",
    [
        "../outside/secret.txt",
        "sub/../../outside/secret.txt",
        "./sub/./.././../outside/secret.txt",
        "sub/../sub/../../workspace/inside.txt",
        "..",
        "../",
        "/etc/passwd",
        "//etc/passwd",
        "/",
        "/proc/self/environ",
        "/proc/self/root/etc/passwd",
        "sub/" + "../" * 100 + "etc/passwd",
    ],
)
def test_a_path_that_leads_out_is_forbidden(workspace, path):
    error = refusal(workspace, path)
    assert isinstance(error, DeniedError)
    assert error.code == "policy.forbidden"


def test_an_absolute_path_through_the_root_and_out_is_forbidden(workspace, root):
    assert refusal(workspace, f"{root}/../outside/secret.txt").code == "policy.forbidden"
    assert refusal(workspace, f"{root}-other/x").code == "policy.forbidden"


@pytest.mark.parametrize(
    "target",
    [
        "{outside}/secret.txt",
        "../outside/secret.txt",
        "sub/../../outside/secret.txt",
        "/etc/passwd",
        "/proc/self/environ",
    ],
)
def test_a_link_that_leads_out_is_forbidden(workspace, root, outside, target):
    os.symlink(target.format(outside=outside), root / "link")
    os.symlink("link", root / "link_to_link")
    for path in ("link", "link_to_link", "sub/../link"):
        assert refusal(workspace, path).code == "policy.forbidden"


def test_a_folder_link_that_leads_out_is_forbidden(workspace, root, outside):
    os.symlink(outside, root / "folder")
    os.symlink("..", root / "sub/up")
    assert refusal(workspace, "folder/secret.txt").code == "policy.forbidden"
    assert refusal(workspace, "sub/up/../outside/secret.txt").code == "policy.forbidden"


def test_the_allowed_twins_of_links_are_followed(workspace, root):
    os.symlink("../inside.txt", root / "sub/relative")
    os.symlink(root / "inside.txt", root / "absolute")
    os.symlink("sub", root / "folder")
    for path, text in [("sub/relative", "inside"), ("absolute", "inside"), ("folder/deep.txt", "deep"),
                       ("folder/../inside.txt", "inside"), ("sub/../inside.txt", "inside")]:  # fmt: skip
        assert read(workspace, path) == text
    with workspace.open_file("folder/deep.txt") as opened:
        assert opened.path == "sub/deep.txt"


def test_links_in_a_circle_end(workspace, root):
    os.symlink("b", root / "a")
    os.symlink("a", root / "b")
    os.symlink("self/self", root / "self")
    os.symlink("sub/../chain" + "/." * 50, root / "chain")
    for path in ("a", "self", "chain", "a/x"):
        assert refusal(workspace, path).code == "tool.failed"


def test_links_that_multiply_end_soon(workspace, root):
    os.symlink("sub/.." * 1 + "/sub" * 1, root / "l0")
    for level in range(1, 30):
        os.symlink(f"l{level - 1}/../l{level - 1}", root / f"l{level}")
    started = time.monotonic()
    refusal(workspace, "l29/deep.txt")
    assert time.monotonic() - started < 1


def test_a_link_to_a_descriptor_is_not_magic(workspace, root, outside):
    fd = os.open(outside / "secret.txt", os.O_RDONLY)
    try:
        os.symlink(f"/proc/self/fd/{fd}", root / "magic")
        os.symlink(f"/dev/fd/{fd}", root / "dev")
        assert refusal(workspace, "magic").code == "policy.forbidden"
        assert refusal(workspace, "dev").code == "policy.forbidden"
    finally:
        os.close(fd)


@pytest.mark.parametrize("path", ["proc/self/environ", "proc/self/maps", "proc/self/cwd", "proc/1/cmdline"])
def test_proc_is_not_read_even_from_a_root_that_holds_it(path):
    with pytest.raises(HarnessError):
        read(Workspace("/"), path)


def test_a_search_does_not_enter_proc():
    proc = Workspace("/")
    with proc.open_folder(".") as opened, pytest.raises(OSError, match="Invalid"):
        proc.open_child(opened.fd, ("proc",), "folder")


@pytest.mark.timeout(10)
def test_pipes_sockets_and_devices_never_block(workspace, root, monkeypatch):
    monkeypatch.chdir(root)  # the path of a socket is short
    os.mkfifo(root / "pipe")
    os.symlink("pipe", root / "link")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for path in ("pipe", "link", "socket"):
            error = refusal(workspace, path)
            assert error.code == "tool.failed"
            assert "pipe, socket or device" in error.message
    if os.geteuid() == 0:
        try:
            os.mknod(root / "zero", 0o666 | 0o020000, os.makedev(1, 5))
        except PermissionError:
            return  # a container without CAP_MKNOD: root cannot make the device, so nobody can
        assert "device" in refusal(workspace, "zero").message


def test_a_pipe_that_replaces_a_file_after_the_look_never_blocks(workspace, root, monkeypatch):
    real = os.stat(root / "inside.txt")
    (root / "inside.txt").unlink()
    os.mkfifo(root / "inside.txt")
    monkeypatch.setattr(os, "stat", lambda *args, **kwargs: real)
    with pytest.raises(CallError) as caught:
        read(workspace, "inside.txt")
    assert "pipe" in caught.value.message


@pytest.mark.parametrize(
    "path", ["a" * 300, "sub/" + "a" * 256, "a/" * 2000, "x" * 5000, "a\0b", "\0", "\ud800", "sub/\udcff"]
)
def test_names_that_cannot_be_are_refused(workspace, path):
    assert refusal(workspace, path).code in ("tool.failed", "tool.invalid_arguments")


def test_a_deep_path_needs_no_more_descriptors_than_there_are(workspace, root):
    deep = "d/" * 300
    (root / deep).mkdir(parents=True)
    (root / deep / "f").write_text("far")
    assert read(workspace, deep + "f") == "far"
    before = len(os.listdir("/proc/self/fd"))
    refusal(workspace, deep + "missing")
    assert len(os.listdir("/proc/self/fd")) == before


def test_names_that_are_not_utf8_harm_nothing(workspace, root, outside):
    odd = os.fsdecode(b"caf\xe9")
    (root / odd).mkdir()
    (root / odd / "x.txt").write_text("x")
    os.symlink(odd, root / "link")
    with workspace.open_file("link/x.txt") as opened:
        assert opened.path == "caf\ufffd/x.txt"


@pytest.mark.parametrize(
    "path", ["link", "../x", "/etc/shadow", "nothing/here", "inside.txt/x", "a" * 300, "loop", "unreadable"]
)
def test_errors_show_no_host_paths(workspace, root, outside, path):
    os.symlink(outside / "secret.txt", root / "link")
    os.symlink("loop", root / "loop")
    (root / "unreadable").write_text("")
    (root / "unreadable").chmod(0)
    if path == "unreadable" and os.geteuid() == 0:
        return  # root may read it
    told = str(refusal(workspace, path).to_wire())
    assert str(root) not in told
    assert str(outside) not in told


def test_descriptors_are_not_lost(workspace, root, outside):
    os.symlink(outside, root / "link")
    os.mkfifo(root / "pipe")
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        for path in ("link/secret.txt", "pipe", "missing", "sub", "../x", "sub/deep.txt/x", ".env"):
            refusal(workspace, path)
        read(workspace, "sub/deep.txt")
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_root_stays_the_same_folder_when_it_is_renamed(workspace, root, outside):
    root.rename(root.with_name("moved"))
    os.symlink(outside, root)
    assert read(workspace, "inside.txt") == "inside"
    assert refusal(workspace, "secret.txt").code == "tool.failed"


@pytest.fixture
def race(root: Path) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Run a change over and over in a thread while the test reads."""
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


def put(path: Path, make: Callable[[Path], object]) -> None:
    """Make something beside a path and rename it into its place, as one step."""
    new = path.with_name("new")
    make(new)
    os.rename(new, path)


@pytest.mark.timeout(60)
def test_a_file_that_is_swapped_for_a_link_thousands_of_times_never_leads_out(workspace, root, outside, race):
    target = root / "sub/swapped.txt"
    target.write_text("inside")

    def change() -> None:
        put(target, lambda new: os.symlink(outside / "secret.txt", new))
        put(target, lambda new: new.write_text("inside"))

    race(change)
    seen = {"read": 0, "refused": 0}
    for _ in range(5000):
        try:
            assert read(workspace, "sub/swapped.txt") in ("inside", "")
            seen["read"] += 1
        except DeniedError:
            seen["refused"] += 1
    assert min(seen.values()) > 0


@pytest.mark.timeout(60)
def test_a_folder_that_is_swapped_for_a_link_thousands_of_times_never_leads_out(workspace, root, outside, race):
    (outside / "deep.txt").write_text(SECRET)
    folder, aside, link = root / "sub", root / "aside", root / "link"
    os.symlink(outside, link)

    def change() -> None:
        os.rename(folder, aside)
        os.rename(link, folder)
        os.rename(folder, link)
        os.rename(aside, folder)

    race(change)
    seen = {"read": 0, "refused": 0}
    for _ in range(5000):
        try:
            assert read(workspace, "sub/deep.txt") == "deep"
            seen["read"] += 1
        except HarnessError:
            seen["refused"] += 1
    assert min(seen.values()) > 0


@pytest.mark.timeout(60)
def test_a_search_that_races_with_swaps_never_leads_out(root, outside, race):
    import anyio

    (outside / "deep.txt").write_text(SECRET)
    folder, aside, link = root / "sub", root / "aside", root / "link"
    os.symlink(outside, link)

    def change() -> None:
        os.rename(folder, aside)
        os.rename(link, folder)
        os.rename(folder, link)
        os.rename(aside, folder)

    race(change)
    grep = reading_tools(root)[3]

    async def search() -> None:
        for _ in range(300):
            found = await grep.handler(grep.validated({"pattern": "secret|deep"}))
            assert SECRET not in str(found)

    anyio.run(search)


@pytest.mark.timeout(60)
def test_a_file_that_is_swapped_for_a_pipe_never_blocks(workspace, root, race):
    target = root / "sub/swapped.txt"
    target.write_text("inside")

    def change() -> None:
        put(target, os.mkfifo)
        put(target, lambda new: new.write_text("inside"))

    race(change)
    for _ in range(2000):
        with suppress(CallError):  # that it is a pipe
            assert read(workspace, "sub/swapped.txt") in ("inside", "")


def test_what_is_mounted_inside_belongs_to_the_workspace(workspace, root, outside):
    unshare = shutil.which("unshare")
    code = (
        "import sys; from harness.tools.builtin.workspace import Workspace; import os\n"
        "with Workspace(sys.argv[1]).open_file('sub/secret.txt') as opened: print(os.read(opened.fd, 100).decode())"
    )
    script = f'mount --bind "$1" "$2/sub" || exit 77; exec "$3" -c "{code}" "$2"'
    if unshare is None:
        pytest.skip("this machine has no unshare(1) to make a mount with")
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    done = subprocess.run(
        [unshare, *as_root, "--mount", "sh", "-c", script, "sh", str(outside), str(root), sys.executable],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    if done.returncode in (1, 77):
        pytest.skip(f"this machine allows no mount namespace: {done.stderr.strip()}")
    assert done.stdout.strip() == SECRET
