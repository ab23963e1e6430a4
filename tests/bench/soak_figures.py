"""What `make soak` measured last, as a section of `docs/explanation/performance.md`."""

from __future__ import annotations

import json
import re
from pathlib import Path

FIGURES = Path(__file__).parent / "results" / "soak.json"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "performance.md"
TITLE = "## Faults and load"
BEFORE = "## How to read it"


def section() -> list[str]:
    """The lines of the section; none before the first `make soak`."""
    if not FIGURES.exists():
        return []
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    machine = kept.pop("machine")
    return [
        TITLE,
        "",
        "Written by `make soak`, whose tests in `tests/soak/` hold what was done to be right.",
        f"Machine: {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, Python {machine['python']},",
        f"{machine['user']} user, load {machine['load_before']:.1f} at the end, seed {machine['seed']}.",
        "",
        "| what | figure | measured |",
        "|---|---|---|",
        *[
            f"| {what} | {name.replace('_', ' ')} | {value} |"
            for what, figures in sorted(kept.items())
            for name, value in figures.items()
        ],
        "",
    ]


def splice() -> None:
    """Write the section anew, and leave the rest of the page as `make bench` wrote it."""
    page = PAGE.read_text(encoding="utf-8")
    without = re.sub(rf"^{TITLE}\n.*?(?=^## )", "", page, flags=re.DOTALL | re.MULTILINE)
    PAGE.write_text(without.replace(BEFORE, "\n".join([*section(), BEFORE])), encoding="utf-8")


if __name__ == "__main__":
    splice()
