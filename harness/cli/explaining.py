"""Error codes in plain words, with a corrected example where a script is at fault."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from harness.cli import plain_text
from policy.language import Diagnostic

if TYPE_CHECKING:
    from harness.error_catalogue import CatalogueEntry


def known_codes() -> list[str]:
    """Return every error code, in the order of the error table."""
    from harness.errors import CLASS_BY_CODE

    return list(CLASS_BY_CODE)


def explanation_wire(code: str) -> dict[str, object] | None:
    """Return the explanation of a code as plain data, None if there is none."""
    found = _find(code)
    return None if found is None else asdict(found)


def explanation_text(code: str) -> str:
    """Return the explanation of a code: what it means, what to do, and a wrong and a right script if there are."""
    found = _find(code)
    if found is None:
        return f"{code}: there is no more to say than the message"
    parts = [f"{code}: {found.meaning}", f"do: {found.action}"]
    if found.retryable != "no":
        parts.append(f"retryable: {found.retryable}")
    if found.is_reserved:
        parts.append("reserved: nothing in this version raises it")
    if found.wrong is not None and found.right is not None:
        parts += [_script("wrong", found.wrong), _script("right", found.right)]
    return "\n".join(parts)


def findings_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Return every finding, then each code's explanation once."""
    found = [plain_text.diagnostic_text(diagnostic) for diagnostic in diagnostics]
    codes = dict.fromkeys(diagnostic.code for diagnostic in diagnostics)
    return "\n\n".join([*found, *(explanation_text(code) for code in codes)])


def _script(title: str, source: str) -> str:
    return f"{title}:\n" + textwrap.indent(source.rstrip(), "    ")


def _find(code: str) -> CatalogueEntry | None:
    from harness.error_catalogue import entry

    try:
        return entry(code)
    except KeyError:
        return None
