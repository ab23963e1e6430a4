"""The one way of a call: validation, attempt, caps, record."""

import anyio
import pytest

from harness.approvals.questions import Questions
from harness.approvals.store import MemoryStore
from harness.errors import ConfigError, DeniedError
from harness.tools.binding import Tool, tool
from harness.tools.call import Call, Caller
from harness.tools.orchestrator import Orchestrator
from harness.tools.recorder import Recorder
from harness.tools.registry import Registry
from harness.tools.snapshot import Snapshot
from policy.grants import Grants
from policy.limits import Limits
from policy.settings import Settings


@tool
async def echo(value: object) -> object:
    return value


@tool
async def fail(kind: str) -> None:
    if kind == "path":
        raise ValueError("cannot read /home/somebody/secret/key.txt at all")
    if kind == "time":
        raise TimeoutError("too slow")
    raise DeniedError("policy.forbidden", "not you")


@tool
async def nonsense() -> object:
    return object()


def orchestrator_of(registry: Registry) -> Orchestrator:
    return Orchestrator(
        registry,
        Questions(None, MemoryStore(), start=lambda task: None),
        Recorder(None),
        snapshot=lambda: Snapshot(Settings(), Grants()),
        amend=lambda amendment: None,
    )


async def perform(name: str, arguments: dict[str, object], *, result_bytes: int = 1000) -> object:
    orchestrator = orchestrator_of(Registry([echo, fail, nonsense]))
    caller = Caller(limits=Limits(result_bytes=result_bytes))
    return (await orchestrator.perform(Call(id="1", tool=name, arguments=arguments), caller)).record


async def test_a_result_is_a_plain_copy() -> None:
    record = await perform("echo", {"value": {"a": [1, None]}})
    assert (record.status, record.result, record.error) == ("ok", {"a": [1, None]}, None)


@pytest.mark.parametrize(
    ("name", "arguments", "status", "code"),
    [
        ("ecko", {}, "failed", "tool.not_found"),
        ("echo", {"v": 1}, "failed", "tool.invalid_arguments"),
        ("fail", {"kind": "path"}, "failed", "tool.failed"),
        ("fail", {"kind": "time"}, "failed", "tool.timeout"),
        ("fail", {"kind": "denied"}, "denied", "policy.forbidden"),
        ("nonsense", {}, "failed", "tool.failed"),
    ],
)
async def test_every_failure_is_a_record_with_a_code(
    name: str, arguments: dict[str, object], status: str, code: str
) -> None:
    record = await perform(name, arguments)
    assert record.status == status
    assert record.error is not None
    assert record.error.code == code


async def test_an_unknown_tool_is_answered_with_the_nearest() -> None:
    record = await perform("ecko", {})
    assert record.error.hint == "did you mean 'echo'?"


async def test_a_tools_own_message_shows_no_host_path() -> None:
    record = await perform("fail", {"kind": "path"})
    assert record.error.message == "tools.fail failed: ValueError: cannot read .../key.txt at all"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no file:///home/somebody/key.txt", "no .../key.txt"),
        ("see https://example.org/a/b/c", "see https://example.org/a/b/c"),
        ("refused: my-own-hidden-words", "refused: [redacted]"),
        ("Authorization: Basic abcdefgh", "Authorization: [redacted]"),
        ("https://ann:pass@example.org/x", "https://[redacted]example.org/x"),
    ],
)
async def test_a_tools_own_message_shows_no_secret(text: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_API_KEY", "my-own-hidden-words")

    @tool
    async def connect() -> None:
        raise ConnectionError(text)

    found = await orchestrator_of(Registry([connect])).perform(
        Call(id="1", tool="connect", arguments={}), Caller(limits=Limits())
    )
    assert found.record.error is not None
    assert found.record.error.message == f"tools.connect failed: ConnectionError: {shown}"


@pytest.mark.parametrize("is_async", [False, True])
async def test_what_a_tool_states_as_its_effect_must_be_one(is_async: bool) -> None:
    async def nothing(arguments: object, grants: Grants) -> None: ...

    stating = Tool(
        "stating", "", {"type": "object"}, echo.handler, effect=nothing if is_async else lambda arguments, grants: None
    )
    found = await orchestrator_of(Registry([stating])).perform(
        Call(id="1", tool="stating", arguments={}), Caller(limits=Limits())
    )
    assert found.record.error is not None
    assert found.record.error.code == "tool.failed"
    assert "its effect is NoneType" in found.record.error.message


async def test_long_text_is_cut_in_the_middle_and_says_so() -> None:
    record = await perform("echo", {"value": "a" * 3000 + "é" * 3000})
    assert "characters cut" in record.result
    assert record.result.startswith("aaa")
    assert record.result.endswith("ééé")
    assert len(record.result.encode()) <= 1000


async def test_other_large_data_is_an_error_with_the_sizes() -> None:
    record = await perform("echo", {"value": list(range(1000))})
    assert record.error.code == "tool.result_too_large"
    assert record.error.details["allowed"] == 1000
    assert record.error.details["used"] > 1000


async def test_tools_that_are_not_parallel_run_one_at_a_time() -> None:
    running = 0
    most = 0

    @tool(parallel=False)
    async def alone() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await anyio.sleep(0.01)
        running -= 1

    orchestrator = orchestrator_of(Registry([alone]))
    async with anyio.create_task_group() as tasks:
        for number in range(4):
            call = Call(id=str(number), tool="alone", arguments={})
            tasks.start_soon(orchestrator.perform, call, Caller(limits=Limits()))
    assert most == 1


def test_names_are_unique_and_no_tool_is_a_namespace_of_another() -> None:
    with pytest.raises(ConfigError, match="two tools want the name"):
        Registry([echo, echo])

    @tool(name="echo.more")
    async def more() -> None: ...

    with pytest.raises(ConfigError, match="namespace"):
        Registry([echo, more])
