"""The commands that look into audit records."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import exit_codes
from harness.cli.options import Json

if TYPE_CHECKING:
    from harness.audit import ChainReport

audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look into audit records, and check them.")


class ExportFormat(StrEnum):
    """What audit records are exported as."""

    jsonl = "jsonl"
    csv = "csv"


AuditFile = Annotated[str, typer.Argument(metavar="FILE", help="An audit record.", show_default=False)]
RunOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Records of this run; the beginning of its id will do.")
]
ToolOption = Annotated[str | None, typer.Option(metavar="NAME", help="Records of calls of this tool.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="TIME", help="Records from then on: 2026-01-31T12:00, or ago: 90s, 15m, 2h, 7d.")
]


@audit.command("show")
def audit_show(
    file: AuditFile, *, run: RunOption = None, tool: ToolOption = None, since: SinceOption = None, json: Json = False
) -> int:
    """Print records for people, one a line. With --json: all that they hold.

    Exit codes: 0 done; 1 the chain is not in order, and what is printed may not be what was written; 2 usage, or FILE
    is no audit record.
    """
    from harness.cli.audit import checked, record_text, selected, selection
    from harness.cli.views import print_json

    wanted, report = selection(run, tool, since), checked(file)
    records = selected(file, wanted)
    if json:
        print_json({"ok": report.ok, "records": [record.fields for record in records]}, indent=2)
    else:
        for record in records:
            print(record_text(record.fields))
    return _warned_of_chain(report)


@audit.command("verify")
def audit_verify(
    file: AuditFile,
    *,
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A head that was kept elsewhere: it must still be in the chain.")
    ] = None,
    json: Json = False,
) -> int:
    """Check that no record was changed, taken out, put in or moved, and print the head.

    Keep the head in another place: a file whose end was cut off is a shorter chain, and only a head tells.

    Exit codes: 0 in order; 1 not in order; 2 usage, or FILE is no audit record.
    """
    from harness.cli.audit import checked, report_text
    from harness.cli.views import print_json
    from harness.types import plain

    report = checked(file, head=None if head is None else head.strip().lower())
    print_json(plain(report), indent=2) if json else print(report_text(report))
    return exit_codes.DONE if report.ok else exit_codes.SCRIPT_FAILED


@audit.command("export")
def audit_export(
    file: AuditFile,
    *,
    format: Annotated[ExportFormat, typer.Option(help="jsonl: the lines as they are; csv: for tables.")] = (  # noqa: A002  # it is the option's name
        ExportFormat.jsonl
    ),
    run: RunOption = None,
    tool: ToolOption = None,
    since: SinceOption = None,
) -> int:
    """Print records as JSON lines or CSV, to be kept or looked at elsewhere.

    Exit codes: 0 done; 1 the chain is not in order, and what is printed may not be what was written; 2 usage, or FILE
    is no audit record.
    """
    from harness.cli.audit import CSV_COLUMNS, checked, csv_line, export_csv, export_jsonl, selected, selection

    wanted, report = selection(run, tool, since), checked(file)
    is_table = format is ExportFormat.csv
    if is_table:
        print(csv_line(list(CSV_COLUMNS)))
    for record in selected(file, wanted):
        print(export_csv(record) if is_table else export_jsonl(record))
    return _warned_of_chain(report)


def _warned_of_chain(report: ChainReport) -> int:
    if report.problem is None:
        return exit_codes.DONE
    print(f"toolscript: not in order: line {report.problem.line}: {report.problem.what}", file=sys.stderr)
    return exit_codes.SCRIPT_FAILED
