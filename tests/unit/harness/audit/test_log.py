"""The file of records: what a line holds, who may append, and what is refused."""

import errno
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

from harness.audit import AuditLog, verify_chain
from harness.audit.log import Fsync
from harness.audit.record import HEAD_CHARACTERS, MAX_LINE_BYTES, NO_HASH, canonical
from harness.errors import ConfigError


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def test_a_record_is_one_canonical_line_with_its_place_in_the_chain(path: Path) -> None:
    digest = AuditLog(path, clock=lambda: 12.5).append("decision", {"tool": "exec", "ok": True})
    assert path.read_bytes() == (
        b'{"hash":"%s","kind":"decision","ok":true,"prev":"%s","seq":1,"time":12.5,"tool":"exec"}\n'
        % (digest.encode(), NO_HASH.encode())
    )


def test_the_hash_is_that_of_the_canonical_json_without_the_hash(path: Path) -> None:
    digest = AuditLog(path).append("call", {"text": "naïve\n", "number": 1.5})
    (record,) = records(path)
    assert record.pop("hash") == digest == hashlib.sha256(canonical(record)).hexdigest()


def test_every_record_names_the_one_before_it(path: Path) -> None:
    log = AuditLog(path)
    hashes = [log.append("call", {"n": n}) for n in range(3)]
    assert [record["prev"] for record in records(path)] == [NO_HASH, *hashes[:2]]
    assert [record["seq"] for record in records(path)] == [1, 2, 3]


def test_an_existing_file_is_continued(path: Path) -> None:
    first = AuditLog(path).append("call", {"n": 1})
    AuditLog(path).append("call", {"n": 2})
    assert records(path)[1]["prev"] == first
    assert verify_chain(path).records == 2


def test_two_logs_on_one_file_take_turns(path: Path) -> None:
    one, other = AuditLog(path), AuditLog(path)
    for n in range(5):
        (one, other)[n % 2].append("call", {"n": n})
    assert verify_chain(path).records == 5


