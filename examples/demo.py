"""What `make demo` runs: three commands against this repository, each shown before its output."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent
ROOT = EXAMPLES.parent

STEPS = [
    ("A model's message with a script: search, grep and read at once.", "run examples/report_message.md", 0),
    ("A script that is refused: every problem at once, each with a hint.", "run examples/refused.py", 1),
    ("A script without an end: stopped, what it did is kept.", "run examples/endless.py --limit steps=100000", 4),
]


def main() -> int:
    for title, arguments, expected in STEPS:
        print(f"\n== {title}\n$ toolscript {arguments} --workspace .\n", flush=True)
        command = [sys.executable, "-m", "harness.cli", *shlex.split(arguments), "--workspace", "."]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode != expected:
            print(f"the demo expected exit code {expected}, not {done.returncode}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
