"""The page `docs/reference/language.md`, rendered from the tables that the check uses.

`python -m policy.language.reference` prints it; `test_reference.py` compares it with the file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Final

from policy.language import guard_names, names
from policy.language.explanations import EXPLANATIONS
from policy.language.facades import EVERY_NAME, SINCE
from policy.language.grammar import GRAMMAR
from policy.language.pipeline import LANGUAGE_VERSION, MAX_DIAGNOSTICS
from policy.language.survey import MAX_DEPTH

_INTRODUCTION: Final = f"""\
# The script language

Version {LANGUAGE_VERSION}. This page is generated from the tables that the check uses (`python -m
policy.language.reference`).

A script is the body of an async function in a subset of Python: `await` and `return` are allowed at the top level.
What is allowed behaves exactly as in CPython; what is not is refused before anything runs, with a code, a position
and a hint. All findings are reported at once, up to {MAX_DIAGNOSTICS}.

## The value of a script

What it returns; without a `return`, the value of its final expression statement, also of the final one inside a
final `if __name__ == "__main__":`, so that a script may end with `asyncio.run(main())`; else null. What it prints
goes to the log.

## Text

UTF-8, with or without a byte order mark. A script that is empty, holds a null character or half of a surrogate
pair, or nests deeper than {MAX_DEPTH} levels of syntax is `script.syntax`; one that is larger than the limit is
`script.too_large`.
"""

_TOOLS: Final = """\
## Tool calls

`await tools.read_file(path="a")`: by keyword, by position in the order of the schema, or with one dict that holds
all arguments. One dict alone is the first argument only if that takes an object and a key of the dict names no
parameter. `tools.readFile` is `tools.read_file`; dots are namespaces (`tools.spawn.exec`). A call starts when it is
awaited or wrapped in a task. Checked before anything runs: the name of the tool, unknown and missing arguments,
literals of the wrong type, and calls that nothing can await. The plan lists the tools a script can reach; where
`tools` itself becomes a value, that is all of them.

Every script has these names beside the builtins: {injected}.
"""

_STEPS: Final = """\
## Steps

One step for each loop iteration and one for the end of the loop (a loop of ten costs eleven), the same for
comprehensions, and one for each entry of a function, lambda or generator. The count is exact and the same on every
Python.
"""

_ATTRIBUTES: Final = """\
## Attributes

| attribute | rule |
|---|---|
| every public name not listed here | read as it is; set and deleted on the script's own objects |
| `_x`, `__x` | only on instances of the script's own classes and on those classes |
| {named_tuples} | also on named tuples |
| {guarded} | the guard looks at the object: {guarded_note} |
| {readable} | read through the guard, which looks at the object |
| {writable} | also set, on the script's own functions and classes |
| dunder methods (below) | defined in classes; called through the guard, or as `super().__init__(...)` |
| every other name with two underscores on both sides | refused |
| {refused} | refused on every object |

Class patterns (`case Point(x=0)`) and value patterns read attributes in C, so there only the names of the first row
are allowed.

### Dunder methods that a class may define

{methods}, and the names {class_names} in its body.
"""

_GUARDED_NOTE: Final = "formats walk no attributes, coroutines are not driven, clocks are the host's"

_GUARDS: Final = """\
## What the compiler puts into a script

These names hold a dot, so a script cannot spell them. The worker binds them.

| name | meaning |
|---|---|
| `{budget}` | shared iterator, one item per step |
| `{next}`, `{zip}`, `{iter}`, `{type}` | the builtins, whatever the script calls so |
| `{writable}`, `{check_write}`, `{checked}` | may the script set attributes of this object |
| `{check_private}`, `{get_private}` | may it read this object's private names |
| `{getattr}` | attributes that are harmless on most objects only |
| `{step}`, `{temporary}` | locals: the counter of a loop; an object between its check and its use |
| `{own}.NAME` | local: whether the parameter NAME is the script's own object |
"""


def render() -> str:
    """The whole page."""
    parts = [
        _INTRODUCTION,
        _syntax(),
        _names(),
        _ATTRIBUTES.format(
            named_tuples=_code_list(names.PRIVATE_OF_NAMED_TUPLES),
            guarded=_code_list(names.GUARDED_ATTRIBUTES),
            guarded_note=_GUARDED_NOTE,
            readable=_code_list(names.READABLE_DUNDERS - names.DUNDER_METHODS),
            writable=_code_list(names.WRITABLE_DUNDERS),
            refused=_code_list(names.REFUSED_ATTRIBUTES),
            methods=_code_list(names.DUNDER_METHODS),
            class_names=_code_list(names.CLASS_DUNDERS - names.DUNDER_METHODS),
        ),
        _modules(),
        _TOOLS.format(injected=_code_list(names.INJECTED)),
        _STEPS,
        _GUARDS.format(**{name.lower(): value for name, value in vars(guard_names).items() if name.isupper()}),
        _codes(),
    ]
    return "\n".join(parts)


def _code_list(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def _syntax() -> str:
    free = [name for name, rule in GRAMMAR.items() if rule.verdict == "free"]
    rows = [f"| `{name}` | {rule.verdict} | {rule.note} |" for name, rule in GRAMMAR.items() if rule.verdict != "free"]
    lines = [
        "## Syntax\n\nThe node classes of Python's `ast`; a class that is not named here is refused.\n",
        f"Compiled as they stand: {', '.join(f'`{name}`' for name in free)}.\n",
        "| node | verdict | rule |",
        "|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _names() -> str:
    refused = [f"| `{name}` | {hint} |" for name, hint in sorted(names.REFUSED_BUILTINS.items())]
    own = (
        "A script's own names are free, also `_x` and those of builtins (`input = 3`). Names with two underscores on "
        f"both sides are refused, {_code_list(names.READABLE_DUNDER_NAMES)} excepted, which is `__main__`. "
        f"{_code_list(names.STRUCTURAL)} cannot be rebound."
    )
    lines = [
        f"## Names\n\n{own}\n",
        f"Builtins: {_code_list(names.BUILTINS - names.EXCEPTIONS)}; `type` takes one argument.\n",
        f"Exceptions: {_code_list(names.EXCEPTIONS)}.\n",
        "| refused builtin | instead |",
        "|---|---|",
        *refused,
        "",
    ]
    return "\n".join(lines)


def _modules() -> str:
    rows = [f"| `{module}` | {_shown(module, EVERY_NAME)} |" for module in sorted(EVERY_NAME)]
    rule = (
        "`import` and `from ... import` of these, and of nothing else; `from __future__ import annotations` is "
        "accepted. The strict language mode imports nothing."
    )
    head = [f"## Modules\n\n{rule}\n", "| module | names |", "|---|---|"]
    return "\n".join([*head, *rows, ""])


def _shown(module: str, every_name: Mapping[str, frozenset[str]]) -> str:
    return ", ".join(f"`{name}`{_since(f'{module}.{name}')}" for name in sorted(every_name[module]))


def _since(name: str) -> str:
    version = SINCE.get(name)
    return f" ({version[0]}.{version[1]})" if version else ""


def _codes() -> str:
    given = [code for code in EXPLANATIONS if code.startswith("script.forbidden") or code in _OTHER_CODES]
    rows = [f"| `{code}` | {EXPLANATIONS[code].meaning} |" for code in given]
    return "\n".join(["## Findings of a check", "", "| code | meaning |", "|---|---|", *rows, ""])


_OTHER_CODES: Final = frozenset(
    {"script.syntax", "script.too_large", "tool.not_found", "tool.invalid_arguments", "tool.not_awaited"}
)

if __name__ == "__main__":
    sys.stdout.write(render())
