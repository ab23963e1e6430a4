"""Snippets: scripts on disk, each with an optional header of comments.

A header line reads `# python: >=3.12` (the first Python that can run it) or `# raises: ValueError` (the exception that
nobody catches). A snippet without `raises` must end well; that keeps a broken snippet from passing by
failing alike twice.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
DIFFERENTIAL = SCENARIOS / "differential"
ALGORITHMS = SCENARIOS / "algorithms"

_HEADER = re.compile(r"#\s*(python|raises):\s*(.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One script of the corpus.

    Attributes:
        name: Folder and slug, as pytest shows it.
        source: The text of the script, header included.
        python: The first version that can run it, as `(major, minor)`.
        raises: Name of the exception type that ends it, or None.
    """

    name: str
    source: str
    python: tuple[int, int]
    raises: str | None

    def runs_here(self) -> bool:
        """Whether this interpreter is new enough."""
        return sys.version_info[:2] >= self.python


def read_snippet(path: Path, *, below: Path) -> Snippet:
    """Read one snippet; its name is its path below `below` without the ending."""
    source = path.read_text(encoding="utf-8")
    header = dict(_header_fields(source))
    major, minor = header.get("python", ">=3.11").removeprefix(">=").split(".")
    return Snippet(
        name=path.relative_to(below).with_suffix("").as_posix(),
        source=source,
        python=(int(major), int(minor)),
        raises=header.get("raises"),
    )


def read_snippets(folder: Path) -> list[Snippet]:
    """Every snippet below a folder, in the order of their names."""
    return [read_snippet(path, below=folder) for path in sorted(folder.rglob("*.py"))]


def _header_fields(source: str) -> list[tuple[str, str]]:
    """The fields of the comment lines before the first other line."""
    fields = []
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        if found := _HEADER.match(line):
            fields.append((found[1], found[2]))
    return fields
