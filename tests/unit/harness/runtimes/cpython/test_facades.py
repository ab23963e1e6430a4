"""Modules that a script imports hold what is listed, and lead nowhere else."""

from __future__ import annotations

import functools
import importlib
import json
import subprocess
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.runtimes.cpython.script_builtins import make_import
from policy.language import BUILTINS, FACADES
from policy.language.guard_names import BOUND, BUDGET
from tests.forks import in_a_fork

ROOT = Path(__file__).resolve().parents[5]
PROBE = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from harness.runtimes.cpython import zygote
print(json.dumps(sorted(zygote._make_worker() and sys.modules)), file=sys.stderr)
"""


def with_a_worker(test: Callable[[Any], None]) -> Callable[[], None]:
    """Give a test a worker, in a process of its own: a worker changes modules of the process that it is made in."""

    @functools.wraps(test)
    def run() -> None:
        assert in_a_fork(lambda: _end_of(test)).decode() == "passed"

    del run.__wrapped__  # type: ignore[attr-defined]  # pytest would look for a fixture of the parameter's name
    return run


def _end_of(test: Callable[[Any], None]) -> bytes:
    from harness.runtimes.cpython.worker import Worker

    try:
        test(Worker())
    except BaseException:  # noqa: BLE001  # also what pytest raises where something that was to fail did not
        return traceback.format_exc().encode()
    return b"passed"


@with_a_worker
def test_a_facade_shows_what_is_listed_and_this_python_has(worker: Any) -> None:
    assert worker.facades.keys() == FACADES.keys()
    for name, names in FACADES.items():
        facade, real = worker.facades[name], importlib.import_module(name)
        shown = {key for key in facade.__dict__ if key not in ("__spec__", "__getattr__")}
        assert shown == {key for key in names if hasattr(real, key) or f"{name}.{key}" in FACADES}


@with_a_worker
def test_a_facade_holds_no_real_module_and_nothing_that_shows_ours(worker: Any) -> None:
    facades = list(worker.facades.values())
    for facade in facades:
        for name, value in facade.__dict__.items():
            if isinstance(value, types.ModuleType):
                assert any(value is known for known in facades), name
            assert not isinstance(value, functools.partial), name
            owner = getattr(value, "__self__", None)
            assert not type(owner).__module__.startswith("harness."), name


@with_a_worker
def test_from_import_does_not_fall_back_to_sys_modules(worker: Any) -> None:
    assert "json.decoder" in sys.modules
    scope = {"__builtins__": {"__import__": make_import(worker.facades, lambda: None)}}
    exec("from json import dumps", scope)
    with pytest.raises(ImportError):
        exec("from json import decoder", scope)
    with pytest.raises(ImportError):
        exec("import json.decoder", scope)


@with_a_worker
def test_an_import_in_the_name_of_a_script_hands_out_nothing(worker: Any) -> None:
    import_facade = make_import(worker.facades, lambda: None)
    assert import_facade("sys", {}, {}, [], 0) is None
    with pytest.raises(ModuleNotFoundError):
        import_facade("no_such_module", {}, {}, [], 0)
    with pytest.raises(ModuleNotFoundError):
        import_facade("sys", {}, {}, None, 0)
    assert import_facade("urllib.parse", {}, {}, None, 0) is worker.facades["urllib"]
    assert import_facade("urllib.parse", {}, {}, ("quote",), 0) is worker.facades["urllib.parse"]


@with_a_worker
def test_a_script_has_the_listed_builtins_and_the_guards(worker: Any) -> None:
    injected = {"ToolError", "ToolDenied", "ToolNotFound", "ToolInvalidArguments", "ToolTimeout", "progress"}
    structural = {"__build_class__", "__import__", "__debug__"}
    expected = {name for name in BUILTINS if name in worker.builtins} | injected | structural | (BOUND - {BUDGET})
    assert worker.builtins.keys() == expected
    for refused in ("eval", "exec", "compile", "open", "input", "globals", "locals", "vars", "memoryview"):
        assert refused not in worker.builtins


def test_the_zygote_loads_no_more_than_a_worker_needs() -> None:
    paths = json.dumps([str(ROOT), *[path for path in sys.path if path.endswith("site-packages")]])
    command = [sys.executable, "-s", "-P", "-S", "-c", PROBE, paths]
    modules = json.loads(subprocess.run(command, capture_output=True, check=True, env={}).stderr)
    packages = {name.partition(".")[0] for name in modules}
    assert not packages & {"pydantic", "pydantic_core", "anyio", "rich", "typer", "trio", "pytest", "multiprocessing"}
    ours = {name for name in modules if name.startswith("harness.")}
    outside = {name for name in ours if not name.startswith(("harness.runtimes", "harness.confine", "harness.errors"))}
    assert not outside
    assert {"policy.limits", "policy.approval"}.isdisjoint(modules)
