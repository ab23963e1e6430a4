"""Run a script as plain CPython does: the reference of the differential tests.

A script without a top-level `return` is compiled as the module it looks like; one with a `return` becomes the body of a
function whose names are declared global. The value of the final expression is kept aside, also that of a final
`if __name__ == "__main__":`. Each script runs in a forked child of one small server process, so that none sees another.

Run as a module it is that server: one JSON line in, one JSON line out.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import json
import os
import signal
import subprocess
import symtable
import sys
import traceback
import types
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from tests.corpus.normal_form import Unserializable, normal_form
from tests.corpus.observed import Observed

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 20


class PlainPython:
    """The server process, as a context manager; `run` asks it for one script."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.corpus.plain_python"],
            cwd=ROOT,
            env={"PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE_S)

    def run(self, source: str) -> Observed:
        """Run one script in a process of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(source) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the reference interpreter died")
        return Observed(**json.loads(answer))


def observe(source: str) -> Observed:
    """Run a script in this very process and say what it did. It replaces `__main__`."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            _execute(source, module.__dict__)
            value = normal_form(module.__dict__.get(".value"))
        except Unserializable as error:
            return Observed(None, printed.getvalue(), "Unserializable", str(error))
        except BaseException as error:  # noqa: BLE001  # whatever ends the script is what is observed
            return Observed(None, printed.getvalue(), type(error).__name__, str(error), _script_lines(error))
    return Observed(value, printed.getvalue())


def _script_lines(error: BaseException) -> list[str]:
    lines = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == "<script>":
            name = frame.f_code.co_name
            lines.append(f"{line} {'<module>' if name == '.main' else name}")
    return lines[-10:]


def _execute(source: str, names: dict[str, Any]) -> None:
    tree = ast.parse(source, "<script>")
    _keep_final_value(tree.body)
    if _returns_at_top_level(tree):
        tree = _as_function(tree)
    code = compile(tree, "<script>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, names)
    if ".main" in names:
        result = names[".main"]()
        if not inspect.iscoroutine(result):
            names[".value"] = result if result is not None else names.get(".value")
            return
    if inspect.iscoroutine(result):
        returned = asyncio.run(result)
        names[".value"] = returned if returned is not None else names.get(".value")


def _keep_final_value(body: list[ast.stmt]) -> None:
    """Turn the final expression statement into an assignment to a name that no script can spell."""
    if not body:
        return
    last = body[-1]
    if isinstance(last, ast.If) and ast.unparse(last.test) == "__name__ == '__main__'":
        _keep_final_value(last.body)
    elif isinstance(last, ast.Expr):
        target = ast.Name(".value", ast.Store())
        body[-1] = ast.fix_missing_locations(ast.copy_location(ast.Assign([target], last.value), last))


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ASYNC = (ast.Await, ast.AsyncFor, ast.AsyncWith)


def _top_level(node: ast.AST) -> list[ast.AST]:
    """The nodes below `node` that run in its own scope."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        found.append(child)
        if not isinstance(child, _SCOPES):
            found.extend(_top_level(child))
    return found


def _returns_at_top_level(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Return) for node in _top_level(tree))


def _is_async(tree: ast.Module) -> bool:
    nodes = _top_level(tree)
    return any(isinstance(node, _ASYNC) or getattr(node, "is_async", 0) for node in nodes)


class _PlainAssignment(ast.NodeTransformer):
    """Drops the annotations of top-level names, which cannot be global and annotated at once."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if not isinstance(node.target, ast.Name):
            return node
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def _keep(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _keep  # noqa: N815  # ast's names


def _as_function(tree: ast.Module) -> ast.Module:
    """The module that defines the script as a function with true globals."""
    kind = ast.AsyncFunctionDef if _is_async(tree) else ast.FunctionDef
    plain = _PlainAssignment().visit(tree)
    # The final value is stored under a name that unparse cannot write; any spelling serves to find the bound names.
    text = ast.unparse(ast.fix_missing_locations(plain)).replace(".value = ", "_final_value_ = ")
    header = "async def main():\n" if kind is ast.AsyncFunctionDef else "def main():\n"
    indented = header + "\n".join("    " + line for line in text.splitlines()) + "\n    pass\n"
    table = symtable.symtable(indented, "<script>", "exec").get_children()[0]
    bound = [symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()]
    names = sorted({name for name in bound if name != "_final_value_"} | {".value"})
    shell = ast.parse(header + "    pass\n")
    function = shell.body[0]
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    futures = [node for node in plain.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    function.name = ".main"
    function.body = [ast.Global(names), *(node for node in plain.body if node not in futures)]
    shell.body = [*futures, function]
    return ast.fix_missing_locations(shell)


def _serve() -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            signal.alarm(PATIENCE_S)
            answer = json.dumps(asdict(observe(json.loads(line)))).encode()
            with os.fdopen(writing, "wb") as stream:
                stream.write(answer)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            answer = stream.read()
        _, status = os.waitpid(child, 0)
        if not answer:
            answer = json.dumps(asdict(Observed(None, "", "ReferenceDied", str(status)))).encode()
        sys.stdout.write(answer.decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
