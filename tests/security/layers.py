"""Runs the corpus against the layers of the boundary, each alone. Every row says which attacks got through."""

from __future__ import annotations

import dataclasses
import functools
import json
import site
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.confine import BARRIERS
from tests.integration.blocking_host import ROOT, Result, Zygote, zygote
from tests.pythons import launching
from tests.security.attacks import command, worker
from tests.security.attacks.corpus import Escape, escapes, exhaustions
from tests.security.command_sandbox import without
from tests.security.command_sandbox.arena import LANDLOCK_ALONE, NAMESPACES, Arena
from tests.security.command_sandbox.conftest import SECRET, make_workplace
from tests.security.raw import worker_without
from tests.security.raw.arena import open_arena
from tests.security.resource_limits import SECOND, excess_of, open_harness

_ASK = "\nassert found\nreturn type(found).__name__"
NOTHING, ALL = "nothing", "all layers"

# What stays up where a layer of the worker stands alone. An ordinary process may not have a filter without no_new_privs.
WORKER_LAYERS: dict[str, frozenset[str]] = {
    NOTHING: frozenset(),
    "seccomp": frozenset({"seccomp", "no_new_privs"}),
    "landlock": frozenset({"landlock", "no_new_privs"}),
    "namespaces": frozenset(
        {"user_namespace", "network_namespace", "pid_namespace", "ipc_namespace", "mount_namespace", "empty_root"}
    ),
    "rlimits": frozenset({"rlimits"}),
    "process": frozenset(
        {"fresh_process", "empty_environment", "closed_descriptors", "no_capabilities", "undumpable", "dies_with_host"}
    ),
    ALL: frozenset(BARRIERS),
}

