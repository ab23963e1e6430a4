"""Every code that the language can give is explained by a wrong script and a right one."""

from __future__ import annotations

import pytest

from harness.errors import CLASS_BY_CODE
from policy.language.explanations import EXPLANATIONS, explain
from policy.language.pipeline import check
from policy.language.report import ToolSignature

TOOLS = (
    ToolSignature(
        "read_file", {"properties": {"path": {"type": "string"}, "limit": {"type": "integer"}}, "required": ["path"]}
    ),
    ToolSignature("exec", {"properties": {"command": {"type": "array"}, "timeout_s": {"type": "number"}}}),
)
STATIC = [code for code in EXPLANATIONS if code.startswith("script.forbidden") or code == "script.too_large"]
STATIC += ["script.syntax", "tool.not_found", "tool.invalid_arguments", "tool.not_awaited"]


def test_every_code_of_scripts_and_tools_is_explained() -> None:
    expected = {code for code in CLASS_BY_CODE if code.startswith(("script.", "tool."))}
    assert set(EXPLANATIONS) == expected


@pytest.mark.parametrize("code", STATIC)
def test_the_wrong_script_has_the_finding(code: str) -> None:
    assert code in {each.code for each in check(explain(code).wrong, TOOLS).diagnostics}


@pytest.mark.parametrize("code", [code for code in EXPLANATIONS if "block" not in code and "truncated" not in code])
def test_the_right_script_is_clean(code: str) -> None:
    assert check(explain(code).right, TOOLS).diagnostics == ()


def test_other_codes_are_not_explained() -> None:
    with pytest.raises(KeyError):
        explain("limit.steps")
