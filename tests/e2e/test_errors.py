"""Every error code has an entry, and the smallest script, message or act that raises it really does."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harness import CallError, Harness, Outcome, tool
from harness.detect import detect
from harness.error_catalogue import ACTIONS, MEANINGS, RESERVED, entries, entry
from harness.errors import CLASS_BY_CODE, DeniedError, HarnessError, error_for
from tests.e2e import error_cases
from tests.e2e.conftest import CHECKOUT, Command

PAGE = CHECKOUT / "docs" / "reference" / "errors.md"


@pytest.fixture(scope="module")
async def harness(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Harness]:
    async with Harness(error_cases.TOOLS, workspace=tmp_path_factory.mktemp("workspace")) as opened:
        yield opened


def test_every_code_has_an_entry() -> None:
    assert [item.code for item in entries()] == list(CLASS_BY_CODE)
    assert set(ACTIONS) == set(CLASS_BY_CODE)
    assert set(MEANINGS) <= set(CLASS_BY_CODE)


def test_every_code_comes_about_in_exactly_one_way() -> None:
    ways = [*error_cases.scripts(), *error_cases.messages(), *error_cases.ACTS, *RESERVED]
    assert sorted(ways) == sorted(CLASS_BY_CODE)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == error_cases.render(), "python -m tests.e2e.error_cases > " + str(PAGE)


@pytest.mark.parametrize("code", error_cases.scripts())
async def test_the_smallest_script_raises_it(harness: Harness, code: str) -> None:
    source = error_cases.scripts()[code]
    outcome = await harness.run(source, limits=error_cases.limits_of(source))
    error = _error_of(outcome, source)
    assert error is not None
    assert error.code == code
    assert error.retryable is entry(code).retryable.startswith("yes")
    assert error.message
    assert isinstance(error, CLASS_BY_CODE[code])


def _error_of(outcome: Outcome, source: str) -> HarnessError | None:
    return outcome.calls[0].error if "# raised in: the record" in source else outcome.error


@pytest.mark.parametrize("code", error_cases.messages())
def test_the_smallest_message_raises_it(code: str, toolscript: Command) -> None:
    message = error_cases.messages()[code]
    assert code in [found.code for found in detect(message).diagnostics]
    done = toolscript("run", "-", "--json", stdin=message)
    assert done.code == 1
    assert code in json.dumps(done.json)


@pytest.mark.parametrize("code", error_cases.ACTS)
async def test_the_act_raises_it(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "toolscript")
    error = await error_cases.ACTS[code][1](tmp_path, monkeypatch)
    assert error is not None
    assert error.code == code
    assert isinstance(error, CLASS_BY_CODE[code])


@pytest.mark.parametrize("code", sorted(RESERVED))
def test_a_reserved_code_is_raised_by_nothing_yet(code: str) -> None:
    """Whoever raises it takes it out of RESERVED and adds the script or act that shows it."""
    naming = {
        "errors.py",
        "error_catalogue.py",
        "explanations.py",
        "tool_errors.py",
        "run.py",
        "turn.py",
        "outcome_data.py",
    }
    sources = [path for top in ("harness", "policy") for path in (CHECKOUT / top).rglob("*.py")]
    assert [path.name for path in sources if path.name not in naming and f'"{code}"' in path.read_text()] == []


@pytest.mark.parametrize("code", DeniedError.codes)
async def test_a_handler_may_raise_a_denial_and_a_script_may_not_forge_one(code: str) -> None:
    @tool
    async def refuse() -> None:
        """Refuse."""
        raise error_for(code, "no")

    async with Harness([refuse]) as harness:
        outcome = await harness.run("await tools.refuse()")
        assert outcome.error is not None
        assert outcome.error.code == code
        outcome = await harness.run(f"raise ToolError('no', code={code!r})")
        assert outcome.error is not None
        assert outcome.error.code == "script.runtime"


async def test_a_crash_is_retryable_only_before_the_first_call() -> None:
    assert entry("worker.crashed").retryable == "when no call had started"
    error = await error_cases.kill_worker(Path(), pytest.MonkeyPatch())
    assert error is not None
    assert error.retryable


async def test_a_tool_says_itself_whether_its_failure_is_retryable() -> None:
    @tool
    async def busy() -> None:
        """Be busy."""
        raise CallError("tool.failed", "busy", retryable=True)

    async with Harness([busy]) as harness:
        outcome = await harness.run("await tools.busy()")
    assert outcome.error is not None
    assert outcome.error.retryable


def test_explain_knows_every_code(toolscript: Command) -> None:
    assert toolscript("explain").out.split() == list(CLASS_BY_CODE)
    for code in ("script.syntax", "limit.steps", "worker.protocol", "run.lost"):
        done = toolscript("explain", code)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"{code}: {entry(code).meaning}\ndo: {entry(code).action}\n")
