"""Diagnostics in plain words, each with a corrected example."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict

from harness.cli import plain_text
from policy.language import Diagnostic, Explanation, explain


def known_codes() -> list[str]:
    """Return every code that a check can give and that has an explanation, in the order of the error table."""
    from harness.errors import CLASS_BY_CODE

    return [code for code in CLASS_BY_CODE if _find(code) is not None]


def explanation_wire(code: str) -> dict[str, object] | None:
    """Return the explanation of a code as plain data, None if there is none."""
    found = _find(code)
    return None if found is None else asdict(found)


def explanation_text(code: str) -> str:
    """Return the explanation of a code: what it means, a wrong script, a right one."""
    found = _find(code)
    if found is None:
        return f"{code}: there is no more to say than the message"
    parts = [
        f"{code}: {found.meaning}",
        "wrong:\n" + textwrap.indent(found.wrong.rstrip(), "    "),
        "right:\n" + textwrap.indent(found.right.rstrip(), "    "),
    ]
    return "\n".join(parts)


def findings_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Return every finding, then each code's explanation once."""
    found = [plain_text.diagnostic_text(diagnostic) for diagnostic in diagnostics]
    codes = dict.fromkeys(diagnostic.code for diagnostic in diagnostics)
    return "\n\n".join([*found, *(explanation_text(code) for code in codes)])


def _find(code: str) -> Explanation | None:
    try:
        return explain(code)
    except KeyError:
        return None
