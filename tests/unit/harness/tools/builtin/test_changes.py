from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import CallError
from harness.tools.builtin import changes
from harness.tools.builtin.changes import Change, apply_changes
from harness.tools.builtin.places import Places
from harness.tools.builtin.workspace import Workspace
from tests.unit.harness.tools.builtin.failing_system import Failing


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"old {name}\n")
    return tmp_path


@pytest.fixture
def places(root: Path) -> Places:
    return Places(Workspace(root))


def change(places: Places, path: str, content: bytes | None) -> Change:
    place = places.resolve(path)
    found = places.read(place)
    mode = None if found is None else stat.S_IMODE(found.status.st_mode)
    return Change(place, None if found is None else found.status, content, mode)


def many(places: Places) -> list[Change]:
    """An update, a removal, a new file, one in new folders, an update further down."""
    return [
        change(places, "a.txt", b"new a\n"),
        change(places, "b.txt", None),
        change(places, "e.txt", b"new e\n"),
        change(places, "new/deep/f.txt", b"new f\n"),
        change(places, "sub/c.txt", b"new c\n"),
        change(places, "sub/d.txt", None),
    ]


def tree(root: Path) -> dict[str, tuple[bytes | None, int]]:
    return {
        str(path.relative_to(root)): (path.read_bytes() if path.is_file() else None, path.stat().st_mode)
        for path in root.rglob("*")
    }


DONE = {"a.txt": b"new a\n", "e.txt": b"new e\n", "new/deep/f.txt": b"new f\n", "sub/c.txt": b"new c\n"}


def contents(root: Path) -> dict[str, bytes | None]:
    return {name: content for name, (content, _) in tree(root).items() if content is not None}


def test_all_changes_are_made_and_nothing_is_left_behind(places: Places, root: Path) -> None:
    apply_changes(places, many(places))
    assert contents(root) == DONE


def test_a_failure_of_any_system_call_leaves_every_file_as_it_was(
    places: Places, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root)
    failures = 0
    for number in range(1, 200):
        failing = Failing(number)
        with monkeypatch.context() as patched:
            patched.setattr(changes, "os", failing)
            try:
                apply_changes(places, many(places))
            except CallError:
                failures += 1
                assert tree(root) == before, f"after call {number}"
                continue
        if failing.count < number:  # every call was made to fail once
            break
        assert contents(root) == DONE  # what failed was a last clean-up, or a hard link that is not needed
        for name in contents(root):
            (root / name).unlink()
        break
    assert failures > 20


def test_a_failure_of_hard_links_is_made_good_by_renames(
    places: Places, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(changes.os, "link", no_links)
    before = tree(root)
    with monkeypatch.context() as patched:
        fail_at_the_last_rename(patched, 7)
        with pytest.raises(CallError):
            apply_changes(places, many(places))
    assert tree(root) == before
    apply_changes(places, many(places))
    assert contents(root) == DONE


def fail_at_the_last_rename(patched: pytest.MonkeyPatch, number: int) -> None:
    real: Callable[..., None] = os.rename
    count = 0

    def rename(*args: Any, **kwargs: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(*args, **kwargs)

    patched.setattr(changes.os, "rename", rename)


def test_what_cannot_be_put_back_is_named(places: Places, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Failing(10_000)
    with monkeypatch.context() as patched:
        patched.setattr(changes, "os", real)
        apply_changes(places, [change(places, "a.txt", b"1\n"), change(places, "b.txt", b"1\n")])
    renames = Failing(real.count - 4, number=errno.EIO, lasts=True)
    with monkeypatch.context() as patched:
        patched.setattr(changes, "os", renames)
        with pytest.raises(CallError) as caught:
            apply_changes(places, [change(places, "a.txt", b"2\n"), change(places, "b.txt", b"2\n")])
    assert "could not be put back at b.txt, a.txt" in caught.value.message


@pytest.mark.parametrize("meanwhile", ["changed", "removed", "replaced", "made", "folder"])
def test_a_file_that_something_else_touched_meanwhile_is_not_overwritten(
    places: Places, root: Path, meanwhile: str
) -> None:
    wanted = many(places)
    path = root / ("e.txt" if meanwhile == "made" else "sub/c.txt")
    if meanwhile in ("removed", "replaced", "folder"):
        path.unlink()
    if meanwhile == "folder":
        path.mkdir()
    elif meanwhile != "removed":
        path.write_text("of somebody else")
    before = tree(root)
    with pytest.raises(CallError) as caught:
        apply_changes(places, wanted)
    assert "changed by something else" in caught.value.message or meanwhile == "folder"
    assert caught.value.retryable or meanwhile == "folder"
    assert tree(root) == before


def test_permissions_are_kept_and_those_of_new_files_follow_the_umask(places: Places, root: Path) -> None:
    (root / "a.txt").chmod(0o751)
    before = os.umask(0o027)
    try:
        apply_changes(places, [change(places, "a.txt", b"x"), change(places, "new/x", b"x")])
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((root / name).stat().st_mode) for name in ("a.txt", "new/x", "new")]
    assert [oct(mode) for mode in modes] == ["0o751", "0o640", "0o750"]


def test_the_owner_is_kept_where_the_host_may(places: Places, root: Path) -> None:
    if os.geteuid() == 0:
        os.chown(root / "a.txt", 12_345, 54_321)
    owner = (root / "a.txt").stat().st_uid
    apply_changes(places, [change(places, "a.txt", b"x")])
    assert (root / "a.txt").stat().st_uid == owner


def test_a_folder_that_something_was_put_into_meanwhile_is_not_removed_by_an_undo(
    places: Places, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = many(places)

    def interfere(*args: Any, **kwargs: Any) -> None:
        (root / "new/deep/of_somebody_else").touch()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(changes.os, "rename", interfere)
    with pytest.raises(CallError):
        apply_changes(places, wanted)
    assert sorted(path.name for path in (root / "new/deep").iterdir()) == ["of_somebody_else"]
