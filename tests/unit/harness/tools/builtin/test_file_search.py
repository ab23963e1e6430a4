"""`file_search`."""

import os

import pytest

from harness.errors import CallError
from harness.tools.builtin import file_search, walk

TREE = {
    "harness/tools/registry.py": "",
    "harness/tools/binding.py": "",
    "harness/session.py": "",
    "policy/settings.py": "",
    "docs/registry.md": "",
    "README.md": "",
    ".gitignore": "build/\n",
    "build/registry.py": "",
    ".git/registry": "",
    ".ssh/registry": "",
}


def paths(found):
    return [match["path"] for match in found["matches"]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("registry.py", "harness/tools/registry.py"),
        ("regstry", "docs/registry.md"),
        ("tools/bindng", "harness/tools/binding.py"),
        ("SETTINGS", "policy/settings.py"),
        ("readme", "README.md"),
        ("sesion", "harness/session.py"),
    ],
)
async def test_the_likest_path_comes_first(call, fill, query, first):
    fill(TREE)
    assert paths(await call("file_search", query=query))[0] == first


async def test_ignored_and_secret_files_are_not_found(call, fill):
    fill(TREE)
    assert set(paths(await call("file_search", query="registry"))) >= {"harness/tools/registry.py", "docs/registry.md"}
    assert not any(
        path.startswith((".git/", "build", ".ssh")) for path in paths(await call("file_search", query="registry"))
    )
    found = paths(await call("file_search", query="registry", gitignore=False))
    assert "build/registry.py" in found
    assert not any(path.startswith((".git/", ".ssh")) for path in found)


async def test_a_glob_finds_exactly_what_it_matches(call, fill):
    fill(TREE)
    assert sorted(paths(await call("file_search", query="*.md"))) == ["README.md", "docs/registry.md"]
    assert paths(await call("file_search", query="harness/**/b*.py")) == ["harness/tools/binding.py"]
    assert paths(await call("file_search", query="tools/*.py", path="harness", limit=1)) == ["harness/tools/binding.py"]


@pytest.mark.parametrize("glob", ["[a", "!*", "*\\", "[/]*"])
async def test_an_impossible_glob_is_refused(call, glob):
    with pytest.raises(CallError) as caught:
        await call("file_search", query=glob)
    assert caught.value.code == "tool.invalid_arguments"


async def test_what_is_unlike_is_not_found(call, fill):
    fill(TREE)
    assert await call("file_search", query="zzqqxx") == {"matches": [], "searched": 7, "truncated": False}


async def test_the_number_of_matches_is_bounded_and_the_best_stay(call, fill):
    fill({f"d/test_{number:03}.py": "" for number in range(50)} | {"d/test.py": ""})
    found = await call("file_search", query="test.py", limit=5)
    assert (len(found["matches"]), found["truncated"], found["searched"]) == (5, True, 51)
    assert found["matches"][0]["path"] == "d/test.py"
    scores = [match["score"] for match in found["matches"]]
    assert scores == sorted(scores, reverse=True)


async def test_a_walk_that_is_too_long_is_cut(call, fill, monkeypatch):
    monkeypatch.setattr(walk, "MAX_ENTRIES", 20)
    fill({f"d/{number:03}.py": "" for number in range(50)})
    assert (await call("file_search", query="*.py", limit=1000))["truncated"]


async def test_links_and_names_that_are_not_utf8_are_left_out(call, fill):
    root = fill({"a.py": ""})
    os.symlink("a.py", root / "b.py")
    (root / os.fsdecode(b"c\xe9.py")).write_text("")
    assert paths(await call("file_search", query="*.py")) == ["a.py"]


async def test_a_search_that_takes_too_long_ends_with_what_it_has(call, fill, monkeypatch):
    monkeypatch.setattr(file_search, "_BUDGET_S", -1.0)
    fill({"a": "", "b": ""})
    assert (await call("file_search", query="a"))["truncated"]


async def test_folders_are_entered_to_so_many_levels(call, fill):
    fill({"d/" * 63 + "a.near": "", "d/" * 64 + "a.far": ""})
    assert paths(await call("file_search", query="*.near")) == ["d/" * 63 + "a.near"]
    assert paths(await call("file_search", query="*.far")) == []
