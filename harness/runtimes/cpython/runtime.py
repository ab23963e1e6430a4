"""The CPython runtime: a pool of confined processes, and the cache of what they compiled."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeAlias

import anyio

from harness.runtimes.cpython.child import Child
from harness.runtimes.cpython.launch import Launched
from harness.runtimes.cpython.pool import Pool
from harness.runtimes.cpython.run import Compiled, CPythonRun
from harness.runtimes.cpython.wire import encode_frame
from harness.runtimes.runtime import Listener, Run, Script
from policy.language.report import ToolSignature
from policy.limits import Limits

_CACHED_SCRIPTS = 256
_CACHED_CHARS = 100_000  # of one script and its code; a longer one is compiled anew each time
_Key: TypeAlias = tuple[str, tuple[str, ...] | None]
_FRAME_OVERHEAD_BYTES = 1024 * 1024


class CPythonRuntime:
    """Runs each script in a fresh confined CPython process.

    Args:
        limits: The loosest that any run may have.
        signatures: The tools that scripts are checked against.
        mode: The language mode, "standard" or "strict".
        confinement: "required", "strict" or "none".
        pool_size: Children that stand ready.
        max_workers: Scripts that live at once; further ones wait.
        launched: A zygote that boots already; it is the runtime's from now on.
    """

    def __init__(
        self,
        limits: Limits,
        signatures: Sequence[ToolSignature],
        *,
        mode: str = "standard",
        confinement: str = "required",
        pool_size: int = 2,
        max_workers: int = 64,
        launched: Launched | None = None,
    ) -> None:
        tools = [{"name": item.name, "parameters": dict(item.parameters)} for item in signatures]
        setup = {"t": "setup", "tools": tools, "mode": mode, "limits": limits.model_dump()}
        self._pool = Pool(
            limits,
            confinement=confinement,
            size=pool_size,
            setup_frame=encode_frame(setup),
            max_frame_bytes=_largest_frame(limits),
            launched=launched,
        )
        self._places = anyio.Semaphore(max_workers, fast_acquire=True)
        # One runtime has one language mode, one set of tools and one language version: what differs is the source, and
        # which of the tools it may use.
        self._compiled: OrderedDict[_Key, Compiled] = OrderedDict()

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._pool.__aexit__(kind, error, traceback)

    @property
    def missing(self) -> dict[str, str]:
        """Barriers that the kernel does not allow here, with the reason of each."""
        return self._pool.missing

    async def start(self, script: Script, listener: Listener) -> Run:
        """Take a confined child for the script, waiting for a place if `max_workers` are taken."""
        await self._places.acquire()
        try:
            child = await self._pool.acquire()
        except BaseException:
            self._places.release()
            raise
        run = CPythonRun(
            child,
            script,
            listener,
            compiled=self._recall(script),
            on_end=self._on_end,
            later=self._pool.do_later,
        )
        try:
            await self._tighten(child, script.limits)
        except BaseException:
            run.kill()
            raise
        return run

    async def _tighten(self, child: Child, own: Limits) -> None:
        base = self._pool.limits
        if own.memory_bytes < base.memory_bytes or own.cpu_time_s < base.cpu_time_s:
            await self._pool.tighten(child, memory_bytes=own.memory_bytes, cpu_time_s=own.cpu_time_s)

    def _on_end(self, run: CPythonRun) -> None:
        self._places.release()
        self._pool.refill()
        if run.compiled is not None:
            self._remember(run.script, run.compiled)

    def _recall(self, script: Script) -> Compiled | None:
        key = (script.source, script.exposed)
        found = self._compiled.get(key)
        if found is not None:
            self._compiled.move_to_end(key)
        return found

    def _remember(self, script: Script, compiled: Compiled) -> None:
        """Keep what a worker made of a source before it ran anything; the mode and the tools are this runtime's."""
        if len(script.source) + len(compiled.code or "") > _CACHED_CHARS:
            return
        key = (script.source, script.exposed)
        self._compiled[key] = compiled
        self._compiled.move_to_end(key)
        if len(self._compiled) > _CACHED_SCRIPTS:
            self._compiled.popitem(last=False)


def _largest_frame(limits: Limits) -> int:
    """The longest honest frame: a batch of calls, or a value, with every character escaped."""
    return 6 * max(limits.argument_bytes * 2, limits.return_bytes, limits.output_bytes) + _FRAME_OVERHEAD_BYTES
