"""What `.gitignore` files leave out."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.tools.builtin.patience import Patience
from harness.tools.builtin.walk import Walk
from harness.tools.builtin.workspace import Workspace

CASES = [
    {".gitignore": "*.log\n!keep.log\n", "a.log": "", "keep.log": "", "d/b.log": "", "d/keep.log": ""},
    {".gitignore": "build/\n/only_here\n", "build/x": "", "d/build/x": "", "only_here": "", "d/only_here": ""},
    {".gitignore": "*\n!*.py\n!*/\n", "a.py": "", "a.txt": "", "d/b.py": "", "d/b.txt": ""},
    {".gitignore": "*.txt\n", "d/.gitignore": "!b.txt\n", "a.txt": "", "d/b.txt": "", "d/e/b.txt": "", "d/c.txt": ""},
    {".gitignore": "out\n", "d/.gitignore": "!out\n", "out/x": "", "d/out/x": "", "d/e/out/x": ""},
    {".gitignore": "# note\n\n  \n\\#a\nfoo bar\n", "#a": "", "foo bar": "", "foo": ""},
    {".gitignore": "a/**/z\n**/t\nx/**\n", "a/z": "", "a/b/c/z": "", "k/t": "", "x/y/w": "", "x2": ""},
    {".gitignore": "d/*\n!d/keep\n", "d/keep/x": "", "d/drop/x": "", "d/y": ""},
    {".gitignore": "[a-c].py\n?.md\n", "a.py": "", "d.py": "", "x.md": "", "xy.md": ""},
    {".gitignore": "[a\n*.log\n", "a.log": "", "a.txt": ""},
]


@pytest.mark.parametrize("files", CASES, ids=range(len(CASES)))
def test_the_same_files_are_left_out_as_by_git(fill, files):
    root = fill(files)
    assert walked(root) == listed_by_git(root)


PIECES = st.sampled_from(
    [
        "*",
        "**",
        "?",
        "/",
        "/**/",
        "**/",
        "/**",
        "a",
        "b",
        "a.b",
        "[ab]",
        "[!a]",
        "[a-",
        "]",
        "\\",
        "!",
        "#",
        " ",
        "[]a]",
        "[+-9]",
    ]
)
RULES = st.lists(st.lists(PIECES, min_size=1, max_size=4).map("".join), min_size=1, max_size=4).map("\n".join)
TREE = ["a", "b", "a.b", "ab/a", "ab/b", "c/a/a", "c/a/b", "c/b/ab", "c/c/c/a", "-", "#", "c/ a", "c/]"]


@settings(max_examples=60, deadline=None)
@given(RULES, st.none() | RULES)
def test_any_rules_leave_out_the_same_files_as_by_git(rules, inner):
    # Here git does not do as it says: it compares the literal "a" of "a**/b" first, and takes the rest for "**/b".
    assume(not re.search(r"[^/\n*]\*\*", f"{rules}\n{inner}"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in TREE:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()
        (root / ".gitignore").write_text(rules)
        if inner is not None:
            (root / "c/.gitignore").write_text(inner)
        assert walked(root) == listed_by_git(root)


def walked(root: Path) -> list[str]:
    workspace = Workspace(root)
    with workspace.open_folder(".") as opened:
        entries = Walk(workspace, Patience(60)).entries(opened)
        return sorted(entry.path for entry in entries if entry.type == "file")


def listed_by_git(root: Path) -> list[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=root, check=True, env=environment)
    command = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, env=environment, capture_output=True).stdout.decode()
    return sorted(filter(None, listed.split("\0")))


async def test_rules_above_the_searched_folder_hold(call, fill):
    fill({".gitignore": "*.log\n", "d/.gitignore": "*.tmp\n", "d/e/a.log": "", "d/e/b.tmp": "", "d/e/c": ""})
    found = await call("file_search", query="*", path="d/e")
    assert [match["path"] for match in found["matches"]] == ["d/e/c"]


async def test_rules_of_the_repository_itself_hold(call, fill):
    fill({".git/info/exclude": "private\n", "private": "", "open": ""})
    assert [entry["name"] for entry in (await call("list_dir"))["entries"]] == ["open"]


@pytest.mark.parametrize(
    "rules",
    [
        "*a" * 240 + "\n",
        ("*a*b*c*d*" + "\n") * 2000,
        "\n".join(f"{'*a' * 100}{number}" for number in range(300)),
        "\n".join(f"[a{number}" for number in range(2000)),
        "x" * 70_000,
        "\0\n\xff\n!\n/\n",
    ],
    ids=["many stars", "many rules", "large set", "impossible rules", "long line", "garbage"],
)
async def test_hostile_rules_end_soon(call, fill, rules):
    fill({".gitignore": rules, "a" * 250: "", "b": "", "d/" + "a" * 250: ""})
    started = time.monotonic()
    found = await call("file_search", query="b")
    assert time.monotonic() - started < 8
    assert "b" in [match["path"] for match in found["matches"]]


async def test_a_gitignore_that_is_no_plain_file_is_passed_over(call, fill):
    root = fill({"a": "", "d/b": "", "elsewhere": "a\n"})
    os.symlink("elsewhere", root / ".gitignore")
    os.mkfifo(root / "d/.gitignore")
    found = await call("file_search", query="?")
    assert [match["path"] for match in found["matches"]] == ["a", "d/b"]


@pytest.mark.parametrize(
    ("rules", "is_heeded"),
    [
        ("x\n" * 1_999 + "a", True),
        ("x\n" * 2_000 + "a", False),  # lines
        ("[" + "a" * 498 + "]", True),
        ("[" + "a" * 499 + "]", False),  # characters of a pattern
        (("#" * 254 + "\n") * 256 + "a", True),
        (("#" * 255 + "\n") * 256 + "a", False),  # bytes
    ],
    ids=["lines", "too many lines", "pattern", "too long a pattern", "bytes", "too many bytes"],
)
def test_so_much_of_a_file_is_heeded(fill, rules, is_heeded):
    root = fill({".gitignore": rules, "a": ""})
    assert ("a" not in walked(root)) is is_heeded


def test_files_in_so_many_folders_hold_at_once(fill):
    root = fill(
        {"d/" * depth + ".gitignore": "secret" if depth < 32 else "a" for depth in range(33)} | {"d/" * 32 + "a": ""}
    )
    assert "d/" * 32 + "a" in walked(root)
    (root / "d/.gitignore").unlink()
    assert "d/" * 32 + "a" not in walked(root)
