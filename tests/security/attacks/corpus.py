"""Reads the attacks that are scripts: a head of comments, then the script.

    # The frame of a generator.                 what it goes for
    # expect: script.forbidden_attribute        the code that it must end with
    # reaches: frame                            the type of what plain Python puts into `found`; "nothing", where only
                                                the worker has what the attack is after
    # offending: gi_frame                       the part that must be refused
    # allowed: __name__                         what stands in its place in the twin, which must run

In attacks on resources, a line that ends with `# times: 3000` stands for so many of it.

`reaches` may say "(since 3.13)" or "(until 3.11)"; `python: 3.12` names the first Python that can parse the script.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_HEAD = re.compile(r"^# (\w+):(?: (.*))?$")
_TIMES = re.compile(r"^(.*?) *# times: (\d+)\n", re.MULTILINE)
_VERSIONED = re.compile(r"^(\S+)(?: \((since|until) 3\.(\d+)\))?$")


@dataclass(frozen=True, slots=True)
class Escape:
    """A script that goes for something outside of the language. It has succeeded once `found` holds it.

    Attributes:
        name: `technique/slug`.
        expect: Code of the error that it must end with, in the check or at run time.
        reaches: Type name of what plain Python of this version puts into `found`, or None if nothing.
        offending: The part of it that must be refused.
        allowed: What stands in its place in the twin.
        source: The script, with its head.
        twin: The same script, harmless.
    """

    name: str
    expect: str
    reaches: str | None
    offending: str
    allowed: str
    source: str
    twin: str

    @property
    def is_refused_by_the_check(self) -> bool:
        """Whether it must not even start."""
        return self.expect != "script.runtime"


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A script that takes more than it may.

    Attributes:
        name: `resource/slug`.
        expect: Codes of the errors that it may end with.
        source: The script, with its head.
    """

    name: str
    expect: tuple[str, ...]
    source: str


def escapes(minor: int = sys.version_info.minor) -> list[Escape]:
    """Return every escape that Python 3.`minor` can parse."""
    return [
        _escape(name, head, source, minor)
        for name, head, source in _read(FOLDER / "language")
        if _minor(head.get("python", "3.0")) <= minor
    ]


def exhaustions() -> list[Exhaustion]:
    """Return every attack on resources."""
    return [
        Exhaustion(name, tuple(head["expect"].split(" | ")), _repeated(source))
        for name, head, source in _read(FOLDER / "resources")
    ]


def techniques() -> set[str]:
    """Return the names of the folders of escapes."""
    return {path.name for path in (FOLDER / "language").iterdir() if path.is_dir()}


def _read(folder: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text()
        yield f"{path.parent.name}/{path.stem}", _head(source), source


def _head(source: str) -> dict[str, str]:
    lines = source.partition("\n\n")[0].splitlines()
    return {found[1]: found[2] or "" for line in lines if (found := _HEAD.match(line))}


def _repeated(source: str) -> str:
    return _TIMES.sub(lambda found: f"{found[1]}\n" * int(found[2]), source)


def _escape(name: str, head: dict[str, str], source: str, minor: int) -> Escape:
    comments, gap, body = source.partition("\n\n")
    twin = comments + gap + body.replace(head["offending"], head["allowed"])
    return Escape(
        name, head["expect"], _reached(head["reaches"], minor), head["offending"], head["allowed"], source, twin
    )


def _reached(text: str, minor: int) -> str | None:
    found = _VERSIONED.match(text)
    assert found, text
    kind, bound, version = found.groups()
    holds = bound is None or (minor >= int(version) if bound == "since" else minor <= int(version))
    return kind if holds and kind != "nothing" else None


def _minor(version: str) -> int:
    return int(version.split(".")[1])
