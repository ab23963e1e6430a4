"""Runs an attack as what it is in plain Python, to see that it would reach something."""

from __future__ import annotations

import ast
import asyncio
import builtins
import json
import os
import sys
import types
import warnings

from tests.forks import in_a_fork


def reached_by(source: str) -> str | None:
    """Return the type's name of what the script puts into `found`, or None.

    It may change shared objects, so it runs in a process of its own.
    """
    return in_a_fork(lambda: _found(source).encode()).decode() or None


def _found(source: str) -> str:
    with open(os.devnull, "w") as silence:
        for stream in (1, 2):
            os.dup2(silence.fileno(), stream)
    scope: dict[str, object] = {"__name__": "__main__", "__builtins__": builtins}

    async def run() -> None:
        value = types.FunctionType(_compiled(source), scope)()
        if asyncio.iscoroutine(value):
            await value

    asyncio.new_event_loop().run_until_complete(run())
    found = scope.get("found")
    return type(found).__name__ if found else ""


def _compiled(source: str) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "plain", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, types.CodeType)
    return code


def main() -> None:
    """Answer a JSON object of scripts by name with an object of what each reached, for a host on another Python."""
    scripts: dict[str, str] = json.load(sys.stdin)
    json.dump({name: reached_by(source) for name, source in scripts.items()}, sys.stdout)


if __name__ == "__main__":
    main()
