"""Takes each check of the table out and runs the tests that must notice.

python -m tests.mutations [NAME...]    those of these names; without names, all. Exit code 1 if one survives.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.mutations.table import MUTATIONS, Mutation

CHECKOUT = Path(__file__).resolve().parents[2]
_OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly", "--no-header", "--no-summary")
Jobs = list[tuple[str, Callable[[], str]]]


def main(names: Sequence[str]) -> int:
    os.chdir(CHECKOUT)
    chosen = {name: MUTATIONS[name] for name in names or MUTATIONS}
    forks = _Forks(chosen)
    tests = dict.fromkeys(test for mutation in chosen.values() for test in mutation.tests)
    said = os.dup(1)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    code = pytest.main([*_OPTIONS, *tests], plugins=[forks])
    os.dup2(said, 1)
    for line in forks.lines:
        sys.stdout.write(line + "\n")
    if code != pytest.ExitCode.OK:
        sys.stdout.write(f"pytest: {code!r}\n")
    return 0 if code == pytest.ExitCode.OK and forks.is_all_well else 1


class _Forks:
    """A plugin of pytest: everything is collected once, and a process forked for each mutation runs its tests."""

    def __init__(self, mutations: Mapping[str, Mutation]) -> None:
        self._mutations = mutations
        self.is_all_well = True
        self.lines: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each mutation's tests, and all of them as they are: their failures must mean something."""
        jobs: Jobs = [("nothing", lambda: _failed(session, session.items) or "all pass")]
        jobs += [(name, lambda m=mutation: _noticed(session, m)) for name, mutation in self._mutations.items()]  # type: ignore[misc]
        for name, verdict in _side_by_side(jobs):
            is_well = verdict == ("all pass" if name == "nothing" else "noticed")
            self.is_all_well = self.is_all_well and is_well
            self.lines.append(f"{'ok      ' if is_well else 'SURVIVED'}  without {name}: {verdict}")
        return True


def _noticed(session: pytest.Session, mutation: Mutation) -> str:
    items = [item for item in session.items if any(_is_of(item.nodeid, test) for test in mutation.tests)]
    if not items:
        return f"there is no test {', '.join(mutation.tests)}"
    mutation.edit.apply()
    return (
        "noticed"
        if _failed(session, items)
        else f"{len(items)} tests pass although {mutation.edit.function} was changed"
    )


def _is_of(node: str, test: str) -> bool:
    return node == test or node.startswith((f"{test}[", f"{test}::"))


def _failed(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """Run tests up to the first that fails, and return its name."""
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return ""


def _side_by_side(jobs: Jobs) -> Iterator[tuple[str, str]]:
    """Do jobs in forked processes, as many at once as there are processors, and yield what they return."""
    left, running = list(jobs), dict[int, tuple[str, int]]()
    while left or running:
        while left and len(running) < (os.cpu_count() or 1):
            name, job = left.pop(0)
            pid, channel = _started(job)
            running[pid] = (name, channel)
        pid, status = os.wait()
        name, channel = running.pop(pid)
        with os.fdopen(channel, encoding="utf-8") as said:
            yield name, said.read() or f"the process ended with {os.waitstatus_to_exitcode(status)}"


def _started(job: Callable[[], str]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, job().encode())
        except BaseException as error:  # noqa: BLE001  # an edit that is stale, for one
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    return pid, reader


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
