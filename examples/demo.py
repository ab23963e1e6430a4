"""What `make demo` runs: a script that fixes a bug, and three commands against this repository, each shown first."""

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


FIX = "A script that changes things: each change waits for an answer, tests run in the sandbox."


def main() -> int:
    print(f"== {FIX}\n$ python examples/fix_bug.py\n", flush=True)
    if subprocess.run([sys.executable, str(EXAMPLES / "fix_bug.py")], cwd=ROOT, check=False).returncode != 0:
        return 1
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
