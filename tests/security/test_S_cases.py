"""The security cases by id. What they forbid is forbidden twice: by the language, and by the operating system."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from harness import Harness, tool
from harness.types import Outcome
from policy.limits import Limits
from tests.processes import descendants

ran: list[str] = []


@tool
async def note(text: str) -> str:
    """Write down that it ran."""
    ran.append(text)
    return text


@tool
async def wait(seconds: float) -> None:
    """Wait."""
    await anyio.sleep(seconds)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    async with Harness([note, wait], limits=Limits(wall_time_s=5, cpu_time_s=3)) as opened:
        yield opened


async def refused(harness: Harness, source: str, *codes: str) -> Outcome:
    outcome = await harness.run(source)
    assert not outcome.ok, outcome.value
    assert outcome.error is not None
    assert outcome.error.code in codes, outcome.error
    return outcome


@pytest.mark.parametrize(
    "source",
    [
        "str.upper = 1",
        "list.append = lambda *a: None",
        "import json\njson.dumps = None",
        "import collections\ncollections.Counter.update = None",
        "import math\ndel math.pi",
        "setattr(dict, 'get', 1)",
        "import asyncio\nasyncio.gather = None",
        "Exception.args = 1",
        "import decimal\ndecimal.Decimal.real = 1",
        "import json\njson.dumps.cache = 1",
    ],
)
async def test_S01_changing_a_shared_object_fails(harness: Harness, source: str) -> None:
    await refused(harness, source, "script.runtime", "script.forbidden_attribute")


@pytest.mark.parametrize(
    "source",
    ["tools.note = 1", "del tools.note", "setattr(tools, 'note', 1)", "tools.extra = 1", "tools['note'] = 1"],
)
async def test_S02_tools_cannot_be_changed(harness: Harness, source: str) -> None:
    await refused(harness, source, "script.runtime", "script.forbidden_attribute", "tool.not_found")


@pytest.mark.parametrize("module", ["os", "sys", "subprocess", "socket", "ctypes", "builtins", "importlib", "os.path"])
async def test_S03_modules_outside_the_language_are_refused_before_the_run(harness: Harness, module: str) -> None:
    outcome = await refused(harness, f"await tools.note(text='ran')\nimport {module}", "script.forbidden_import")
    assert outcome.diagnostics[0].line == 2
    assert not ran
    await refused(harness, f"from {module} import x", "script.forbidden_import")


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os')",
        "import importlib\nimportlib.import_module('os')",
        "from asyncio import events",
        "from json import codecs",
        "import collections.abc as c\nc.sys",
        "from collections import sys",
        "getattr(__builtins__, '__import__')",
        "import json\njson.codecs",
        "import statistics\nstatistics.sys",
        "import typing\ntyping.get_type_hints",
        "import asyncio\ngetattr(asyncio, 'events')",
        "import asyncio\ngetattr(asyncio, 'sys')",
    ],
)
async def test_S04_dynamic_imports_are_refused(harness: Harness, source: str) -> None:
    await refused(
        harness,
        source,
        "script.forbidden_name",
        "script.forbidden_import",
        "script.forbidden_attribute",
        "script.runtime",
    )


@pytest.mark.parametrize(
    "source", ["while True: pass", "while True:\n    try:\n        pass\n    except:\n        pass"]
)
async def test_S05_an_endless_loop_ends_at_its_limit(harness: Harness, source: str) -> None:
    await refused(harness, source, "limit.steps", "limit.cpu_time")


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasync def f():\n    while True:\n        asyncio.create_task(g())\n        await asyncio.sleep(0)\nasync def g():\n    await asyncio.sleep(3600)\nawait f()",
        "import asyncio\nwhile True:\n    await asyncio.sleep(0)",
        "import asyncio\nasync def f():\n    await asyncio.gather(f(), f())\nawait f()",
    ],
)
async def test_S06_endless_tasks_and_awaits_end_at_a_limit(harness: Harness, source: str) -> None:
    await refused(
        harness, source, "limit.steps", "limit.cpu_time", "limit.memory", "limit.wall_time", "limit.recursion"
    )


@pytest.mark.parametrize("source", ["x = bytearray(10**9)", "x = []\nwhile True:\n    x.append([0] * 1000)"])
async def test_S07_memory_ends_at_its_limit(harness: Harness, source: str) -> None:
    outcome = await refused(harness, source, "limit.memory")
    assert outcome.usage.peak_memory_bytes <= 1.1 * harness.limits.memory_bytes


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("def f():\n    f()\nf()", ("limit.recursion",)),
        ("x = " + "(" * 500 + ")" * 500, ("script.syntax",)),
        ("x = " + "-" * 20_000 + "1", ("script.syntax",)),
        ("x = " + "+".join(["1"] * 10_000), ("script.syntax",)),
        ("".join("  " * i + "if 1:\n" for i in range(110)), ("script.syntax",)),
    ],
)
async def test_S08_depth_ends_in_a_clear_error(harness: Harness, source: str, codes: tuple[str, ...]) -> None:
    await refused(harness, source, *codes)


@pytest.mark.parametrize(
    "name", ["eval", "exec", "compile", "open", "input", "globals", "locals", "vars", "breakpoint", "exit", "help"]
)
async def test_S09_dangerous_builtins_are_absent(harness: Harness, name: str) -> None:
    await refused(harness, f"{name}('1')", "script.forbidden_name")


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass\nf.__code__",
        "def f(): pass\nf.__globals__",
        "def f():\n    yield\nf().gi_frame",
        "async def f(): pass\nc = f()\nc.cr_frame",
        "try:\n    1/0\nexcept Exception as e:\n    e.__traceback__.tb_frame",
        "try:\n    1/0\nexcept Exception as e:\n    getattr(e, '__traceback__')",
        "getattr(lambda: 1, 'func_globals')",
        "'{0.__class__}'.format(1)",
        "f = '{0.__class__}'.format\nf(1)",
        "str.format('{0.__class__}', 1)",
        "'{x[__class__].y}'.format_map({'x': {}})",
        "x = [tools.note(text='x')]\nx[0].send(None)",
    ],
)
async def test_S10_code_frames_and_globals_are_out_of_reach(harness: Harness, source: str) -> None:
    await refused(harness, source, "script.forbidden_attribute", "script.runtime", "script.forbidden_name")


async def test_S11_no_environment_and_no_descriptors(harness: Harness) -> None:
    for source in ("import os\nos.environ", "import sys\nsys.argv", "open('/etc/passwd')", "import socket"):
        await refused(harness, source, "script.forbidden_import", "script.forbidden_name")


@pytest.mark.parametrize(
    "source",
    [
        "context.model = 'x'",
        "del context.model",
        "context.limits['steps'] = 1",
        "context.tools.append('x')",
        "setattr(context, 'model', 1)",
    ],
)
async def test_S12_context_cannot_be_changed(harness: Harness, source: str) -> None:
    await refused(harness, source, "script.runtime", "script.forbidden_attribute")


THINGS = (
    "()",
    "''",
    "1",
    "[]",
    "{}",
    "None",
    "print",
    "tools",
    "context",
    "tools.note",
    "object()",
    "(lambda: 0)",
    "type",
    "ToolError('x')",
    "range(1)",
)
WALKS = (
    ("__class__", "__mro__"),
    ("__class__", "__base__"),
    ("__class__", "__subclasses__"),
    ("__class__", "__class__", "__subclasses__"),
    ("__subclasses__",),
    ("__globals__",),
    ("__code__",),
    ("__init__", "__globals__"),
    ("__init__", "__func__"),
    ("__call__", "__globals__"),
    ("__reduce_ex__",),
    ("__getattribute__",),
    ("__module__",),
    ("__self__",),
    ("mro",),
)


@pytest.mark.parametrize("walk", WALKS, ids=".".join)
async def test_S13_dunder_walks_from_any_object_fail(harness: Harness, walk: tuple[str, ...]) -> None:
    """`x.__class__` and the like are read through a guard; no walk gets past the first step, spelled either way."""
    for thing in THINGS:
        await refused(harness, f"x = {thing}\nx.{'.'.join(walk)}", "script.forbidden_attribute", "script.runtime")
        steps = "".join(f"x = getattr(x, '{name}')\n" for name in walk)
        await refused(harness, f"x = {thing}\n{steps}", "script.runtime")


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.get_event_loop()",
        "import asyncio\nasyncio.get_running_loop()",
        "import asyncio\nasyncio.Future()",
        "import asyncio\nt = asyncio.create_task(asyncio.sleep(0))\nt.get_loop()",
        "import asyncio\nt = asyncio.create_task(asyncio.sleep(0))\ngetattr(t, 'get_loop')()",
        "import asyncio\nasyncio.set_event_loop_policy(None)",
    ],
)
async def test_S14_the_event_loop_is_out_of_reach(harness: Harness, source: str) -> None:
    await refused(harness, source, "script.forbidden_attribute", "script.runtime", "script.forbidden_import")


async def test_S15_a_hung_worker_is_killed_and_the_host_goes_on(harness: Harness) -> None:
    began = time.monotonic()
    outcome = await harness.run("import re\nre.match('(a+)+$', 'a' * 60 + '!')", limits={"wall_time_s": 1})
    assert outcome.error is not None
    assert outcome.error.code in ("limit.wall_time", "limit.cpu_time")
    assert time.monotonic() - began < 2.5
    assert (await harness.run("return 1")).value == 1


async def test_S16_nothing_of_one_script_is_visible_to_another(harness: Harness) -> None:
    source = """
