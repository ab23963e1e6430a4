"""Reads settings out of TOML text, and says of each thing that is wrong where it stands."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from harness.config.problems import Problem
from policy.approval import Granular
from policy.limits import Limits
from policy.mcp import Mcp, McpServer
from policy.sandbox import NetworkAccess, SandboxPolicy
from policy.settings import Audit, Environment, Overrides, ProviderOverrides, Settings, Telemetry
from policy.toml import TomlError, parse_toml

COMMAND_LINE = "the command line"

_SANDBOXES: tuple[type[BaseModel], ...] = get_args(get_args(SandboxPolicy)[0])
_TABLES: Mapping[tuple[str, ...], tuple[type[BaseModel], ...]] = {
    (): (Settings,),
    ("approval_policy",): (Granular,),
    ("sandbox",): _SANDBOXES,
    ("network",): (NetworkAccess,),
    ("environment",): (Environment,),
    ("limits",): (Limits,),
    ("mcp",): (Mcp,),
    ("mcp", "servers", "*"): (McpServer,),
    ("telemetry",): (Telemetry,),
    ("audit",): (Audit,),
}
"""The models of a table; * is any name."""
_TAGS = frozenset({"name", "switches", *(cls.model_fields["kind"].default for cls in _SANDBOXES)})
_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_SHOWN = 60


def decoded(data: bytes, place: str, problems: list[Problem]) -> str | None:
    """Decode a file as UTF-8, or add a problem and return None."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(place, "it is not UTF-8", line=line, hint="save it as UTF-8"))
        return None


def settings_of_text(
    text: str, place: str, problems: list[Problem], *, home: str, folder: str | None
) -> Settings | None:
    """Read settings from TOML.

    Args:
        text: The file's.
        place: Its path, for messages.
        problems: What is wrong is added here.
        home: What `~` means.
        folder: What relative paths of writable roots start from; None when they may not be relative.

    Returns:
        The settings; `model_fields_set` names those that the text has. None when something is wrong.
    """
    try:
        values = parse_toml(text)
    except TomlError as error:
        problems.append(_syntax_problem(str(error), place, text))
        return None
    return settings_of_values(values, place, problems, home=home, folder=folder, text=text)


def settings_of_values(
    values: Mapping[str, Any], place: str, problems: list[Problem], *, home: str, folder: str | None, text: str = ""
) -> Settings | None:
    """Read settings from plain data, as `settings_of_text` does."""
    return _read(Settings, values, place, problems, home=home, folder=folder, text=text)


def turn_of_values(
    values: Mapping[str, Any], place: str, problems: list[Problem], *, home: str, folder: str | None
) -> Overrides | None:
    """Read what a turn sets, which is less than settings: nothing that holds for the whole harness."""
    return _read(Overrides, values, place, problems, home=home, folder=folder)


_Read = TypeVar("_Read", bound=Overrides)


def _read(
    model: type[_Read],
    values: Mapping[str, Any],
    place: str,
    problems: list[Problem],
    *,
    home: str,
    folder: str | None,
    text: str = "",
) -> _Read | None:
    found: list[Problem] = []
    places = _Places(place, text, found, home, folder)
    values = places.with_folders_of_servers(places.with_roots_of_providers(places.with_roots(values, ())))
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        found += [_problem(item, place, text) for item in error.errors(include_url=False)]
    problems += sorted(found, key=lambda problem: problem.line or 0)
    return None if found else settings


def _syntax_problem(message: str, place: str, text: str) -> Problem:
    match = _TOML_PLACE.search(message)
    line = None if match is None else int(match[1]) if match[1] else text.count("\n") + 1
    return Problem(place, f"it is not TOML: {_without_place(message)}", line=line, hint="correct the line")


def _without_place(message: str) -> str:
    said = _TOML_PLACE.sub("", message)
    return f"{said[:1].lower()}{said[1:]}"


