"""asyncio for scripts: CPython's own tasks and primitives on a loop that blocks in the exchange with the host.

A script never holds a Future, a Task or the loop, because all of them lead to the interpreter. It holds the facades of
this module, and what it passes in is unwrapped here; objects of its own never reach asyncio itself, except inside a
coroutine of ours.
"""

from __future__ import annotations

import asyncio
import sys
import time
import types
import weakref
from asyncio import base_events, events
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterable, Iterator
from typing import Any, Self, cast

from harness.runtimes.cpython.exchange import Exchange
from harness.runtimes.cpython.script_tools import ToolCall, note_wrapped

Real = asyncio.Future[Any]


_BaseEventLoop: Any = base_events.BaseEventLoop  # its hooks for subclasses have no types


class ScriptLoop(_BaseEventLoop):  # type: ignore[misc]  # as above
    """An event loop whose selector is the exchange with the host. It has no descriptor and no thread."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self._selector = exchange
        self.tasks_made = 1  # the first is the script itself

    def time(self) -> float:
        return time.monotonic()

    def run_main(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run the script's own coroutine to its end and return its value.

        Does what `run_until_complete` does and no more than that takes: every function less is some pages less that a
        worker must copy before the script's first line.
        """
        task = asyncio.Task(coroutine, loop=self)
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        events._set_running_loop(self)
        try:
            while not task.done():
                self._run_once()
        finally:
            events._set_running_loop(None)
        return task.result()

    def has_leftovers(self) -> bool:
        """Whether callbacks wait for their turn, or async generators to be closed."""
        return len(self._ready) > 0 or len(self._asyncgens) > 0

    def call_at(self, when: float, callback: Callable[..., object], *args: object, context: Any = None) -> Any:
        """Set a timer, to a real number: one of the script's own would be compared and written into a frame."""
        return super().call_at(float(when), callback, *args, context=context)

    def next_name(self) -> str:
        """A name for the next task, counted as CPython counts them in a process of the script's own."""
        self.tasks_made += 1
        return f"Task-{self.tasks_made}"

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Drop it: what asyncio would log here, nobody reads."""

    def _process_events(self, event_list: object) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class ScriptFuture:
    """What a script holds for something that will have a result."""

    __slots__ = ("__weakref__", "_callbacks", "_real")

    def __init__(self, real: Real) -> None:
        if not issubclass(type(real), asyncio.Future):  # a look-alike would be given asyncio's own objects
            raise TypeError("tasks and futures are made by create_task() and the like")
        self._real = real
        self._callbacks: list[tuple[object, Callable[[Real], object]]] | None = None

    def __await__(self) -> Generator[Any, None, Any]:
        return self._real.__await__()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {_state_of(self._real)}>"

    def result(self) -> object:
        """Return the result, or raise the exception."""
        return self._real.result()

    def exception(self) -> BaseException | None:
        """Return the exception that was raised, or None."""
        return self._real.exception()

    def done(self) -> bool:
        """True once there is a result, an exception, or a cancellation."""
        return self._real.done()

    def cancelled(self) -> bool:
        """True if it was cancelled."""
        return self._real.cancelled()

    def cancel(self, msg: object = None) -> bool:
        """Ask for the cancellation."""
        return self._real.cancel(msg)

    def add_done_callback(self, fn: Callable[[ScriptFuture], object]) -> None:
        """Call `fn` with this object when it is done. There is no `context`: its `run` would be given the future."""

        def call(_: Real) -> None:
            fn(self)

        self._callbacks = [*(self._callbacks or ()), (fn, call)]
        self._real.add_done_callback(call)

    def remove_done_callback(self, fn: object) -> int:
        """Forget `fn`; return how often it had been added."""
        known = self._callbacks or []
        found = [call for added, call in known if added == fn]
        self._callbacks = [pair for pair in known if pair[0] != fn]
        for call in found:
            self._real.remove_done_callback(call)
        return len(found)


class ScriptTask(ScriptFuture):
    """What a script holds for a task."""

    __slots__ = ()
    _real: asyncio.Task[Any]

    def __repr__(self) -> str:
        return f"<Task {_state_of(self._real)} name={self.get_name()!r}>"

    def get_name(self) -> str:
        """Return the task's name."""
        return self._real.get_name()

    def set_name(self, value: object) -> None:
        """Set the task's name."""
        self._real.set_name(str(value))

    def cancelling(self) -> int:
        """How many cancellations were asked for."""
        return self._real.cancelling()

    def uncancel(self) -> int:
        """Take one cancellation back."""
        return self._real.uncancel()


