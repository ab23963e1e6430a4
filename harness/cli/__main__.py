"""`python -m harness.cli` is `toolscript`."""

from __future__ import annotations

from harness.cli import main

main()
