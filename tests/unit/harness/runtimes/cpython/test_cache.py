"""What the runtime keeps of compiled scripts: the latest, and none that is large."""

import pytest

from harness.runtimes.cpython import runtime as module
from harness.runtimes.cpython.run import Compiled
from harness.runtimes.cpython.runtime import CPythonRuntime
from policy.language.report import CheckReport, Plan
from policy.limits import Limits

COMPILED = Compiled(CheckReport((), Plan((), ())), "AAAA")


@pytest.fixture
def runtime() -> CPythonRuntime:
    return CPythonRuntime(Limits(), [])


def test_the_latest_used_scripts_are_kept(runtime: CPythonRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHED_SCRIPTS", 2)
    runtime._remember("a", COMPILED)
    runtime._remember("b", COMPILED)
    assert runtime._recall("a") is COMPILED
    runtime._remember("c", COMPILED)
    assert runtime._recall("b") is None
    assert runtime._recall("a") is COMPILED


def test_a_large_script_is_compiled_anew(runtime: CPythonRuntime) -> None:
    runtime._remember("a", Compiled(COMPILED.report, "A" * 200_000))
    assert runtime._recall("a") is None