ScriptFuture.__name__ = ScriptFuture.__qualname__ = "Future"
ScriptTask.__name__ = ScriptTask.__qualname__ = "Task"

# One facade per task, so that what wait() returns is what create_task() gave. A facade keeps its task alive.
_facades: weakref.WeakValueDictionary[int, ScriptFuture] = weakref.WeakValueDictionary()


def _state_of(real: Real) -> str:
    if not real.done():
        return "pending"
    return "cancelled" if real.cancelled() else "finished"


def _facade(real: Real) -> ScriptFuture:
    known = _facades.get(id(real))
    if known is None:
        known = ScriptTask(real) if isinstance(real, asyncio.Task) else ScriptFuture(real)
        _facades[id(real)] = known
    return known


async def _await_any(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _is_coroutine(value: object) -> bool:
    return type(value) is types.CoroutineType


def _coroutine(value: object) -> Coroutine[Any, Any, Any]:
    """A real coroutine for anything that a script may await.

    Raises:
        TypeError: `value` cannot be awaited.
    """
    if isinstance(value, ScriptFuture):
        return _await_any(value._real)
    if _is_coroutine(value):
        return cast("Coroutine[Any, Any, Any]", value)
    if not hasattr(type(value), "__await__"):
        raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
    return _await_any(cast("Awaitable[Any]", value))


def _running_loop() -> ScriptLoop:
    return cast("ScriptLoop", events.get_running_loop())


def _task(value: object, *, name: str | None = None) -> asyncio.Task[Any]:
    """Wrap a coroutine, a tool call or another awaitable in a task."""
    loop = _running_loop()
    task: asyncio.Task[Any] = loop.create_task(_coroutine(value), name=loop.next_name() if name is None else name)
    if isinstance(value, ToolCall):
        note_wrapped(value, task)
    return task


def _real(value: object) -> Real:
    """The future behind a facade, or a new task."""
    return value._real if isinstance(value, ScriptFuture) else _task(value)


def _require_coroutine(value: object) -> None:
    if not (_is_coroutine(value) or isinstance(value, ToolCall)):
        raise TypeError(f"a coroutine was expected, got {value!r}")


def create_task(coro: object, *, name: str | None = None) -> ScriptFuture:
    """Start a coroutine or a tool call as a task."""
    _require_coroutine(coro)
    return _facade(_task(coro, name=name))


def ensure_future(coro_or_future: object) -> ScriptFuture:
    """Return a task for an awaitable; a task is returned as it is."""
    return _facade(_real(coro_or_future))


def gather(*aws: object, return_exceptions: bool = False) -> ScriptFuture:
    """Run awaitables concurrently and await all their results, in order."""
    known: dict[int, Real] = {}
    for aw in aws:
        if id(aw) not in known:
            known[id(aw)] = _real(aw)
    return ScriptFuture(asyncio.gather(*[known[id(aw)] for aw in aws], return_exceptions=return_exceptions))


def shield(arg: object) -> ScriptFuture:
    """Protect an awaitable from the cancellation of who waits for it."""
    return ScriptFuture(asyncio.shield(_real(arg)))


async def wait(
    fs: Iterable[object], *, timeout: float | None = None, return_when: str = asyncio.ALL_COMPLETED
) -> tuple[set[ScriptFuture], set[ScriptFuture]]:
    """Wait for tasks; return those done and those pending."""
    if isinstance(fs, (ScriptFuture, ToolCall)) or _is_coroutine(fs):
        raise TypeError(f"expect a list of futures, not {type(fs).__name__}")
    given = set(fs)
    if any(_is_coroutine(item) for item in given):
        raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
    reals = [_real(item) for item in given]
    keep = [_facade(real) for real in reals]  # a facade lives only as long as somebody holds it
    done, pending = await asyncio.wait(reals, timeout=timeout, return_when=return_when)
    result = {_facade(real) for real in done}, {_facade(real) for real in pending}
    keep.clear()
    return result


async def wait_for(fut: object, timeout: float | None) -> object:
    """Await with a timeout; past it, cancel and raise TimeoutError."""
    if isinstance(fut, ScriptFuture):
        return await asyncio.wait_for(fut._real, timeout)
    coroutine = _coroutine(fut)
    if isinstance(fut, ToolCall):
        note_wrapped(fut, None)
    return await asyncio.wait_for(coroutine, timeout)


class _AsCompleted:
    """Iterates over awaitables in the order in which they complete; the `async for` form gives the tasks."""

    __slots__ = ("_keep", "_reals", "_timeout")

    def __init__(self, reals: list[Real], timeout: float | None) -> None:
        self._reals = reals
        self._keep = [_facade(real) for real in reals]
        self._timeout = timeout

    def __iter__(self) -> Iterator[Coroutine[Any, Any, Any]]:
        completed: Any = asyncio.as_completed(self._reals, timeout=self._timeout)
        yield from completed  # the iterator itself would, since Python 3.13, give the real tasks to `async for`

    async def __aiter__(self) -> AsyncIterator[ScriptFuture]:
        pending = set(self._reals)
        deadline = None if self._timeout is None else events.get_running_loop().time() + self._timeout
        while pending:
            left = None if deadline is None else max(0.0, deadline - events.get_running_loop().time())
            done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise TimeoutError
            for real in done:
                yield _facade(real)


def as_completed(fs: Iterable[object], *, timeout: float | None = None) -> _AsCompleted:
    """Iterate over awaitables as they complete."""
    if isinstance(fs, (ScriptFuture, ToolCall)) or _is_coroutine(fs):
        raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
    return _AsCompleted([_real(item) for item in dict.fromkeys(fs)], timeout)


class ScriptTaskGroup:
    """A group of tasks that end together, as `asyncio.TaskGroup`."""

    __slots__ = ("_group",)

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: types.TracebackType | None
    ) -> None:
        await self._group.__aexit__(kind, error, traceback)

    def create_task(self, coro: object, *, name: str | None = None) -> ScriptFuture:
        """Start a coroutine or a tool call in the group."""
        _require_coroutine(coro)
        task = self._group.create_task(_coroutine(coro), name=_running_loop().next_name() if name is None else name)
        facade = _facade(task)
        if isinstance(coro, ToolCall):
            note_wrapped(coro, task)
        return facade