_CEILINGS = (without.CEILINGS, without.WATCH)
# Capabilities and no_new_privs stay: root without barriers could harm the machine.
COMMAND_LAYERS: dict[str, tuple[str, tuple[str, ...]]] = {
    NOTHING: (NAMESPACES, (without.SEPARATION, without.LANDLOCK, without.FILTER, *_CEILINGS)),
    "seccomp": (NAMESPACES, (without.SEPARATION, without.LANDLOCK, *_CEILINGS)),
    "landlock": (NAMESPACES, (without.SEPARATION, without.FILTER, *_CEILINGS)),
    "namespaces": (NAMESPACES, (without.LANDLOCK, without.FILTER, *_CEILINGS)),
    "rlimits": (NAMESPACES, (without.SEPARATION, without.LANDLOCK, without.FILTER)),
    "no namespaces": (LANDLOCK_ALONE, ()),
    ALL: (NAMESPACES, ()),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One layer under one part of the corpus.

    Attributes:
        corpus: "language", "resources", "worker" or "command".
        layer: What stands.
        python: Version of the attacked interpreter.
        user: "root" or "user", who started it.
        attacks: How many were tried.
        through: Those that got through.
        told: What is known of some of them beside their name.
    """

    corpus: str
    layer: str
    python: str
    user: str
    attacks: int
    through: frozenset[str]
    told: dict[str, str] = dataclasses.field(default_factory=dict)


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


# The language


def language_rows(version: str, python: str, user: str) -> Iterator[Row]:
    """Run every escape: in plain Python, against the check, the guards, both, and behind all barriers."""
    tried = escapes(int(version.split(".")[1]))
    row = functools.partial(Row, "language", python=version, user=user)
    yield row(NOTHING, attacks=len(tried), through=_reaching(tried, python))
    with zygote(python=python) as confined:
        through, told = _ends_in(confined, tried)
        yield row(ALL, attacks=len(tried), through=through, told=told)
    stages = _in_other_python("unchecked", python, tried)
    through = frozenset(name for name, (is_refused, _) in stages.items() if not is_refused)
    yield row("check", attacks=len(tried), through=through)
    with zygote(python=python, confinement="none", first=worker_without.program_without(BARRIERS)) as bare:
        through, told = _ends_in(bare, tried)
        yield row("check and guards", attacks=len(tried), through=through, told=told)
        through, told = _ends_in(bare, tried, {name: code for name, (_, code) in stages.items()})
        yield row("guards", attacks=len(tried), through=through)


def _reaching(tried: Iterable[Escape], python: str) -> frozenset[str]:
    found = _in_other_python("plain_python", python, tried)
    return frozenset(each.name for each in tried if each.reaches is not None and found[each.name] == each.reaches)


def _ends_in(
    zygote: Zygote, tried: Iterable[Escape], codes: dict[str, str | None] | None = None
) -> tuple[frozenset[str], dict[str, str]]:
    """Run escapes; return those that found something, and those that ended in no error of the script, with the end."""
    ends = {
        escape.name: end_of(zygote, escape.source, code=codes[escape.name] if codes else None)
        for escape in tried
        if codes is None or codes[escape.name] is not None
    }
    odd = {name: end for name, end in ends.items() if not end.startswith("script.")}
    return frozenset(odd), {name: end for name, end in odd.items() if end != "found"}


def _in_other_python(module: str, python: str, tried: Iterable[Escape]) -> dict[str, Any]:
    paths = [str(ROOT), *site.getsitepackages()]
    program = f"import sys; sys.path[:0] = sys.argv[1:]; from tests.security.{module} import main; main()"
    question = json.dumps({escape.name: escape.source for escape in tried})
    command = [python, "-s", "-P", "-S", "-W", "ignore", "-c", program, *paths]
    done = subprocess.run(command, input=question, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


# Resources


async def resource_row(version: str, python: str, user: str) -> Row:
    """Let every attack take what it can, all layers up: without them, it would take from the whole machine.

    Nothing else should run on the machine: who takes a second too much by the wall clock got through.
    """
    tried = exhaustions()
    with launching(python):
        async with open_harness() as harness:
            told = {attack.name: await excess_of(harness, attack, late_s=SECOND) for attack in tried}
    told = {name: excess for name, excess in told.items() if excess}
    return Row("resources", ALL, version, user, len(tried), frozenset(told), told)


# Raw attacks on the worker


def worker_rows(version: str, python: str, user: str, *, only: Sequence[str] = tuple(WORKER_LAYERS)) -> Iterator[Row]:
    """Run arbitrary code in a confined process, each layer of its confinement alone."""
    names = [name for name, attack in worker.ATTACKS.items() if user == "root" or not attack.root]
    for layer in only:
        kept = WORKER_LAYERS[layer]
        gone = frozenset(BARRIERS) - kept
        with open_arena(python=python, user=user == "user", without=gone, confined=bool(kept)) as arena:
            assert "failed" not in arena.started, arena.started
            outcomes = arena.run(names)
        through = frozenset(name for name, outcome in outcomes.items() if outcome == "got through")
        yield Row("worker", layer, version, user, len(names), through)


# The command sandbox


def command_rows(version: str, python: str, user: str) -> Iterator[Row]:
    """Run what programs try in the command sandbox, each layer of it alone; launcher and supervisors are that Python."""
    for layer, (mode, gone) in COMMAND_LAYERS.items():
        with Arena(mode, env={"HOST_SECRET": SECRET}, without="\n".join(gone), python=python) as arena:
            assert arena.run("/bin/true").ok, layer  # else nothing gets through because nothing is done
            through = frozenset(name for name, attack in command.ATTACKS.items() if _gets_through(attack, arena))
        yield Row("command", layer, version, user, len(command.ATTACKS), through)


def _gets_through(attack: command.CommandAttack, arena: Arena) -> bool:
    with tempfile.TemporaryDirectory(prefix="toolscript-red-") as folder:
        sandbox = make_workplace(Path(folder).resolve())
        return attack.gets_through(dataclasses.replace(sandbox, arena=arena, mode=arena.mode))
