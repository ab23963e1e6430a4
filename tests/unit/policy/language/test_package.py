"""The package is lazy, and what it exports exists."""

from __future__ import annotations

import subprocess
import sys

import pytest

import policy.language

_LIGHT = """
import sys
from policy.language import Diagnostic, ToolSignature
heavy = [name for name in sys.modules if name.split(".")[0] in {"RestrictedPython", "asttokens", "difflib"}]
assert heavy == [], heavy
"""


@pytest.mark.parametrize("name", policy.language.__all__)
def test_every_export_exists(name: str) -> None:
    assert getattr(policy.language, name) is not None


def test_functions_are_not_hidden_by_modules() -> None:
    assert policy.language.check("return 1").ok
    assert policy.language.explain("script.syntax").code == "script.syntax"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = policy.language.nothing_here


def test_the_values_are_light_to_import() -> None:
    """Hosts import `Diagnostic`; the compiler belongs to workers."""
    subprocess.run([sys.executable, "-S", "-c", _LIGHT], check=True, env={"PYTHONPATH": ":".join(sys.path)})