ScriptTaskGroup.__name__ = ScriptTaskGroup.__qualname__ = "TaskGroup"


def current_task() -> ScriptFuture | None:
    """Return the running task."""
    task = asyncio.current_task()
    return None if task is None else _facade(task)


def all_tasks() -> set[ScriptFuture]:
    """Return the tasks that are not done."""
    return {_facade(task) for task in asyncio.all_tasks()}


def iscoroutine(obj: object) -> bool:
    """True for what an `async def` function returns."""
    return _is_coroutine(obj) or isinstance(obj, ToolCall)


def isfuture(obj: object) -> bool:
    """True for tasks and the like."""
    return isinstance(obj, ScriptFuture)


def run(exchange: Exchange, main: object) -> object:
    """Run a coroutine to its end on a loop of its own, as a script that was written as a program does.

    The script itself already runs in a loop. That one stands still meanwhile.
    """
    if not (_is_coroutine(main) or isinstance(main, ToolCall)):
        raise ValueError(f"a coroutine was expected, got {main!r}")
    if isinstance(main, ToolCall):
        note_wrapped(main, None)
    outer = events.get_running_loop()
    task = asyncio.current_task(outer)
    if task is not None:
        asyncio.tasks._leave_task(outer, task)
    events._set_running_loop(None)
    loop = ScriptLoop(exchange)
    try:
        return loop.run_until_complete(loop.create_task(_coroutine(main)))
    finally:
        try:
            _end_tasks(loop)
        finally:
            loop.close()
            events._set_running_loop(outer)
            if task is not None:
                asyncio.tasks._enter_task(outer, task)


def _end_tasks(loop: ScriptLoop) -> None:
    """Cancel what is left and wait for it, as `asyncio.run` does."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.run_until_complete(loop.shutdown_asyncgens())


CLASSES: tuple[type, ...] = (ScriptFuture, ScriptTask, ScriptTaskGroup, _AsCompleted)
_PLAIN = (
    "ALL_COMPLETED",
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "CancelledError",
    "Condition",
    "Event",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "InvalidStateError",
    "LifoQueue",
    "Lock",
    "PriorityQueue",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
    "Semaphore",
    "TimeoutError",
    "iscoroutinefunction",
    "sleep",
    "timeout",
)


def exposed(exchange: Exchange) -> dict[str, object]:
    """Return what the script's `asyncio` holds, by name."""
    names: dict[str, object] = {name: getattr(asyncio, name) for name in _PLAIN if hasattr(asyncio, name)}
    for function in (
        all_tasks,
        as_completed,
        create_task,
        current_task,
        ensure_future,
        gather,
        iscoroutine,
        isfuture,
        shield,
        wait,
        wait_for,
    ):
        names[function.__name__] = function
    # A closure and no partial: a partial's arguments are public attributes.
    names["run"] = lambda main, *, debug=None: run(exchange, main)
    names["Task"] = ScriptTask
    names["Future"] = ScriptFuture
    names["TaskGroup"] = ScriptTaskGroup
    return names
