"""Runs the whole corpus against each layer of the boundary alone, and compares what gets through with what may.

python -m tests.security.red_team             prints a table; exit status 1 if a row is not as it is known to be
python -m tests.security.red_team --record    writes what got through to `attacks/through.json`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator

from tests.pythons import find_pythons
from tests.security.attacks.corpus import FOLDER, escapes
from tests.security.layers import ALL, NOTHING, Row, command_rows, language_rows, resource_row, worker_rows
from tests.security.raw.arena import IS_ROOT

RECORD = FOLDER / "through.json"
Known = dict[str, list[str]]


def main() -> int:
    """Run it all on every Python that is present, as the user that runs this; worker attacks also as nobody."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write what gets through to attacks/through.json")
    parser.add_argument("--only", choices=["language", "resources", "worker", "command"], help="one part of the corpus")
    arguments = parser.parse_args()
    known = known_through()
    rows: list[Row] = []
    _print("corpus", "python", "started by", "layer", "attacks", "held", "through", "unexpected")
    for row in _rows(arguments.only):
        rows.append(row)
        _print(*_cells(row, known))
        for line in _surprises(row, known):
            print(f"    {line}", flush=True)
    if arguments.record:
        _record(rows, known)
        return 0
    wrong = [row for row in rows if list(_surprises(row, known))]
    print(f"{len(rows)} rows, {len(wrong)} not as known")
    return 1 if wrong else 0


def known_through() -> Known:
    """Return the names of the attacks that may get through, by `key_of`."""
    known: Known = json.loads(RECORD.read_text())
    return known


def key_of(row: Row) -> str:
    """What a row is known by: which Python ran it makes no difference."""
    return (
        f"{row.corpus}, {row.layer}, {row.user}"
        if row.corpus in ("worker", "command")
        else f"{row.corpus}, {row.layer}"
    )


def unexpected(row: Row, known: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Return which attacks got through that should not, and which were held that should have got through.

    With every layer up nothing may get through, whatever is recorded.
    """
    if row.layer == ALL or (row.corpus, row.layer) == ("language", "check and guards"):
        return row.through, frozenset()
    tried = frozenset(known.get(key_of(row), ()))
    if row.corpus == "language":
        own = {escape.name: escape for escape in escapes(int(row.python.split(".")[1]))}
        if row.layer == NOTHING:
            tried = frozenset(name for name, escape in own.items() if escape.reaches is not None)
        if row.layer == "check":
            tried = frozenset(name for name, escape in own.items() if not escape.is_refused_by_the_check)
        tried &= own.keys()
    return row.through - tried, tried - row.through


def _rows(only: str | None) -> Iterator[Row]:
    user = "root" if IS_ROOT else "user"
    for version, python in sorted(find_pythons().items()):
        if only in (None, "language"):
            yield from language_rows(version, python, user)
        if only in (None, "resources"):
            yield asyncio.run(resource_row(version, python, user))
        if only in (None, "command"):
            yield from command_rows(version, python, user)
        if only in (None, "worker"):
            for starter in ("root", "user") if IS_ROOT else ("user",):
                yield from worker_rows(version, python, starter)


def _cells(row: Row, known: Known) -> tuple[object, ...]:
    held = row.attacks - len(row.through)
    wrong = sum(map(len, unexpected(row, known)))
    return row.corpus, row.python, row.user, row.layer, row.attacks, held, len(row.through), wrong


def _surprises(row: Row, known: Known) -> Iterator[str]:
    through, held = unexpected(row, known)
    for name in sorted(through):
        yield f"got through: {name} {row.told.get(name, '')}".rstrip()
    for name in sorted(held):
        yield f"was held, and should not be: {name}"


def _record(rows: list[Row], known: Known) -> None:
    for row in rows:
        if row.corpus in ("worker", "command") or row.layer == "guards":
            known[key_of(row)] = sorted(row.through)
    RECORD.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def _print(*cells: object) -> None:
    widths = (10, 7, 11, 17, 8, 6, 8, 10)
    print("".join(f"{cell!s:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
