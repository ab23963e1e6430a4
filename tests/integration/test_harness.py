"""The front door: what it accepts, what it refuses, how it opens and closes."""

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from harness import ConfigError, Harness, run_sync, tool
from policy.limits import Limits


@tool
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"runtime": "pypy"}, "runtime cannot be 'pypy'"),
        ({"confinement": "some"}, "confinement cannot be 'some'"),
        ({"language": "perl"}, "language cannot be 'perl'"),
        ({"pool_size": -1}, "pool_size cannot be -1"),
        ({"max_workers": 0}, "max_workers cannot be 0"),
        ({"limits": {"wall_time": 1}}, "there is no limit `wall_time`"),
        ({"limits": {"steps": "many"}}, "steps"),
        ({"limits": {"memory_bytes": -1}}, "memory_bytes"),
        ({"limits": 5}, "limits cannot be int"),
        ({"settings": {"approval_policy": "nevr"}}, "`approval_policy` cannot be 'nevr'"),
        ({"settings": 5}, "settings cannot be int"),
        ({"approver": print}, "approver cannot be builtin_function_or_method"),
        ({"rules": '[[rule]]\nprefix = ["ls"]\n'}, "a rule cannot be str"),
        ({"workspace": "/nowhere/at/all"}, "is no folder"),
        ({"tools": [add, add]}, "two tools want the name 'add'"),
    ],
)
def test_a_wrong_argument_is_named_with_a_hint(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Harness(**arguments)  # type: ignore[arg-type]  # wrong on purpose
    assert said in caught.value.message
    assert caught.value.hint


async def test_a_harness_that_is_not_open_says_so() -> None:
    with pytest.raises(ConfigError, match="not open"):
        await Harness().run("return 1")


async def test_an_unknown_context_field_is_refused() -> None:
    async with Harness() as harness:
        with pytest.raises(ConfigError, match="context has no modle"):
            await harness.run("return 1", context={"modle": "x"})


def test_run_sync_runs_without_a_loop() -> None:
    assert run_sync("return await tools.add(a=1, b=2)", [add]).value == 3


def test_run_sync_inside_a_loop_says_what_to_write() -> None:
    async def inside() -> None:
        run_sync("return 1")

    with pytest.raises(ConfigError, match="inside a running event loop"):
        anyio.run(inside, backend="asyncio")


async def test_confinement_none_is_said_in_every_outcome() -> None:
    async with Harness(confinement="none") as harness:
        outcome = await harness.run("return 1")
    assert outcome.value == 1
    assert outcome.confinement == "none"
    async with Harness() as harness:
        assert (await harness.run("return 1")).confinement == "required"


async def test_strict_confinement_holds_every_barrier_or_refuses() -> None:
    from harness.errors import SandboxError

    try:
        async with Harness(confinement="strict") as harness:
            outcome = await harness.run("return 1")
    except SandboxError as error:
        assert error.code == "sandbox.unavailable"  # noqa: PT017  # which of the two depends on the kernel
    else:
        assert {"seccomp", "landlock", "user_namespace", "empty_root"} <= set(outcome.barriers)


async def test_the_strict_language_refuses_every_import() -> None:
    async with Harness(language="strict") as harness:
        outcome = await harness.run("import json")
    assert outcome.error is not None
    assert outcome.error.code == "script.forbidden_import"


async def test_the_same_source_is_checked_against_each_harness_own_tools() -> None:
    source = "return await tools.add(a=1, b=2)"
    async with Harness([add]) as with_tool, Harness() as without:
        assert (await with_tool.run(source)).value == 3
        outcome = await without.run(source)
        assert outcome.error is not None
        assert outcome.error.code == "tool.not_found"
        assert (await with_tool.run(source)).value == 3


async def test_a_workspace_brings_the_reading_tools(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n")
    async with Harness(workspace=tmp_path) as harness:
        outcome = await harness.run("return (await tools.read_file(path='a.txt')).content")
    assert outcome.value == "hello\n"


async def test_limits_of_the_harness_reach_the_script() -> None:
    async with Harness(limits=Limits(steps=500)) as harness:
        assert (await harness.run("return context.limits['steps']")).value == 500


async def test_outcomes_are_plain_json_on_the_wire() -> None:
    import json

    async with Harness([add]) as harness:
        for source in ("return await tools.add(a=1, b=2)", "import os", "1 / 0", "await tools.add(a=1, b=None)"):
            wire = json.loads(json.dumps((await harness.run(source, trace=True)).to_wire()))
            assert set(wire) >= {"ok", "value", "error", "logs", "calls", "usage", "diagnostics", "plan", "barriers"}


def test_importing_harness_loads_nothing_heavy() -> None:
    code = (
        "import sys, harness; "
        "print([m for m in ('pydantic', 'rich', 'typer', 'RestrictedPython', 'asyncio', 'anyio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_imported() -> None:
    import harness

    for name in harness.__all__:
        assert getattr(harness, name) is not None
    with pytest.raises(AttributeError):
        _ = harness.nonsense


def test_the_zygote_loads_nothing_that_only_the_host_needs() -> None:
    code = (
        "import sys; import harness.runtimes.cpython.zygote, harness.runtimes.cpython.worker, "
        "harness.runtimes.cpython.warmup; "
        "print([m for m in ('pydantic', 'pydantic_core', 'anyio', 'rich', 'typer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
