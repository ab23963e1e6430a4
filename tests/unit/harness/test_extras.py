"""A missing extra says which one to install, and nothing of it is imported before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

MODULES = [
    ("harness.cli.openai_client", "openai", "openai"),
    ("harness.cli.anthropic_client", "anthropic", "anthropic"),
    ("harness.mcp.server", "mcp", "mcp"),
    ("harness.mcp.serving", "uvicorn", "mcp"),
    ("harness.integrations.pydantic_ai", "pydantic_ai", "pydantic-ai"),
    ("harness.integrations.langchain", "langchain", "langchain"),
    ("harness.integrations.inspect_ai", "inspect_ai", "inspect"),
]
_IMPORT = """
import sys
sys.modules[{package!r}] = None
from harness.errors import ConfigError
try:
    import {module}
except ConfigError as error:
    print(error.code, error.hint)
"""


@pytest.mark.parametrize(("module", "package", "extra"), MODULES, ids=[module for module, _, _ in MODULES])
def test_a_missing_extra_is_named(module: str, package: str, extra: str) -> None:
    program = _IMPORT.format(module=module, package=package)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"config.invalid run pip install 'toolscript[{extra}]'\n"


def test_the_front_door_imports_no_extra() -> None:
    program = (
        "import sys, harness; harness.Harness; harness.ParkedRuns; print([n for n in sys.argv[1:] if n in sys.modules])"
    )
    packages = ["openai", "anthropic", "opentelemetry", *(package for _, package, _ in MODULES)]
    done = subprocess.run(
        [sys.executable, "-c", program, *packages], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
