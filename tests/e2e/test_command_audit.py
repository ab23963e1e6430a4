"""`toolscript audit` as an operator runs it, on the record of real runs."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.audit import verify_chain
from harness.audit.record import hash_of
from tests.e2e.conftest import Command


@pytest.fixture
def record(folder: Path, toolscript: Command) -> Path:
    """Two runs: one calls two tools and fails, one returns."""
    tools = ("--tools", "my_tools:ALL", "--audit", "audit.jsonl")
    source = "await tools.add(a=1)\nawait tools.fail(reason='=no')"
    assert toolscript("run", "-", *tools, stdin=source).code == 1
    assert toolscript("run", "-", *tools, stdin="return 1").code == 0
    return folder / "audit.jsonl"


def heads(record: Path) -> list[str]:
    return [json.loads(line)["hash"] for line in record.read_text().splitlines()]


def test_show_tells_each_record_in_a_line(toolscript: Command, record: Path) -> None:
    done = toolscript("audit", "show", "audit.jsonl")
    assert (done.code, done.err) == (0, "")
    words = [line.split() for line in done.out.splitlines()]
    assert [line[0] for line in words] == [str(n + 1) for n in range(len(words))]
    assert [line[3] for line in words] == [
        *("run_started", "decision", "call", "decision", "failure", "call", "run_finished"),
        *("run_started", "run_finished"),
    ]
    assert words[2][4:6] == ["add", "ok"]
    assert words[5][4:7] == ["fail", "failed", "tool.failed"]
    assert "ValueError: =no" in done.out


def test_show_with_json_prints_all_of_the_records(toolscript: Command, record: Path) -> None:
    shown = toolscript("audit", "show", "audit.jsonl", "--json").json
    assert shown["ok"] is True
    assert [item["hash"] for item in shown["records"]] == heads(record)


def test_records_are_chosen_by_run_tool_and_time(toolscript: Command, record: Path) -> None:
    def chosen(*options: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in toolscript("audit", "export", "audit.jsonl", *options).out.splitlines()]

    everything = chosen()
    first = str(everything[0]["script_id"])
    assert [item["seq"] for item in chosen("--run", first)] == [1, 2, 3, 4, 5, 6, 7]
    assert [item["seq"] for item in chosen("--run", first[:9])] == [1, 2, 3, 4, 5, 6, 7]
    assert [item["seq"] for item in chosen("--tool", "add")] == [2, 3]
    assert [item["seq"] for item in chosen("--tool", "add", "--run", "s0000")] == []
    # Times have more digits than a datetime: one that was rounded up would leave its own record out.
    second = datetime.fromtimestamp(float(str(everything[7]["time"])), UTC) - timedelta(microseconds=1)
    assert [item["seq"] for item in chosen("--since", second.isoformat())] == [8, 9]
    assert [item["seq"] for item in chosen("--since", (second + timedelta(hours=1)).isoformat())] == []
    assert chosen("--since", "2h") == everything
    assert chosen("--since", "2020-01-31") == everything


def test_exported_lines_are_those_of_the_file(toolscript: Command, record: Path) -> None:
    assert toolscript("audit", "export", "audit.jsonl").out == record.read_text()


def test_export_as_csv_is_a_table_that_no_spreadsheet_takes_for_formulas(toolscript: Command, record: Path) -> None:
    done = toolscript("audit", "export", "audit.jsonl", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["seq"] for row in rows] == [str(n + 1) for n in range(9)]
    assert [row["status"] for row in rows if row["kind"] in ("call", "run_finished")] == [
        "ok",
        "failed",
        "failed",
        "ok",
    ]
    assert rows[5]["error"] == rows[6]["error"] == "tool.failed"
    assert {row["tool"] for row in rows} == {"", "add", "fail"}
    for row in rows:
        whole = json.loads(row["record"])
        assert hash_of(whole) == whole["hash"]


def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(toolscript: Command, folder: Path) -> None:
    from harness import AuditLog

    AuditLog(folder / "a.jsonl").append("decision", {"tool": "=HYPERLINK(1)", "answer": "@x"})
    done = toolscript("audit", "export", "a.jsonl", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.out))
    assert (row["tool"], row["answer"]) == ("'=HYPERLINK(1)", "'@x")


def test_a_record_cannot_move_the_terminals_cursor(toolscript: Command, folder: Path) -> None:
    from harness import AuditLog

    AuditLog(folder / "a.jsonl").append("decision", {"tool": "x\x1b[2J", "answer": "approved\r"})
    shown = toolscript("audit", "show", "a.jsonl").out
    assert not {"\x1b", "\r"} & set(shown)


def test_verify_prints_the_head_and_says_whether_one_that_was_kept_is_there(toolscript: Command, record: Path) -> None:
    known = heads(record)
    done = toolscript("audit", "verify", "audit.jsonl")
    assert (done.code, done.out) == (0, f"ok: 9 records\nhead {known[-1]}\n")
    done = toolscript("audit", "verify", "audit.jsonl", "--head", known[3].upper())
    assert (done.code, done.out.splitlines()[1]) == (0, "the head that was kept is that of record 4")
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:6]))
    assert toolscript("audit", "verify", "audit.jsonl").code == 0
    done = toolscript("audit", "verify", "audit.jsonl", "--head", known[-1])
    assert done.code == 1
    assert done.out.startswith("line 6: the file ends here, and no record has the head that was kept")
    found = toolscript("audit", "verify", "audit.jsonl", "--head", known[-1], "--json").json
    assert (found["ok"], found["records"], found["kept_seq"], found["problem"]["line"]) == (False, 6, None, 6)


def test_a_changed_line_is_named_and_what_is_printed_comes_with_a_warning(toolscript: Command, record: Path) -> None:
    record.write_text(record.read_text().replace('"tool":"fail"', '"tool":"add"', 1))
    done = toolscript("audit", "verify", "audit.jsonl")
    assert (done.code, done.out.splitlines()[0]) == (1, "line 4: it was changed: its hash is that of other content")
    for command in (("show",), ("export",), ("export", "--format", "csv"), ("show", "--json")):
        done = toolscript("audit", command[0], "audit.jsonl", *command[1:])
        assert done.code == 1
        assert done.err == "toolscript: not in order: line 4: it was changed: its hash is that of other content\n"
    assert toolscript("audit", "show", "audit.jsonl", "--json").json["ok"] is False


def test_the_next_run_tells_of_a_record_that_a_crash_cut_off(toolscript: Command, record: Path) -> None:
    record.write_bytes(record.read_bytes()[:-10])
    done = toolscript("audit", "verify", "audit.jsonl")
    assert (done.code, done.out.splitlines()[0][:32]) == (1, "line 9: it is cut off in the mid")
    toolscript("run", "-", "--audit", "audit.jsonl", stdin="return 1")
    done = toolscript("audit", "verify", "audit.jsonl")
    assert done.code == 0
    assert "1 cut off by a crash, and told of" in done.out
    assert "bytes before it were cut off by a crash" in toolscript("audit", "show", "audit.jsonl").out
    assert verify_chain(record).records == 11


@pytest.mark.parametrize("command", ["show", "verify", "export"])
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("none.jsonl", "'none.jsonl' cannot be read: No such file or directory (hint: name a file"),
        (".", "'.' cannot be read: Is a directory (hint: name a file"),
        ("my_tools.py", "'my_tools.py' is no audit record: none of its first lines is a record (hint: name a file"),
    ],
)
def test_what_is_no_record_is_refused_by_name(toolscript: Command, command: str, file: str, said: str) -> None:
    done = toolscript("audit", command, file)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("show", "audit.jsonl", "--since", "yesterday"), "--since 'yesterday' is no time (hint: write 2026-01-31"),
        (
            ("verify", "audit.jsonl", "--head", "12"),
            "'12' is no head (hint: a head is a hash of 64 hexadecimal digits)",
        ),
    ],
)
def test_wrong_options_are_refused_with_what_to_write(
    toolscript: Command, record: Path, options: tuple[str, ...], said: str
) -> None:
    done = toolscript("audit", *options)
    assert done.code == 2
    assert said in done.err


def test_an_empty_record_is_in_order(toolscript: Command, folder: Path) -> None:
    (folder / "empty.jsonl").touch()
    assert toolscript("audit", "verify", "empty.jsonl").out == f"ok: 0 records\nhead {'0' * 64}\n"
    assert toolscript("audit", "show", "empty.jsonl").out == ""