@dataclass(frozen=True, slots=True)
class _Places:
    """Makes the paths of settings absolute and resolves their links; grants are compared with resolved paths."""

    place: str
    text: str
    found: list[Problem]
    home: str
    folder: str | None

    def with_roots(self, values: Mapping[str, Any], table: tuple[str, ...]) -> Mapping[str, Any]:
        """Resolve the roots of the sandbox, in the settings or in a table of overrides."""
        sandbox = values.get("sandbox")
        roots = sandbox.get("roots") if isinstance(sandbox, Mapping) else None
        if not isinstance(sandbox, Mapping) or not isinstance(roots, Sequence) or isinstance(roots, str):
            return values
        resolved = tuple(self._resolved(root, (*table, "sandbox", "roots"), "has") for root in roots)
        return {**values, "sandbox": {**sandbox, "roots": resolved}}

    def with_roots_of_providers(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Resolve the roots of the sandbox in the tables of providers and of their models."""

        def of_provider(provider: Mapping[str, Any], table: tuple[str, ...]) -> Mapping[str, Any]:
            return _with_each(self.with_roots(provider, table), "models", table, self.with_roots)

        return _with_each(values, "providers", (), of_provider)

    def with_folders_of_servers(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Resolve the folders that MCP servers start in."""
        mcp = values.get("mcp")
        servers = mcp.get("servers") if isinstance(mcp, Mapping) else None
        if not isinstance(mcp, Mapping) or not isinstance(servers, Mapping):
            return values
        resolved = {name: self._with_cwd(name, server) for name, server in servers.items()}
        return {**values, "mcp": {**mcp, "servers": resolved}}

    def _with_cwd(self, name: str, server: object) -> object:
        if not isinstance(server, Mapping) or not isinstance(server.get("cwd"), str):
            return server
        return {**server, "cwd": self._resolved(server["cwd"], ("mcp", "servers", name, "cwd"), "is")}

    def _resolved(self, given: object, key: tuple[str, ...], has: str) -> object:
        path, resolved = "", given
        if isinstance(given, str) and given and "\0" not in given:
            path = os.path.join(self.home, given[2:]) if given.startswith("~/") or given == "~" else given
            path = path if self.folder is None else os.path.join(self.folder, path)
            resolved = os.path.realpath(path)
        if not os.path.isabs(path):
            message = f"`{'.'.join(key)}` {has} {_shown(given)}, which is no absolute path"
            line = _line_of(self.text, key)
            self.found.append(Problem(self.place, message, line=line, hint="write it from / or ~/ on"))
        return resolved


def _with_each(
    values: Mapping[str, Any],
    name: str,
    table: tuple[str, ...],
    change: Callable[[Mapping[str, Any], tuple[str, ...]], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Change every table below the table `name`; what is no table is left to the model to refuse."""
    named = values.get(name)
    if not isinstance(named, Mapping):
        return values
    changed = {
        key: change(value, (*table, name, str(key))) if isinstance(value, Mapping) else value
        for key, value in named.items()
    }
    return {**values, name: changed}


def _problem(error: Any, place: str, text: str) -> Problem:
    key = _key_of(error["loc"])
    message, hint = _said(error, key)
    return Problem(place, message, line=_line_of(text, key), hint=hint)


def _key_of(location: Sequence[str | int]) -> tuple[str, ...]:
    """The key that a finding is about, without the tags of variants and the numbers of items."""
    key: tuple[str, ...] = ()
    for part in location:
        is_tag = part in _TAGS and key[-1:] in (("sandbox",), ("approval_policy",))
        if not is_tag and not isinstance(part, int) and part != "[key]":
            key = (*key, part)
    return key


def _said(error: Any, key: tuple[str, ...]) -> tuple[str, str | None]:
    """Put one finding of the model into words: the message, and what to do."""
    name, kind, given, context = ".".join(key), error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        table = f"in `{'.'.join(key[:-1])}` " if key[:-1] else ""
        return f"there is no setting `{key[-1]}` {table}".rstrip(), _nearest(key[-1], _names_beside(error, key))
    if kind in ("literal_error", "union_tag_invalid"):
        expected = re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])
        shown = _shown(context.get("tag", given))
        return f"`{name}` cannot be {shown}, only {' or '.join(expected)}", _nearest(str(given), expected, value=True)
    if kind == "union_tag_not_found":
        return f"`{name}` does not say its `kind`", 'add kind, for example kind = "workspace-write"'
    if kind == "value_error":
        return f"`{name}`: {context['error']}", None
    if (wanted := _WANTED.get(kind)) is not None:
        return f"`{name}` is {_shown_kind(given)}, and must be {wanted}", _why_text(given, kind)
    return f"`{name}`: {error['msg'][:1].lower()}{error['msg'][1:]}", None


_WANTED: Mapping[str, str] = {
    "string_type": "text in quotes",
    "tuple_type": "a list",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a table",
    "model_type": "a name or a table",
    "model_attributes_type": "a name or a table",
}


def _why_text(given: object, kind: str) -> str | None:
    """What to do where a list should be and is text: a variable is text too if its list is not well written."""
    if not isinstance(given, str) or kind != "tuple_type":
        return None
    if given.startswith("["):
        try:
            parse_toml(f"list = {given}")
        except TomlError as error:
            return f"it is not TOML: {_without_place(str(error))}"
    return 'a list is written ["a", "b"]'


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _shown_kind(value: object) -> str:
    """Name the kind of a value, not the value: it may be a secret in a place where none belongs."""
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", dict: "a table", list: "a list"}
    return kinds.get(type(value), type(value).__name__)


def _names_beside(error: Any, key: tuple[str, ...]) -> list[str]:
    models = _models_of(key[:-1])
    tags = set(error["loc"])
    if key[-2:-1] == ("sandbox",):
        models = tuple(cls for cls in models if cls.model_fields["kind"].default in tags)
    return [name for cls in models for name in cls.model_fields]


def _models_of(table: tuple[str, ...]) -> tuple[type[BaseModel], ...]:
    if table[:1] == ("providers",) and len(table) > 1:
        inside = table[2:]
        if inside[:1] == ("models",) and len(inside) > 1:
            return _TABLES.get(inside[2:], ()) if inside[2:] else (Overrides,)
        return _TABLES.get(inside, ()) if inside else (ProviderOverrides,)
    named = (*table[:2], "*") if table[:2] == ("mcp", "servers") and len(table) == 3 else table
    return _TABLES.get(named, ())


def _nearest(name: str, known: Sequence[str], *, value: bool = False) -> str | None:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return None if value or not known else f"there are {', '.join(known)}"


def _line_of(text: str, key: tuple[str, ...]) -> int | None:
    """Find the line on which a key, or the nearest table around it, is written."""
    best, found = 0, None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            written = table = _parts(header[1])
        elif match := _KEY.match(line):
            written = (*table, *_parts(match[1]))
        else:
            continue
        if len(written) > best and key[: len(written)] == written:
            best, found = len(written), number
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
