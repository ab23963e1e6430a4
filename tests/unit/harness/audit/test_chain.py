"""What the check of a chain tells, and how an end that a crash cut off is told of."""

import fcntl
import json
import os
import threading
import time
from pathlib import Path

import pytest

from harness.audit import AuditLog, ChainProblem, verify_chain
from harness.audit.record import MAX_LINE_BYTES, NO_HASH, canonical, hash_of
from harness.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    log = AuditLog(tmp_path / "audit.jsonl")
    for n in range(4):
        log.append("call", {"n": n})
    return Path(log.path)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def problem(path: Path) -> ChainProblem:
    report = verify_chain(path)
    assert not report.ok
    assert report.problem is not None
    return report.problem


def test_a_whole_file_is_ok_and_has_its_last_hash_as_head(path: Path) -> None:
    report = verify_chain(path)
    assert (report.ok, report.records, report.recovered, report.problem) == (True, 4, 0, None)
    assert report.head == json.loads(lines(path)[-1])["hash"]


def test_an_empty_file_is_a_chain_of_nothing(path: Path) -> None:
    path.write_bytes(b"")
    assert (verify_chain(path).ok, verify_chain(path).head) == (True, NO_HASH)


def test_a_changed_value_is_noticed_at_its_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":7'))
    assert problem(path) == ChainProblem(3, "it was changed: its hash is that of other content")


def test_a_changed_record_with_a_hash_of_its_own_is_noticed_at_the_next(path: Path) -> None:
    parts = lines(path)
    record = json.loads(parts[1])
    record["n"] = 7
    record["hash"] = hash_of(record)
    parts[1] = json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    path.write_bytes(b"".join(parts))
    assert problem(path) == ChainProblem(3, "it does not continue the record before it")


def test_a_number_that_is_left_out_is_noticed(path: Path) -> None:
    record: dict[str, object] = {"seq": 6, "time": 1.5, "kind": "call", "prev": verify_chain(path).head}
    record["hash"] = hash_of(record)
    with path.open("ab") as file:
        file.write(canonical(record) + b"\n")
    assert problem(path) == ChainProblem(5, "its number is 6, not 5")


def test_a_line_that_is_being_written_is_waited_for(path: Path) -> None:
    content = path.read_bytes()
    whole = content[:-40]
    with path.open("r+b", buffering=0) as writer:
        writer.truncate(len(whole))
        fcntl.flock(writer, fcntl.LOCK_EX)

        def finish() -> None:
            time.sleep(0.2)
            writer.seek(len(whole))
            writer.write(content[-40:])
            fcntl.flock(writer, fcntl.LOCK_UN)

        thread = threading.Thread(target=finish)
        thread.start()
        assert verify_chain(path).ok
        thread.join()


def test_a_name_that_stands_twice_is_noticed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":2,', b'"n":7,"n":2,'))
    assert problem(path).line == 3


def test_a_shortened_file_is_whole_and_only_its_head_tells(path: Path) -> None:
    head = verify_chain(path).head
    path.write_bytes(b"".join(lines(path)[:-1]))
    assert verify_chain(path).ok
    assert verify_chain(path).head != head
    assert not verify_chain(path, head=head).ok


def test_a_line_that_is_cut_off_is_a_problem_until_the_log_is_opened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])
    assert problem(path).line == 4
    AuditLog(path)
    report = verify_chain(path)
    assert (report.ok, report.records, report.recovered) == (True, 4, 1)
    torn, told = lines(path)[3:]
    assert json.loads(told)["kind"] == "recovered"
    assert json.loads(told)["torn_bytes"] == len(torn) - 1


def test_a_line_that_only_lost_its_newline_is_a_record(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    AuditLog(path).append("call", {"n": 4})
    report = verify_chain(path)
    assert (report.ok, report.records, report.recovered) == (True, 5, 0)


@pytest.mark.parametrize("kept", [1, 2, 20, 200])
def test_a_recovery_that_is_cut_off_itself_is_told_of_too(path: Path, kept: int) -> None:
    torn = path.read_bytes()[:-30]
    path.write_bytes(torn)
    AuditLog(path)
    path.write_bytes(path.read_bytes()[: len(torn) + kept])
    AuditLog(path).append("call", {"n": 5})
    report = verify_chain(path)
    assert (report.problem, report.records, report.recovered) == (None, 5, 1)


def test_a_first_record_that_is_cut_off_is_told_of(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])
    AuditLog(path)
    report = verify_chain(path)
    assert (report.problem, report.records, report.recovered) == (None, 1, 1)


def test_a_longest_line_that_is_cut_off_is_told_of(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"a":"' + b"x" * (MAX_LINE_BYTES - 10))
    AuditLog(path)
    assert verify_chain(path).recovered == 1


def test_an_end_that_is_no_record_is_looked_behind_so_far(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b"x" * (1024**2 - 1_000))
    AuditLog(path).append("call", {})
    path.write_bytes(whole + b"x" * 1024**2)
    with pytest.raises(ConfigError, match="does not end as a record does"):
        AuditLog(path)


def test_torn_bytes_that_were_changed_after_they_were_told_of_are_noticed(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])
    AuditLog(path)
    parts = lines(path)
    parts[3] = parts[3].replace(b"call", b"cell")
    path.write_bytes(b"".join(parts))
    assert problem(path) == ChainProblem(4, "it is no record, and the next record does not tell of it")


def test_text_that_no_record_tells_of_is_noticed(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"text\n")
    assert problem(path) == ChainProblem(5, "it is no record, and no record tells of it")


def test_json_that_is_no_record_cannot_pass_for_a_torn_line(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"{}\n")
    AuditLog(path)
    assert problem(path) == ChainProblem(5, "it is no record")


def test_a_recovery_without_a_torn_line_is_noticed(path: Path) -> None:
    AuditLog(path).append("recovered", {"torn_bytes": 0, "torn_sha256": "0"})
    assert "there is none" in problem(path).what


def test_a_line_without_an_end_is_noticed_in_bounded_memory(path: Path) -> None:
    with path.open("ab") as file:
        os.truncate(file.fileno(), 64 * 1024**2)
    assert problem(path) == ChainProblem(5, "it is longer than any record")


def test_a_file_that_cannot_be_read_is_an_error_of_the_configuration(path: Path) -> None:
    for wrong in (path.parent, path.with_name("missing")):
        with pytest.raises(ConfigError) as caught:
            verify_chain(wrong)
        assert caught.value.code == "config.invalid"
