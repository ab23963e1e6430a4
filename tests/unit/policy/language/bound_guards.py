"""The smallest worker: plain versions of the guards, and a way to run compiled scripts with them."""

from __future__ import annotations

import asyncio
import builtins
import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from policy.language import CompiledScript, ToolSignature, compile_script
from policy.language import guard_names as guards

MANY = 10_000_000


class OutOfSteps(BaseException):
    """Stands for the end of the worker."""


class _Raiser:
    def __iter__(self) -> Iterator[None]:
        return self

    def __next__(self) -> None:
        raise OutOfSteps


class _Writable(dict[type, bool]):
    def __missing__(self, cls: type) -> bool:
        self[cls] = cls.__module__ == "__main__"
        return self[cls]


@dataclass
class Run:
    """What one execution gave."""

    value: object = None
    error: BaseException | None = None
    output: str = ""
    steps: int = 0
    globals: dict[str, Any] = field(default_factory=dict)


def bound(budget: Iterator[None]) -> dict[str, Any]:
    """Builtins with the guards in them. Writes and private reads hold for classes made by the script."""
    writable = _Writable()

    def check_write(obj: object) -> bool:
        target = obj if isinstance(obj, type) or callable(obj) else type(obj)
        if getattr(target, "__module__", None) != "__main__":
            raise AttributeError(f"cannot set attributes of {type(obj).__name__!r} object")
        return True

    def check_private(obj: object, name: str) -> bool:
        if hasattr(obj, "_fields"):
            return True
        return check_write(obj)

    def checked(obj: Any) -> Any:
        check_write(obj)
        return obj

    def get_private(obj: object, name: str) -> object:
        check_private(obj, name)
        return getattr(obj, name)

    values: dict[str, Any] = dict(vars(builtins))
    values |= {
        guards.BUDGET: budget,
        guards.NEXT: next,
        guards.ZIP: zip,
        guards.ITER: iter,
        guards.TYPE: type,
        guards.WRITABLE: writable,
        guards.CHECK_WRITE: check_write,
        guards.CHECKED: checked,
        guards.CHECK_PRIVATE: check_private,
        guards.GET_PRIVATE: get_private,
        guards.GETATTR: getattr,
    }
    return values


def execute(compiled: CompiledScript, *, steps: int = MANY, names: dict[str, Any] | None = None) -> Run:
    """Run compiled code to its end. A script that waits gets a loop and starts again, so it must wait first."""
    assert compiled.code is not None, compiled.report.diagnostics
    counter = itertools.repeat(None, steps)
    values = bound(itertools.chain(counter, _Raiser())) | (names or {})
    run = Run(globals={"__name__": "__main__", "__builtins__": values})
    output = io.StringIO()
    with redirect_stdout(output):
        try:
            exec(compiled.code, run.globals)
            run.value = _run_to_end(run.globals.pop(guards.MAIN))
        except BaseException as error:  # noqa: BLE001  # whatever the script raises is the result
            run.error = error
    run.output = output.getvalue()
    run.steps = steps - counter.__length_hint__()
    return run


def run(source: str, *, tools: tuple[ToolSignature, ...] = (), steps: int = MANY, **names: Any) -> Run:
    """Compile and run a script that must be accepted."""
    compiled = compile_script(source, tools)
    assert compiled.report.ok, compiled.report.diagnostics
    return execute(compiled, steps=steps, names=names)


def _run_to_end(main: Callable[[], Any]) -> object:
    """Run the script's coroutine; only one that waits needs a loop."""
    coroutine = main()
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    return asyncio.run(main())
