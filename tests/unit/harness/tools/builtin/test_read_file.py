"""`read_file`."""

import os

import pytest

from harness.errors import CallError, DeniedError
from harness.tools.builtin import read_file, reading_tools
from harness.tools.builtin.workspace import Workspace

TEN = "".join(f"line {number}\n" for number in range(1, 11))


async def test_a_small_file_comes_whole(call, fill):
    fill({"src/a.txt": "one\ntwo\n"})
    assert await call("read_file", path="src/a.txt") == {
        "path": "src/a.txt",
        "content": "one\ntwo\n",
        "first_line": 1,
        "lines": 2,
        "total_lines": 2,
        "truncated": False,
    }


@pytest.mark.parametrize(
    ("offset", "limit", "content", "truncated"),
    [
        (1, 3, "line 1\nline 2\nline 3\n", True),
        (9, 2, "line 9\nline 10\n", False),
        (9, 1, "line 9\n", True),
        (10, 50, "line 10\n", False),
        (11, 5, "", False),
        (10_000_000, 5, "", False),
    ],
)
async def test_lines_are_counted_from_the_offset(call, fill, offset, limit, content, truncated):
    fill({"a": TEN})
    found = await call("read_file", path="a", offset=offset, limit=limit)
    assert (found["content"], found["truncated"], found["total_lines"]) == (content, truncated, 10)
    assert found["lines"] == content.count("\n")


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
async def test_chunks_of_any_size_give_the_same_lines(call, fill, monkeypatch, chunk):
    fill({"a": TEN + "no newline"})
    monkeypatch.setattr(read_file, "_CHUNK", chunk)
    for offset in range(1, 13):
        for limit in (1, 2, 20):
            found = await call("read_file", path="a", offset=offset, limit=limit)
            wanted = (TEN + "no newline").splitlines(keepends=True)
            assert found["content"] == "".join(wanted[offset - 1 : offset - 1 + limit])
            assert found["total_lines"] == 11
            assert found["truncated"] == (offset - 1 + limit < 11)


async def test_an_empty_file_has_no_lines(call, fill):
    fill({"a": ""})
    found = await call("read_file", path="a")
    assert (found["content"], found["lines"], found["total_lines"], found["truncated"]) == ("", 0, 0, False)


async def test_newlines_come_as_they_stand_and_a_byte_order_mark_does_not(call, fill):
    fill({"a": b"\xef\xbb\xbfone\r\ntwo"})
    assert (await call("read_file", path="a"))["content"] == "one\r\ntwo"


async def test_what_is_not_utf8_is_replaced(call, fill):
    fill({"a": b"caf\xe9\n"})
    assert (await call("read_file", path="a"))["content"] == "caf\ufffd\n"


async def test_a_binary_file_is_refused_with_its_size(call, fill):
    fill({"a": b"\x7fELF\0\0\0"})
    with pytest.raises(CallError) as caught:
        await call("read_file", path="a")
    assert caught.value.code == "tool.failed"
    assert "binary file of 7 bytes" in caught.value.message


async def test_content_is_cut_at_whole_lines(call, fill):
    fill({"a": "x" * 99 + "\n" + "é" * 200_000 + "\nend\n"})
    found = await call("read_file", path="a")
    assert (found["lines"], found["truncated"], found["total_lines"]) == (1, True, 3)
    found = await call("read_file", path="a", offset=2, limit=1)
    assert found["content"] == "é" * (read_file.MAX_CONTENT_BYTES // 2)
    assert found["truncated"]


async def test_the_lines_of_a_huge_file_are_not_counted(call, fill, monkeypatch):
    monkeypatch.setattr(read_file, "MAX_COUNTED_BYTES", 100_000)
    fill({"a": "x\n" * 200_000})
    found = await call("read_file", path="a", limit=3)
    assert (found["content"], found["total_lines"], found["truncated"]) == ("x\nx\nx\n", None, True)


async def test_counting_the_lines_ends_when_it_takes_too_long(call, fill, monkeypatch):
    monkeypatch.setattr(read_file, "_BUDGET_S", -1.0)
    fill({"a": "x\n" * 100_000})
    found = await call("read_file", path="a", limit=3)
    assert (found["content"], found["total_lines"]) == ("x\nx\nx\n", None)


async def test_a_missing_file_is_reported_with_the_nearest_name(call, fill):
    fill({"src/settings.py": ""})
    with pytest.raises(CallError) as caught:
        await call("read_file", path="src/setings.py")
    assert caught.value.code == "tool.failed"
    assert caught.value.message == "there is no 'src/setings.py' in the workspace"
    assert caught.value.hint == "did you mean 'src/settings.py'?"


async def test_a_missing_folder_on_the_way_is_named(call, fill):
    fill({"source/a.py": ""})
    with pytest.raises(CallError) as caught:
        await call("read_file", path="sourc/a.py")
    assert "there is no 'sourc'" in caught.value.message
    assert caught.value.hint == "did you mean 'source'?"


@pytest.mark.parametrize(
    ("path", "said"), [("d", "is a folder"), ("a/b", "a part of it is a file"), ("", "is a folder")]
)
async def test_what_is_no_file_is_said(call, fill, path, said):
    fill({"a": "", "d/": ""})
    with pytest.raises(CallError) as caught:
        await call("read_file", path=path)
    assert caught.value.code == "tool.failed"
    assert said in caught.value.message


async def test_an_absolute_path_below_the_root_counts(call, fill):
    root = fill({"a": "x"})
    assert (await call("read_file", path=f"{root}/a"))["path"] == "a"


@pytest.mark.parametrize("path", [".env", "sub/.env.local", ".ssh/config", ".aws/credentials", "x/.SSH/y", "id_rsa"])
async def test_secret_paths_are_refused_whether_they_exist_or_not(call, fill, path):
    with pytest.raises(DeniedError) as caught:
        await call("read_file", path=path)
    assert caught.value.code == "policy.forbidden"
    fill({path: "secret"})
    with pytest.raises(DeniedError):
        await call("read_file", path=path)


async def test_a_link_to_a_secret_is_refused(call, fill):
    root = fill({".env": "secret", "notes/": ""})
    os.symlink("../.env", root / "notes/plain.txt")
    with pytest.raises(DeniedError):
        await call("read_file", path="notes/plain.txt")


async def test_a_granted_secret_is_read(fill):
    root = fill({".env": "A=1", ".ssh/config": "Host x", ".ssh/id_rsa": "key"})
    tool = reading_tools(Workspace(root, granted=[".env", ".ssh/config"]))[0]
    assert (await tool.handler(tool.validated({"path": ".env"})))["content"] == "A=1"
    assert (await tool.handler(tool.validated({"path": ".ssh/config"})))["content"] == "Host x"
    with pytest.raises(DeniedError):
        await tool.handler(tool.validated({"path": ".ssh/id_rsa"}))


async def test_git_internals_can_be_read_when_asked_for(call, fill):
    fill({".git/HEAD": "ref: refs/heads/main\n"})
    assert (await call("read_file", path=".git/HEAD"))["content"].startswith("ref:")


@pytest.mark.parametrize("arguments", [{"path": "a", "offset": 0}, {"path": "a", "limit": 0}, {}, {"path": 1}])
async def test_f24_arguments_are_validated(call, arguments):
    with pytest.raises(CallError) as caught:
        await call("read_file", **arguments)
    assert caught.value.code == "tool.invalid_arguments"
