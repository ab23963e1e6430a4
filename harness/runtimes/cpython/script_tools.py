"""`tools`, `context` and `progress`: what a script has beside the language.

A call starts when it is awaited or wrapped in a task, as a coroutine would; one that is neither never reaches the host.
"""

from __future__ import annotations

import asyncio
import difflib
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from harness.runtimes.cpython.exchange import Exchange
from harness.runtimes.cpython.script_file import SCRIPT_FILE, script_line
from harness.runtimes.cpython.tool_errors import ToolInvalidArguments
from harness.runtimes.cpython.values import TooLargeError, UnserializableError, json_text, plain_text
from harness.runtimes.cpython.wire import MAX_NAMED_CALLS, PROGRESS, WorkerChannel
from policy.language import bind_values
from policy.language.tool_names import snake_case

_PROGRESS_EVERY_S = 0.5
_MAX_PROGRESS_CHARS = 1000

_CONTEXT = ("script_id", "session_id", "turn_id", "working_directory", "provider", "model")

NamedCall = tuple[str, int | None]


class CallBook:
    """Knows every call that the script made: the way out for those that start, the names of those that never do.

    Attributes:
        max_bytes: JSON bytes of one call's arguments.
        max_depth: How deep the arguments may be nested.
        too_large: Ends the run with `limit.arguments`; given the tool, the line and what is too large.
        on_start: Told the tool of every call that starts, or None.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.max_bytes = 0
        self.max_depth = 0
        self.too_large: Callable[[str, int | None, TooLargeError], NoReturn]
        self.on_start: Callable[[str], None] | None = None
        self._made: dict[ToolCall, None] = {}  # neither awaited nor wrapped so far
        self._wrapped: dict[ToolCall, asyncio.Task[Any]] = {}  # in a task that has not run so far

    def made(self, call: ToolCall) -> None:
        """A call was made."""
        self._made[call] = None

    def wrapped(self, call: ToolCall, task: asyncio.Task[Any] | None) -> None:
        """A call was handed to a task, or to something that awaits it at once (None)."""
        self._made.pop(call, None)
        if task is not None:
            self._wrapped[call] = task

    def start(self, call: ToolCall) -> tuple[int, asyncio.Future[Any]]:
        """A call is awaited: encode its arguments and put it into the outbox."""
        self._made.pop(call, None)
        self._wrapped.pop(call, None)
        if self.on_start is not None:
            self.on_start(call.tool)
        return self.exchange.start(call, self._arguments_of(call))

    def never_awaited(self) -> list[NamedCall]:
        """Calls that were made and dropped."""
        return [(call.tool, call.line) for call in self._made][:MAX_NAMED_CALLS]

    def pending(self) -> list[NamedCall]:
        """Calls that are still on their way, or in a task that waits for its first turn."""
        under_way = [call for future, call in self.exchange.outstanding.values() if not future.done()]
        waiting = [call for call, task in self._wrapped.items() if not task.done()]
        return [(call.tool, call.line) for call in [*under_way, *waiting]][:MAX_NAMED_CALLS]

    def _arguments_of(self, call: ToolCall) -> str:
        try:
            return json_text(call.arguments, max_bytes=self.max_bytes, max_depth=self.max_depth)
        except UnserializableError as error:
            raise error.of_call(call.tool) from None
        except TooLargeError as error:
            self.too_large(call.tool, call.line, error)


class ToolCall:
    """A call that was made: an awaitable that answers to nothing else."""

    __slots__ = ("_book", "_started", "arguments", "line", "tool")

    def __init__(self, book: CallBook, tool: str, arguments: dict[str, Any], line: int | None) -> None:
        self._book = book
        self._started = False
        self.tool = tool
        self.arguments = arguments
        self.line = line
        book.made(self)

    def __await__(self) -> Generator[Any, None, Any]:
        if self._started:
            raise RuntimeError("cannot reuse already awaited tool call")
        self._started = True
        number, future = self._book.start(self)
        try:
            return (yield from future)
        except asyncio.CancelledError:
            self._book.exchange.abandon(number)
            raise

    def __repr__(self) -> str:
        return f"<tool call {self.tool}>"


def note_wrapped(call: ToolCall, task: asyncio.Task[Any] | None) -> None:
    """Note that something will await a call. No method of it: a script could call that."""
    call._book.wrapped(call, task)


ToolCall.__name__ = ToolCall.__qualname__ = "tool call"


class ScriptTool:
    """One tool, as the script calls it."""

    __slots__ = ("_book", "_name", "_parameters")

    def __init__(self, book: CallBook, name: str, parameters: Mapping[str, Any]) -> None:
        self._book = book
        self._name = name
        self._parameters = parameters

    def __call__(self, /, *args: Any, **kwargs: Any) -> ToolCall:
        if args:
            kwargs = self._named(args, kwargs)
        frame = sys._getframe(1)
        line = frame.f_lineno if frame.f_code.co_filename == SCRIPT_FILE else script_line()
        return ToolCall(self._book, self._name, kwargs, line)

    def __repr__(self) -> str:
        return f"<tool {self._name}>"

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Give positional arguments their names, as the check read them; one dict may hold all of them."""
        bound = bind_values(self._parameters, args, kwargs)
        for fault in bound.faults:
            raise ToolInvalidArguments(f"tools.{self._name} {fault.message}", code="tool.invalid_arguments")
        return bound.arguments


