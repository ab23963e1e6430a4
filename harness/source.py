"""What the host looks at before a worker sees a script: its encoding and its size, nothing else."""

from __future__ import annotations

import codecs
import re

from harness.errors import HarnessError, Location, error_for
from policy.language.report import CheckReport, Diagnostic

_LINE_END = re.compile(r"\r\n|\r|\n")  # what Python counts as one; str.splitlines knows more


def read_source(source: str | bytes, *, max_bytes: int) -> str | Diagnostic:
    """Return the script as text without a byte order mark, or the finding that refuses it.

    Args:
        source: The script; bytes must be UTF-8.
        max_bytes: Largest size in UTF-8 bytes.
    """
    try:
        data = source.encode() if isinstance(source, str) else source
        if len(data) > max_bytes:
            return _finding(
                "script.too_large",
                f"the script has {len(data)} bytes, {max_bytes} are allowed",
                "split the work into several scripts, and read data with tools instead of writing it out",
            )
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeEncodeError as error:
        line, column = _place(error.object, error.start)
        return _finding("script.syntax", "a lone surrogate is no character", "remove it", line, column)
    except UnicodeDecodeError as error:
        line, column = _place(error.object[: error.start].decode("utf-8", "replace"), None)
        return _finding("script.syntax", "the script is not UTF-8 text", "send it as UTF-8", line, column)


def error_of_report(report: CheckReport) -> HarnessError:
    """Return the error that a refused script ends with: its first finding. The outcome carries all of them."""
    first, more = report.diagnostics[0], len(report.diagnostics) - 1
    return error_for(
        first.code,
        first.message + (f" (and {more} more)" if more else ""),
        hint=first.hint,
        location=Location(first.line, first.column, first.end_line, first.end_column, first.excerpt),
        phase="checking",
    )


def location_in(source: str, line: int, column: int = 1) -> Location:
    """Return the place of a line that a worker or a call named, with the line as it stands in the source."""
    lines = _LINE_END.split(source)[line - 1 : line]
    return Location(line, column, excerpt=lines[0] if lines else "")


def _place(text: str, index: int | None) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _finding(code: str, message: str, hint: str, line: int = 1, column: int = 1) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=message,
        hint=hint,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        excerpt="",
    )