secret = 'of A'
class Leak: pass
Leak.secret = secret
import random
random.seed(1)
await tools.note(text='A')
return secret
"""
    assert (await harness.run(source)).value == "of A"
    outcome = await harness.run("try:\n    return secret\nexcept NameError:\n    return 'nothing'")
    assert outcome.value == "nothing"


async def test_S17_calls_pending_at_the_end_are_cancelled_and_named(harness: Harness) -> None:
    source = """
import asyncio
task = asyncio.create_task(tools.wait(seconds=30))
await asyncio.sleep(0.05)
never = [tools.note(text='never')]
return 'done'
"""
    began = time.monotonic()
    outcome = await harness.run(source)
    assert outcome.value == "done"
    assert time.monotonic() - began < 3
    assert outcome.pending == ("tools.wait (line 3)",)
    assert outcome.not_awaited == ("tools.note (line 5)",)
    assert [(call.tool, call.status) for call in outcome.calls] == [("wait", "cancelled")]
    assert not ran


async def test_S18_no_threads_processes_or_signals(harness: Harness) -> None:
    for module in ("threading", "multiprocessing", "signal", "concurrent.futures", "_thread"):
        await refused(harness, f"import {module}", "script.forbidden_import")


async def test_S19_an_oversized_value_is_an_error_with_its_size(harness: Harness) -> None:
    outcome = await refused(harness, "return list(range(1_000_000))", "limit.return_value")
    assert outcome.error is not None
    assert outcome.error.details["allowed"] == 131_072


async def test_S20_a_check_executes_nothing(harness: Harness) -> None:
    report = await harness.check("await tools.note(text='ran')\nwhile True: pass")
    assert report.ok
    assert not ran


async def test_the_workers_environment_is_empty_and_it_runs_as_nobody_special() -> None:
    """Seen from outside, by the kernel's own account of a live worker."""
    of_other_tests = descendants(os.getpid())
    async with Harness([wait]) as harness, anyio.create_task_group() as tasks:
        tasks.start_soon(harness.run, "await tools.wait(seconds=3)")
        await anyio.sleep(0.4)
        own = descendants(os.getpid()) - of_other_tests
        confined = [text for text in map(_status, own) if "Seccomp:\t2" in text]
        assert confined
        for text in confined:
            assert "NoNewPrivs:\t1" in text
            assert "CapEff:\t0000000000000000" in text
            assert "CapPrm:\t0000000000000000" in text
        tasks.cancel_scope.cancel()


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text()
