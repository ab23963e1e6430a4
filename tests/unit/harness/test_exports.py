"""What `harness` exports is that, whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("before", ["", "import harness.detect; ", "from harness.detect import TextSegment; "])
def test_detect_is_the_function_also_when_its_module_was_imported(before: str) -> None:
    program = f"{before}from harness import detect; import harness; print(detect is harness.detect, len(detect('x').segments))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "True 1\n"
