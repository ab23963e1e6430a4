"""Every snippet of the documentation is executed.

- ```` ```python ```` is a program of an embedder: it runs in a process of its own and must end well. `await` is allowed at
  the top level.
- ```` ```python script ```` is a script: it runs in a harness whose workspace is this checkout and must end well. Those of
  `errors.md` must fail, which `test_errors.py` looks at.
- ```` ```console ```` holds commands behind `$`. What stands behind a `#` is a remark. Every `toolscript` command runs in a folder with
  the files of `FILES`; the others are `make` targets that exist.

Nothing else is executed: ```` ```text ```` and fences without a word show data. The tutorials are one path each, which
`test_tutorial.py` walks.
"""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from harness import Harness
from tests.e2e.conftest import CHECKOUT, Command, environment

PAGES: Final = [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]
FILES: Final = {
    "message.md": "I add them up.\n\n<tool-calls>\nreturn 1 + 1\n</tool-calls>\n",
    "script.py": "return 1 + 1\n",
}
_FENCE: Final = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
_LANGUAGES: Final = {"python", "python script", "console", "text", "bash", ""}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block. `line` is that of its fence."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def snippets() -> Iterator[Snippet]:
    for path in (page for page in PAGES if page.parent.name != "tutorial"):
        text = path.read_text(encoding="utf-8")
        for block in _FENCE.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            yield Snippet(str(path.relative_to(CHECKOUT)), line, block[2].strip(), block[3])


ALL: Final = tuple(snippets())


def of(language: str) -> list[Snippet]:
    return [snippet for snippet in ALL if snippet.language == language]


def commands() -> list[tuple[str, str]]:
    lines = [(str(snippet), line) for snippet in of("console") for line in snippet.text.splitlines()]
    return [(place, line[2:].partition(" #")[0].strip()) for place, line in lines if line.startswith("$ ")]


def test_every_fence_says_what_it_is() -> None:
    assert {snippet.language for snippet in ALL} <= _LANGUAGES
    assert of("python")
    assert of("console")


@pytest.mark.parametrize("snippet", of("python"), ids=str)
def test_a_program_runs_as_written(snippet: Snippet, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _wrapped(snippet.text)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = re.findall(r"\)  # (.+)$", snippet.text, re.MULTILINE)
    if len(expected) == 1:
        assert done.stdout.strip() == expected[0]


def _wrapped(source: str) -> str:
    """The program itself, or one that runs it in an event loop if it awaits at the top level."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, "<snippet>", "exec", flags)
    if not code.co_flags & 0x80:  # CO_COROUTINE
        return source
    return (
        f"import asyncio, types\ncode = compile({source!r}, '<snippet>', 'exec', {flags})\n"
        "asyncio.run(types.FunctionType(code, {'__name__': '__main__'})())\n"
    )


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with Harness(workspace=CHECKOUT) as opened:
        yield opened


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("snippet", [s for s in of("python script") if not s.page.endswith("errors.md")], ids=str)
async def test_a_script_ends_well(harness: Harness, snippet: Snippet) -> None:
    outcome = await harness.run(snippet.text)
    assert outcome.ok, str(outcome.error)


@pytest.mark.parametrize(("place", "command"), commands(), ids=[f"{place} {command}" for place, command in commands()])
def test_a_command_works(place: str, command: str, folder: Path, toolscript: Command) -> None:
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    program, *arguments = shlex.split(command)
    if program == "make":
        assert re.search(rf"^{arguments[0]}:", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return
    assert program == "toolscript", f"{place}: {command}"
    done = toolscript(*arguments)
    missing_barriers = 5 if arguments[0] == "doctor" else 0
    assert done.code in (0, missing_barriers), done.err


def named(pattern: str) -> list[tuple[Path, str]]:
    """What a pattern finds on every page."""
    return [(path, name) for path in PAGES for name in re.findall(pattern, path.read_text(encoding="utf-8"))]


def test_every_link_inside_the_project_leads_somewhere() -> None:
    links = named(r"\]\((?!https?:)([^)#\s]+)")
    assert [f"{path.name}: {target}" for path, target in links if not (path.parent / target).exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#\s]+)", (CHECKOUT / "README.md").read_text(encoding="utf-8")))
    pages = [str(path.relative_to(CHECKOUT)) for path in PAGES if path.parent != CHECKOUT]
    assert [page for page in pages if page not in linked] == []


def test_every_path_that_is_named_exists() -> None:
    """`tests/...`, `harness/...`, `policy/...`, `docs/...` and `examples/...` between backticks, with braces and globs."""
    paths = named(r"`((?:tests|harness|policy|docs|examples)/[^`\s<]*)`")
    expanded = [(path, name.rstrip("/")) for path, pattern in paths for name in _expanded(pattern)]
    assert [f"{path.name}: {name}" for path, name in expanded if not any(CHECKOUT.glob(name))] == []


def test_every_security_critical_file_has_a_guarantee() -> None:
    listed = (CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("Security-critical files:")[2]
    model = (CHECKOUT / "docs" / "explanation" / "security-model.md").read_text(encoding="utf-8")
    assert sorted(_modules(listed) - _modules(model)) == []


# What is done with what others wrote: C is called, code made or executed, a process started, a text or bytes parsed.
_RISKY_MODULES: Final = {"ctypes", "jsonschema_rs", "marshal", "pickle", "socket", "subprocess", "tomllib"}
_RISKY_CALLS: Final = {"ast.parse", "compile", "eval", "exec", "from_json", "json.loads", "os.execve", "os.fork"}
_OWN_TEXT: Final = {"harness/runtimes/cpython/warmup.py": "it reads what it wrote itself, before there is a script"}


def test_every_file_that_executes_spawns_or_parses_has_a_guarantee() -> None:
    model = _modules((CHECKOUT / "docs" / "explanation" / "security-model.md").read_text(encoding="utf-8"))
    files = [path for package in ("harness", "policy") for path in (CHECKOUT / package).rglob("*.py")]
    risky = {str(path.relative_to(CHECKOUT)): _risks(ast.parse(path.read_text(encoding="utf-8"))) for path in files}
    assert {path: risks for path, risks in risky.items() if risks and path not in model | _OWN_TEXT.keys()} == {}
    assert all(risky[path] for path in _OWN_TEXT)


def _risks(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= _RISKY_MODULES & {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= _RISKY_MODULES & {node.module or ""}
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            found |= {name} if name in _RISKY_CALLS or name.endswith(".validate_json") else set()
    return found


def _modules(text: str) -> set[str]:
    """The modules that a text names between backticks; those of a folder that it names as a whole."""
    names = [name for pattern in re.findall(r"`((?:harness|policy)/[^`]+)`", text) for name in _expanded(pattern)]
    found = [path for name in names for path in CHECKOUT.glob(name.rstrip("/"))]
    modules = [each for path in found for each in ([path] if path.is_file() else path.glob("*.py"))]
    return {str(path.relative_to(CHECKOUT)) for path in modules if path.name != "__init__.py"}


def _expanded(name: str) -> list[str]:
    head, brace, rest = name.partition("{")
    if not brace:
        return [name]
    inner, _, tail = rest.partition("}")
    return [head + each + tail for each in inner.split(",")]
