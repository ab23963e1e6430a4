"""What the runtime keeps of compiled scripts: the latest, and none that is large."""

from dataclasses import replace

import pytest

from harness.runtimes.cpython import runtime as module
from harness.runtimes.cpython.run import Compiled
from harness.runtimes.cpython.runtime import CPythonRuntime, _largest_frame
from harness.runtimes.runtime import Script
from policy.language.report import CheckReport, Plan
from policy.limits import Limits

A, B, C = (Script(name, Limits()) for name in "abc")
COMPILED = Compiled(CheckReport((), Plan((), ())), "AAAA")


@pytest.fixture
def runtime() -> CPythonRuntime:
    return CPythonRuntime(Limits(), [])


def test_the_latest_used_scripts_are_kept(runtime: CPythonRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHED_SCRIPTS", 2)
    runtime._remember(A, COMPILED)
    runtime._remember(B, COMPILED)
    assert runtime._recall(A) is COMPILED
    runtime._remember(C, COMPILED)
    assert runtime._recall(B) is None
    assert runtime._recall(A) is COMPILED


def test_a_large_script_is_compiled_anew(runtime: CPythonRuntime) -> None:
    runtime._remember(A, Compiled(COMPILED.report, "A" * 100_000))
    assert runtime._recall(A) is None


def test_what_a_script_may_use_is_part_of_what_was_compiled(runtime: CPythonRuntime) -> None:
    runtime._remember(A, COMPILED)
    assert runtime._recall(replace(A, exposed=())) is None


def test_the_longest_frame_is_what_an_honest_worker_may_need_and_no_more() -> None:
    assert _largest_frame(Limits()) == 6 * 2 * 1024**2 + 1024**2