def test_only_its_owner_may_read_the_file(path: Path) -> None:
    AuditLog(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_closed_log_opens_again(path: Path) -> None:
    log = AuditLog(path)
    log.append("call", {})
    log.close()
    log.append("call", {})
    assert verify_chain(path).records == 2


def test_a_log_says_where_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    assert AuditLog("audit.jsonl").path == str(path)


@pytest.mark.parametrize("kind", ["", "two words", "a-b", "a\n"])
def test_a_kind_is_an_identifier(path: Path, kind: str) -> None:
    with pytest.raises(ValueError):
        AuditLog(path).append(kind, {})


@pytest.mark.parametrize("name", ["seq", "time", "kind", "prev", "hash"])
def test_a_field_cannot_pass_for_a_part_of_the_record(path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        AuditLog(path).append("call", {name: 1})
    assert path.read_bytes() == b""


def test_long_fields_are_cut_and_the_short_ones_stay(path: Path) -> None:
    AuditLog(path).append("call", {"result": "x" * MAX_LINE_BYTES, "tool": "exec"})
    (record,) = records(path)
    whole = canonical("x" * MAX_LINE_BYTES)
    assert record["tool"] == "exec"
    assert record["result"] == {
        "cut": True,
        "head": '"' + "x" * (HEAD_CHARACTERS - 1),
        "bytes": len(whole),
        "sha256": hashlib.sha256(whole).hexdigest(),
    }


def test_in_a_line_that_is_too_long_the_long_fields_alone_are_cut(path: Path) -> None:
    fits, long = "x" * (8_192 - 2), "x" * (8_192 - 1)  # two more bytes are the quotation marks
    AuditLog(path).append("call", {"result": "x" * MAX_LINE_BYTES, "fits": fits, "long": long})
    (record,) = records(path)
    assert record["fits"] == fits
    assert isinstance(record["long"], dict)


def test_many_fields_that_are_too_long_together_are_cut_together(path: Path) -> None:
    AuditLog(path).append("call", {f"n{n}": "x" * 8_000 for n in range(100)})
    (record,) = records(path)
    assert set(record) == {"seq", "time", "kind", "prev", "hash", "fields"}
    assert len(path.read_bytes()) < MAX_LINE_BYTES
    assert verify_chain(path).ok


def refusal(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        AuditLog(path)
    assert caught.value.code == "config.invalid"
    assert str(path.parent) not in str(caught.value)
    return caught.value


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "directory" in refusal(tmp_path).message


def test_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path / "missing/audit.jsonl")
    assert error.hint is not None
    assert "folder that exists" in error.hint


def test_a_link_is_refused_and_nothing_is_written_behind_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    refusal(tmp_path / "link")
    assert not (tmp_path / "target").exists()


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError):
        AuditLog("a\0b")


def test_a_file_that_was_removed_is_not_written_to_any_more(path: Path) -> None:
    log = AuditLog(path)
    path.unlink()
    with pytest.raises(ConfigError) as caught:
        log.append("call", {})
    assert "removed" in caught.value.message


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "regular" in refusal(tmp_path / "pipe").message


@pytest.mark.parametrize("content", ["# Notes\n", '{"a": 1}\n', "{}", '{"name": "x",\n "b": 2}\n' * 50_000])
def test_somebody_elses_file_is_left_alone(path: Path, content: str) -> None:
    path.write_text(content)
    if not content.startswith('{"name"'):  # the begin of a record of ours cannot be told from that of other JSON
        refusal(path)
    else:
        assert "does not end" in refusal(path).message
    assert path.read_text() == content


def test_a_lock_that_another_program_keeps_ends_in_an_error(path: Path) -> None:
    import fcntl

    log = AuditLog(path)
    with path.open("rb") as held:  # who may only read can hold it too
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConfigError) as caught:
            log.append("call", {})
    assert (caught.value.code, "lock" in caught.value.message) == ("audit.unavailable", True)
    log.append("call", {})
    assert verify_chain(path).records == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this machine has no /dev/full")
def test_what_cannot_be_written_is_an_error(path: Path) -> None:
    log = AuditLog(path)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, log._fd)
    os.close(full)
    with pytest.raises(ConfigError) as caught:
        log.append("call", {})
    assert caught.value.code == "audit.unavailable"
    assert "No space left" in caught.value.message


@pytest.mark.parametrize(
    ("fsync", "flushed"),
    [
        ("always", [("file", 1), ("folder", 1), ("file", 2), ("file", 3)]),
        ("decisions", [("file", 2), ("folder", 2)]),
        ("never", []),
    ],
)
def test_the_disk_is_waited_for_after_the_records_that_were_named(
    path: Path, monkeypatch: pytest.MonkeyPatch, fsync: Fsync, flushed: list[tuple[str, int]]
) -> None:
    seen = []
    real_file, real_folder = os.fdatasync, os.fsync

    def flush_file(fd: int) -> None:
        seen.append(("file", len(records(path))))
        real_file(fd)

    def flush_folder(fd: int) -> None:
        assert os.path.samestat(os.fstat(fd), path.parent.stat())
        seen.append(("folder", len(records(path))))
        real_folder(fd)

    monkeypatch.setattr(os, "fdatasync", flush_file)
    monkeypatch.setattr(os, "fsync", flush_folder)
    log = AuditLog(path, fsync=fsync)
    for kind in ("run_started", "decision", "call"):
        log.append(kind, {})
    assert seen == flushed


def test_a_record_that_the_disk_did_not_take_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = AuditLog(path, fsync="always")

    def fail(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(ConfigError, match="Input/output error") as caught:
        log.append("call", {})
    assert caught.value.code == "audit.unavailable"


def test_an_unknown_way_to_wait_for_the_disk_is_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match="fsync cannot be 'sometimes'"):
        AuditLog(path, fsync="sometimes")  # type: ignore[arg-type]  # a caller without a type checker
    assert not path.exists()