class Tools:
    """The tools, by attribute; a dotted name is a namespace in between. Cannot be changed."""

    def __init__(self, prefix: str, members: Mapping[str, object]) -> None:
        self.__dict__.update(members)
        self.__dict__["."] = prefix  # no attribute that a script could spell

    def __getattr__(self, name: str) -> Any:
        alias = snake_case(name)  # the spelling of the JavaScript harness
        if alias in self.__dict__:
            return self.__dict__[alias]
        prefix = self.__dict__["."]
        near = difflib.get_close_matches(name, [key for key in self.__dict__ if key != "."], n=1)
        hint = f"; did you mean {prefix}.{near[0]}?" if near else ""
        raise AttributeError(f"there is no tool {prefix}.{name}{hint}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("tools cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("tools cannot be changed")

    def __iter__(self) -> Iterator[str]:
        raise TypeError("tools are not iterable; their names are in context.tools")

    def __repr__(self) -> str:
        return f"<{self.__dict__['.']}>"


def make_tools(book: CallBook, signatures: Sequence[Mapping[str, Any]]) -> Tools:
    """Build the `tools` object."""
    tree: dict[str, Any] = {}
    for signature in signatures:
        *path, last = signature["name"].split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = ScriptTool(book, signature["name"], signature["parameters"])
    return _namespace("tools", tree)


def _namespace(prefix: str, tree: Mapping[str, Any]) -> Tools:
    members = {
        name: _namespace(f"{prefix}.{name}", node) if isinstance(node, dict) else node for name, node in tree.items()
    }
    return Tools(prefix, members)


class ReadOnly:
    """A record that a script can read by attribute or item, and not change."""

    __slots__ = ("_known", "_make_fields", "_name")

    def __init__(self, name: str, make_fields: Callable[[], dict[str, Any]]) -> None:
        set_slot = object.__setattr__
        set_slot(self, "_name", name)
        set_slot(self, "_make_fields", make_fields)
        set_slot(self, "_known", None)

    @property
    def _fields(self) -> dict[str, Any]:
        """The fields, made when the first of them is read."""
        if self._known is None:
            object.__setattr__(self, "_known", self._make_fields())
        known: dict[str, Any] = self._known
        return known

    def __getattr__(self, name: str) -> Any:
        return self._read(name, AttributeError)

    def __getitem__(self, name: str) -> Any:
        return self._read(name, KeyError)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self._name} is read-only")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self._name} is read-only")

    def __setitem__(self, name: str, value: object) -> None:
        raise TypeError(f"{self._name} is read-only")

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{self._name} is read-only")

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __repr__(self) -> str:
        return f"{self._name}({', '.join(f'{name}={self[name]!r}' for name in self)})"

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, or the default."""
        try:
            return self[name]
        except KeyError:
            return default

    def keys(self) -> list[str]:
        """Return the names of the fields."""
        return list(self._fields)

    def _read(self, name: str, error: type[Exception]) -> Any:
        if type(name) is str and name in self._fields:
            value = self._fields[name]
            return value() if type(value) is _Live else value
        raise error(f"{self._name} has no field {name!r}; it has: {', '.join(self._fields)}")


class _Live:
    """A field that is computed when it is read."""

    __slots__ = ("_compute",)

    def __init__(self, compute: Callable[[], object]) -> None:
        self._compute = compute

    def __call__(self) -> object:
        return self._compute()


def make_context(
    given: Mapping[str, Any], limits: Mapping[str, Any], tools: Sequence[str], exchange: Exchange
) -> ReadOnly:
    """Build the `context` object from what the host sent."""

    def fields() -> dict[str, Any]:
        known: dict[str, Any] = {name: given.get(name) for name in _CONTEXT}
        known["limits"] = ReadOnly("limits", lambda: dict(limits))
        known["remaining_tool_calls"] = _Live(lambda: max(0, limits["tool_calls"] - exchange.started))
        known["tools"] = tuple(given.get("tools", tools))
        known.update({name: value for name, value in given.items() if name not in known and name[:1] != "_"})
        return known

    return ReadOnly("context", fields)


class Progress:
    """`progress(message)`: sends at most so many messages, and at most one every half second."""

    __slots__ = ("_channel", "_last", "_left")

    def __init__(self) -> None:
        self._left = 0
        self._last = -_PROGRESS_EVERY_S
        self._channel: WorkerChannel | None = None

    def start(self, channel: WorkerChannel, allowed: int) -> None:
        """Give it the run."""
        self._channel = channel
        self._left = allowed

    def report(self, message: object) -> None:
        """Tell whoever watches the run how far it is."""
        text = plain_text(message)[:_MAX_PROGRESS_CHARS].encode("utf-8", "replace").decode()
        now = time.monotonic()
        if self._channel is None or self._left <= 0 or now - self._last < _PROGRESS_EVERY_S:
            return
        self._left -= 1
        self._last = now
        self._channel.send({"t": PROGRESS, "message": text})


CLASSES: tuple[type, ...] = (ToolCall, ScriptTool, Tools, ReadOnly)
