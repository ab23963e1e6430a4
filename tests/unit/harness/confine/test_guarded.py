"""Names in an order become real paths: links, pointer files, what is missing, what lies inside what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.confine.guarded import Guarded, git_folders, guarded, is_below, is_inside
from harness.confine.order import Order

ORDER = Order(
    argv=("true",), program="/bin/true", cwd="/", env={}, confinement="required", is_confined=True, network=False,
    writable=(), protected=(), hidden=(), memory_bytes=None, processes=None, file_bytes=None, cpu_time_s=None,
)  # fmt: skip


def look(
    *, writable: tuple[object, ...] = (), protected: tuple[object, ...] = (), hidden: tuple[object, ...] = ()
) -> Guarded:
    def texts(paths: tuple[object, ...]) -> tuple[str, ...]:
        return tuple(map(str, paths))

    return guarded(replace(ORDER, writable=texts(writable), protected=texts(protected), hidden=texts(hidden)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root/inner").mkdir(parents=True)
    return (tmp_path / "root").resolve()


def test_an_order_travels_as_a_file() -> None:
    order = replace(ORDER, argv=("a", "\udcff"), env={"A": "b"}, writable=("/x",), memory_bytes=5)
    assert Order.from_file(order.to_file()) == order


def test_what_is_missing_is_left_out(root: Path) -> None:
    looked = look(writable=(root, root / "no", "/no", ""), protected=(root / ".git",), hidden=(root / "key",))
    assert looked == Guarded((str(root),), (), (), ())


def test_a_root_inside_another_is_the_other(root: Path) -> None:
    assert look(writable=(root / "inner", root)).roots == (str(root),)


@pytest.mark.parametrize("path", ["/proc", "/proc/sys", "/sys", "/dev", "/dev/shm"])
def test_what_is_the_kernels_is_no_root(path: str) -> None:
    assert look(writable=(path,)).roots == ()


def test_the_root_of_the_file_system_stands_for_what_is_in_it() -> None:
    roots = look(writable=("/",)).roots
    assert "/usr" in roots
    assert not {"/", "/proc", "/sys", "/dev"} & set(roots)


def test_a_root_below_a_protected_or_hidden_path_is_none(root: Path) -> None:
    assert look(writable=(root / "inner",), protected=(root,)).roots == ()
    assert look(writable=(root / "inner",), hidden=(root,)).roots == ()


def test_a_protected_path_outside_the_roots_needs_no_guard(root: Path) -> None:
    assert look(writable=(root / "inner",), protected=("/etc", root / "inner")).kept == ()


def test_a_link_is_guarded_and_so_is_what_it_leads_to(root: Path) -> None:
    (root / "link").symlink_to("inner")
    looked = look(writable=(root,), protected=(root / "link",))
    assert (looked.kept, looked.links) == ((str(root / "inner"),), (str(root / "link"),))


def test_a_link_into_nowhere_is_guarded(root: Path) -> None:
    (root / "link").symlink_to("nowhere")
    looked = look(writable=(root,), protected=(root / "link",))
    assert (looked.kept, looked.links) == ((), (str(root / "link"),))


def test_a_hidden_link_hides_what_it_leads_to(root: Path) -> None:
    (root / "link").symlink_to("inner")
    assert look(hidden=(root / "link",)).hidden == (str(root / "inner"),)


def test_a_pointer_file_stands_for_the_folders_it_points_to(root: Path) -> None:
    folder = root / "top/.git/worktrees/tree"
    folder.mkdir(parents=True)
    (folder / "commondir").write_text("../..\n")
    (root / "inner/.git").write_text("gitdir: ../top/.git/worktrees/tree\n")
    assert list(git_folders(str(root / "inner/.git"))) == [str(folder), str(root / "top/.git")]
    kept = look(writable=(root,), protected=(root / "inner/.git",)).kept
    assert kept == (str(root / "inner/.git"), str(folder), str(root / "top/.git"))


@pytest.mark.parametrize("content", [b"", b"gitdir:", b"gitdir: /nonexistent", b"\xff\xfe", b"x" * 10_000])
def test_a_strange_pointer_file_hinders_nothing(root: Path, content: bytes) -> None:
    (root / ".git").write_bytes(content)
    assert str(root / ".git") in look(writable=(root,), protected=(root / ".git",)).kept


def test_a_pointer_to_the_workspace_itself_does_not_close_it(root: Path) -> None:
    (root / ".git").write_text("gitdir: .\n")
    assert look(writable=(root,), protected=(root / ".git",)).roots == (str(root),)


def test_names_are_compared_by_components() -> None:
    assert is_below("/a/b", ("/a",))
    assert is_below("/a", ("/a",))
    assert is_below("/a", ("/",))
    assert not is_below("/ab", ("/a",))
    assert not is_inside("/a", ("/a",))
