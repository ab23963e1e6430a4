"""Runs the corpus against layers of the boundary, one layer at a time.

Every function answers how each attack ended, or the names of those that got through.
"""

from __future__ import annotations

from tests.integration.blocking_host import Result, Zygote

_ASK = "\nassert found\nreturn type(found).__name__"


def end_of(zygote: Zygote, source: str, *, code: str | None = None) -> str:
    """Run a script in a worker: "found" if it found something, else the code of its error or the worker's end.

    Args:
        code: What it was compiled to; the worker then does not check it.
    """
    result = zygote.run(source + _ASK, code=code)
    for checked in result.of("checked"):
        if checked["diagnostics"]:
            return str(checked["diagnostics"][0]["code"])
    return _end(result)


def _end(result: Result) -> str:
    if not result.of("finished"):
        return f"ended with {result.exit}"
    return "found" if result.finished["ok"] else str(result.error["code"])
