"""`list_dir`."""

import os

import pytest

from harness.errors import CallError, DeniedError
from harness.tools.builtin import list_dir, walk


def names(found):
    return [entry["name"] for entry in found["entries"]]


async def test_entries_have_name_type_and_size(call, fill):
    root = fill({"b.txt": "12345", "a/x": "", "c.txt": ""})
    os.symlink("b.txt", root / "link")
    os.mkfifo(root / "pipe")
    assert await call("list_dir") == {
        "path": ".",
        "entries": [
            {"name": "a", "type": "folder", "size": None},
            {"name": "b.txt", "type": "file", "size": 5},
            {"name": "c.txt", "type": "file", "size": 0},
            {"name": "link", "type": "link", "size": None},
            {"name": "pipe", "type": "other", "size": None},
        ],
        "truncated": False,
    }


async def test_depth_lists_folders_within(call, fill):
    fill({"a/b/c/d": "", "e": ""})
    assert names(await call("list_dir", depth=1)) == ["a", "e"]
    assert names(await call("list_dir", depth=3)) == ["a", "a/b", "a/b/c", "e"]
    assert names(await call("list_dir", path="a", depth=2)) == ["b", "b/c"]


async def test_gitignore_can_be_turned_off(call, fill):
    fill({".gitignore": "build/\n*.log\n", "build/x": "", "a.log": "", "src/b.log": "", ".git/HEAD": ""})
    assert names(await call("list_dir", depth=2)) == [".gitignore", "src"]
    everything = names(await call("list_dir", depth=2, gitignore=False))
    assert everything == [".git", ".gitignore", "a.log", "build", "build/x", "src", "src/b.log"]


async def test_secrets_are_named_and_not_entered(call, fill):
    fill({".env": "x", ".ssh/id_rsa": "x"})
    assert names(await call("list_dir", depth=3)) == [".env", ".ssh"]
    with pytest.raises(DeniedError):
        await call("list_dir", path=".ssh")


async def test_the_number_of_entries_is_bounded(call, fill):
    fill({f"f{number:03}": "" for number in range(30)})
    found = await call("list_dir", limit=10)
    assert (len(found["entries"]), found["truncated"]) == (10, True)
    assert not (await call("list_dir", limit=30))["truncated"]


async def test_a_folder_of_endless_entries_is_cut(call, fill, monkeypatch):
    monkeypatch.setattr(walk, "MAX_ENTRIES", 20)
    fill({f"f{number:03}": "" for number in range(50)})
    found = await call("list_dir", limit=500)
    assert len(found["entries"]) <= 20
    assert found["truncated"]


async def test_links_are_not_followed_down(call, fill):
    root = fill({"a/x": ""})
    os.symlink("..", root / "a/up")
    assert names(await call("list_dir", depth=64)) == ["a", "a/up", "a/x"]


async def test_names_that_are_not_utf8_are_shown_with_a_replacement(call, fill):
    root = fill({"a": ""})
    (root / os.fsdecode(b"caf\xe9")).write_text("x")
    assert names(await call("list_dir")) == ["a", "caf\ufffd"]


async def test_what_is_no_folder_is_said(call, fill):
    fill({"a": ""})
    with pytest.raises(CallError) as caught:
        await call("list_dir", path="a")
    assert "is a file, not a folder" in caught.value.message


async def test_a_folder_that_cannot_be_entered_is_named(call, fill):
    root = fill({"a/x": "", "b": ""})
    (root / "a").chmod(0)
    try:
        assert names(await call("list_dir", depth=2))[0] == "a"
    finally:
        (root / "a").chmod(0o700)


async def test_a_walk_that_takes_too_long_ends_with_what_it_has(call, fill, monkeypatch):
    monkeypatch.setattr(list_dir, "_BUDGET_S", -1.0)
    fill({"a": "", "b": ""})
    assert (await call("list_dir"))["truncated"]
