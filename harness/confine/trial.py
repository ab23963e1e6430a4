"""Acts that confinement must stop, tried on purpose, and what became of each.

Whoever holds more than a worker or a command may do (the zygote, the host) starts a process that is confined as they
are, and has it try. No barrier is trusted for saying that it is up: an act that gets through is a hole.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from harness.errors import SandboxError

Target = TypeVar("Target")  # what acts aim at

THROUGH = "got through"
HUNG = "hung"
_PATIENCE_S = 10.0  # every act ends by itself long before
_NO_END = 0


@dataclass(frozen=True, slots=True)
class Act(Generic[Target]):
    """One forbidden act.

    Attributes:
        what: What it does, in words that follow "a worker could" or "a command could".
        stopped_by: The barriers that stop it; "a|b": b does where a is not up.
        run: Returns if it got through.
    """

    what: str
    stopped_by: tuple[str, ...]
    run: Callable[[Target], object]


class Acts(dict[str, Act[Target]]):
    """Forbidden acts by name, in the order of their definitions."""

    def act(self, what: str, *stopped_by: str) -> Callable[[Callable[[Target], object]], Callable[[Target], object]]:
        """Add the function below as an act."""

        def add(run: Callable[[Target], object]) -> Callable[[Target], object]:
            self[run.__name__] = Act(what, stopped_by, run)
            return run

        return add

    def end_of(self, name: str, target: Target) -> str:
        """Do an act in this process, which is confined, and say how it ended, if it lets us."""
        return ended(lambda: self[name].run(target))


def expect(is_so: bool) -> None:
    """Fail as a refusal does: some acts are accepted and come to nothing, which is as good.

    Raises:
        OSError: EPERM, unless `is_so`.
    """
    if not is_so:
        raise OSError(errno.EPERM, "no effect")


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one act.

    Attributes:
        name: The act.
        what: What it would have done, in words.
        promised_by: Barriers that stop it, the first to meet it first; those that are up here.
        others: Barriers that would stop it too, and are not up here.
        end: An errno's, a signal's or an exception's name; `THROUGH`; `HUNG`.
    """

    name: str
    what: str
    promised_by: tuple[str, ...]
    others: tuple[str, ...]
    end: str

    @property
    def held(self) -> bool:
        """Whether it was stopped."""
        return self.end not in (THROUGH, HUNG)

    @property
    def failed(self) -> bool:
        """Whether it was not stopped although a barrier that is up promises so."""
        return not self.held and bool(self.promised_by)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of every act in one place.

    Attributes:
        barriers: Names of the barriers that are up there.
        missing: Name and reason of the others.
        acts: Every act, in order.
    """

    barriers: tuple[str, ...]
    missing: Mapping[str, str]
    acts: tuple[Tried, ...]

    @property
    def ok(self) -> bool:
        """Whether all was stopped that is promised to be."""
        return not any(act.failed for act in self.acts)


def tried(name: str, what: str, stopped_by: Iterable[str], end: str, *, up: Collection[str]) -> Tried:
    """Put an act's end beside the barriers that promise to stop it.

    Args:
        name: The act.
        what: What it would have done.
        stopped_by: Every barrier that stops it; "a|b": b does where a is not up.
        end: What became of it.
        up: Barriers that are up here.
    """
    stopping = tuple(_first_up(alternatives.split("|"), up) for alternatives in stopped_by)
    here = tuple(barrier for barrier in stopping if barrier in up)
    return Tried(name, what, here, tuple(barrier for barrier in stopping if barrier not in up), end)


def _first_up(barriers: Sequence[str], up: Collection[str]) -> str:
    return next((barrier for barrier in barriers if barrier in up), barriers[0])


def ended(act: Callable[[], object]) -> str:
    """Do a forbidden act in this process, and say how it ended, if it lets us."""
    try:
        act()
    except OSError as error:
        return errno.errorcode.get(error.errno or _NO_END, "OSError")
    except BaseException as error:  # noqa: BLE001  # whatever stops an act is its end
        return type(error).__name__
    return THROUGH


def try_in_children(acts: Sequence[str], be_child: Callable[[int, Sequence[str]], NoReturn]) -> Iterable[str]:
    """Have confined children do acts, and yield how each ended, in order. Where one dies, another goes on after it.

    For a process with one thread.

    Args:
        acts: Names of the acts.
        be_child: Called in a fresh child with the descriptor of its channel and the acts that are left. It confines
            the process and writes a line to the channel after each act: how it ended.
    """
    done = 0
    while done < len(acts):
        for end in _ends_in_one_child(acts[done:], be_child):
            done += 1
            yield end


def require_stopped(acts: Mapping[str, tuple[str, Sequence[str]]], ends: Iterable[str]) -> None:
    """Make sure that every act was stopped.

    Args:
        acts: What each would have done, and the barriers that stop it, by name.
        ends: What became of each, in the same order.

    Raises:
        SandboxError: `sandbox.unavailable`, one was not; `details` has its name and the barriers.
    """
    for (name, (what, barriers)), end in zip(acts.items(), ends, strict=True):
        if end in (THROUGH, HUNG):
            raise SandboxError(
                "sandbox.unavailable",
                f"a worker could {what}: the act {name} {end} (barriers: {', '.join(barriers)})",
                hint="run `toolscript doctor --self-test` to see what holds on this machine",
                details={"act": name, "barriers": list(barriers), "reason": end},
            )


def _ends_in_one_child(acts: Sequence[str], be_child: Callable[[int, Sequence[str]], NoReturn]) -> Iterable[str]:
    """Yield the ends of acts until all are done or one ended the child. At least one."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            be_child(writer, acts)
        finally:
            os._exit(1)
    os.close(writer)
    said, is_over = _read_all(reader)
    os.close(reader)
    if not is_over:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    ends = said.decode().splitlines()[: len(acts)]
    yield from ends
    if len(ends) == len(acts):
        return
    if not is_over:
        yield HUNG
    else:
        yield signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "exit"


def _read_all(reader: int) -> tuple[bytes, bool]:
    """Read until the child has closed its end, and say whether it did; one that hangs does not."""
    data = bytearray()
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while poll.poll(_PATIENCE_S * 1000):
        chunk = os.read(reader, 4096)
        if not chunk:
            return bytes(data), True
        data += chunk
    return bytes(data), False
