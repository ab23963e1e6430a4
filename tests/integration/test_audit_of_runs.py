"""Every decision, call and outcome of a run is in the audit record, and nothing happens that cannot be recorded."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness import AuditLog, Harness, tool
from harness.audit import verify_chain
from harness.testing import ScriptedApprover
from policy.approval import Approve, Deny

DONE: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    DONE.clear()


@tool(approval="always")
async def send(to: str, api_key: str = "") -> str:
    """Send."""
    DONE.append(to)
    return "sent"


@tool
async def fail() -> None:
    """Fail with a path of the host."""
    raise ValueError("cannot read /home/operator/secrets/settings.ini")


@tool
async def wait() -> None:
    """Wait."""
    await anyio.sleep(30)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_a_run_is_a_chain_of_records(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    approver = ScriptedApprover([True, Deny("not bob")])
    source = "await tools.send(to='ann')\ntry:\n    await tools.send(to='bob')\nexcept ToolDenied:\n    return 'no'"
    async with Harness([send], approver=approver, audit=path) as harness:
        outcome = await harness.run(source, context={"session_id": "s7"})
    found = records(path)
    assert [record["kind"] for record in found] == [
        "run_started",
        "decision",
        "call",
        "decision",
        "call",
        "run_finished",
    ]
    assert {record.get("script_id") for record in found} == {outcome.script_id}
    assert (found[0]["source"], found[0]["session"]) == (source, "s7")
    assert (found[1]["answer"], found[1]["arguments"]) == ("approved", {"to": "ann", "api_key": ""})
    assert (found[3]["answer"], found[3]["reason"]) == ("denied", "not bob")
    assert found[3]["why"] == "the tool asks for approval of every call"
    assert found[5]["value"] == "no"
    assert verify_chain(path).ok


async def test_the_record_of_a_call_that_nobody_was_asked_about_says_so(tmp_path: Path) -> None:
    path, folder = tmp_path / "audit.jsonl", tmp_path / "work"
    folder.mkdir()
    async with Harness(workspace=folder, settings={"approval_policy": "never"}, audit=path) as harness:
        await harness.call("list_dir")
        await harness.call("exec", {"command": ["true"]})
        await harness.call("exec", {"command": ["true"], "sandbox": "unsandboxed"})
    decisions = [record for record in records(path) if record["kind"] == "decision"]
    assert [record["answer"] for record in decisions] == ["unasked", "unasked", "forbidden"]


async def test_a_structured_call_that_cannot_be_read_is_recorded_too(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    sent = [("send", '{"to": '), ("send", "[1]"), ("sedn", {}), ("send", {"to": 5})]
    async with Harness([send], audit=path) as harness:
        returned = [await harness.call(name, payload) for name, payload in sent]
    recorded: list[Any] = [record["call"] for record in records(path) if record["kind"] == "call"]
    assert [call["id"] for call in recorded] == [record.id for record in returned]
    codes = [call["error"]["code"] for call in recorded]
    assert codes == ["tool.malformed_call", "tool.wrong_payload", "tool.not_found", "tool.invalid_arguments"]


async def test_no_call_is_answered_that_cannot_be_recorded(tmp_path: Path) -> None:
    async with Harness([send], audit=Full(tmp_path / "audit.jsonl", room=0)) as harness:
        for payload in ('{"to": ', {"to": "ann"}):
            record = await harness.call("send", payload)
            assert record.error is not None
            assert record.error.code == "audit.unavailable"


@pytest.mark.parametrize("source", [b"\xff", "import os", "x = " + "1" * 100_000])
async def test_a_script_that_is_refused_has_a_beginning_and_an_end(tmp_path: Path, source: str | bytes) -> None:
    path = tmp_path / "audit.jsonl"
    async with Harness([send], audit=path) as harness:
        await harness.run(source)
    assert [record["kind"] for record in records(path)] == ["run_started", "run_finished"]


@pytest.mark.parametrize("mode", ["dry-run", "disabled"])
async def test_a_script_that_is_not_run_has_one_record_that_says_so(tmp_path: Path, mode: str) -> None:
    path, source = tmp_path / "audit.jsonl", "return await tools.send(to='ann', api_key='hunter2')"
    async with Harness([send], audit=path, settings={"mode": mode}) as harness:
        outcome = await harness.run(source, context={"session_id": "s7"})
        await harness.check(source)
    [record] = records(path)
    assert (record["kind"], record["mode"], record["script_id"]) == ("not_run", mode, outcome.script_id)
    assert (record["session"], str(record["source"])[:35]) == ("s7", source[:35])
    would: Any = record["would_ask"]
    assert [item["decision"] for item in would] == (["ask"] if mode == "dry-run" else [])
    assert "hunter2" not in path.read_text()
    assert (verify_chain(path).ok, DONE) == (True, [])


async def test_a_dry_run_that_cannot_be_recorded_says_so(tmp_path: Path) -> None:
    full = Full(tmp_path / "audit.jsonl", room=0)
    async with Harness([send], audit=full, settings={"mode": "dry-run"}) as harness:
        outcome = await harness.run("return 1")
    assert outcome.error is not None
    assert (outcome.ok, outcome.error.code) == (False, "audit.unavailable")


@pytest.mark.parametrize("written", ['{"script": 5}', '{"script": "return 1"}}', "return 1"])
async def test_a_call_of_run_script_that_has_no_script_is_recorded(tmp_path: Path, written: str) -> None:
    path = tmp_path / "audit.jsonl"
    function = {"name": "run_script", "arguments": written}
    message = {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": function}] * 2}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    async with Harness([send], audit=path) as harness:
        turn = await harness.respond({"object": "chat.completion", "choices": [choice]})
    assert len(turn.outcomes) == 2
    [record] = records(path)  # the second was not even looked at, because the first had failed
    call: Any = record["call"]
    assert turn.outcomes[0].error is not None
    assert (call["tool"], call["status"], call["error"]["code"]) == (
        "run_script",
        "failed",
        turn.outcomes[0].error.code,
    )


async def test_a_failure_names_a_reference_under_which_the_record_has_the_detail(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    async with Harness([fail], audit=path) as harness:
        outcome = await harness.run("await tools.fail()")
    assert outcome.error is not None
    reference = outcome.calls[0].error.details["reference"]  # type: ignore[union-attr]  # it failed
    assert "/home/operator" not in json.dumps(outcome.to_wire())
    (detail,) = [record for record in records(path) if record["kind"] == "failure"]
    assert detail["reference"] == reference
    assert "/home/operator/secrets/settings.ini" in str(detail["traceback"])
    assert "in fail" in str(detail["traceback"])


async def test_the_detail_of_a_failure_has_no_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "my-own-hidden-words")

    @tool
    async def connect() -> None:
        """Connect."""
        raise ConnectionError("refused: my-own-hidden-words")

    path = tmp_path / "audit.jsonl"
    async with Harness([connect], audit=path) as harness:
        outcome = await harness.run("await tools.connect()")
    assert "hidden-words" not in path.read_text() + json.dumps(outcome.to_wire())
    assert "refused: [redacted]" in path.read_text()


async def test_secrets_among_arguments_are_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    async with Harness([send], approver=ScriptedApprover([True]), audit=path) as harness:
        await harness.call("send", {"to": "ann", "api_key": "hunter2-hunter2"})
    assert "hunter2" not in path.read_text()


async def test_a_run_whose_task_was_cancelled_has_an_end_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    async with Harness([wait], audit=path) as harness:
        with anyio.move_on_after(0.3):
            await harness.run("await tools.wait()")
    found: list[Any] = records(path)
    assert [record["kind"] for record in found] == ["run_started", "decision", "call", "run_finished"]
    assert found[-1]["error"]["code"] == "run.cancelled"


async def test_a_call_that_was_cancelled_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    async with Harness([wait], audit=path) as harness:
        await harness.run("await tools.wait()", limits={"wall_time_s": 0.2})
    call = next(record["call"] for record in records(path) if record["kind"] == "call")
    assert isinstance(call, dict)
    assert call["status"] == "cancelled"


class Full(AuditLog):
    """A record whose disk is full after some lines."""

    def __init__(self, path: Path, *, room: int) -> None:
        super().__init__(path)
        self._room = room

    def append(self, kind: str, fields: Mapping[str, object]) -> str:
        self._room -= 1
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().append(kind, fields)


@pytest.mark.parametrize("room", [1, 2, 3])
async def test_nothing_happens_that_cannot_be_recorded(tmp_path: Path, room: int) -> None:
    """Room for the start; for the decision; for the call. The call runs once its decision is recorded."""
    log = Full(tmp_path / "audit.jsonl", room=room)
    source = "try:\n    await tools.send(to='ann')\nexcept BaseException:\n    pass\nawait tools.send(to='bob')"
    async with Harness([send], approver=ScriptedApprover({"send": Approve()}), audit=log) as harness:
        outcome = await harness.run(source)
    assert outcome.error is not None
    assert outcome.error.code == "audit.unavailable"
    assert ([] if room == 1 else ["ann"]) == DONE


async def test_settings_say_when_the_disk_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, kinds, real = tmp_path / "audit.jsonl", [], os.fdatasync

    def flush(fd: int) -> None:
        kinds.append(records(path)[-1]["kind"])
        real(fd)

    monkeypatch.setattr(os, "fdatasync", flush)
    approver = ScriptedApprover([True, True, True])
    async with Harness([send], approver=approver, audit=path, settings={"audit": {"fsync": "decisions"}}) as harness:
        await harness.run("await tools.send(to='ann')")
        assert kinds == ["decision"]
        harness.settings = {"audit": {"fsync": "always"}}
        await harness.call("send", {"to": "ann"})
        assert kinds == ["decision", "decision", "call"]
        harness.settings = {}
        await harness.call("send", {"to": "ann"})
    assert len(kinds) == 3


async def test_a_record_that_was_handed_in_keeps_its_own_way(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl", fsync="always")
    async with Harness([send], audit=log, settings={"audit": {"fsync": "never"}}) as harness:
        harness.settings = {"audit": {"fsync": "decisions"}}
        assert log.fsync == "always"
