"""The commands that try command rules."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.cli import exit_codes
from harness.cli.options import Json

rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Say what command rules decide, and test them.")


# What stands behind the program is the command's, not ours: `rules check ls -l` means what it says.
@rules.command("check", context_settings={"allow_interspersed_args": False})
def rules_check(
    words: Annotated[list[str], typer.Argument(metavar="CMD", help="Program and arguments, last. Nothing is run.")],
    *,
    workspace: Annotated[str | None, typer.Option(metavar="DIR", help="The project whose settings count too.")] = None,
    unsandboxed: Annotated[bool, typer.Option("--unsandboxed", help="Judge a call that asks for no sandbox.")] = False,
    json: Json = False,
) -> int:
    """Say what would be done about a command, and which rules and lists say so.

    Exit codes: 0 it runs, or a person is asked; 2 usage or configuration; 3 it is forbidden.
    """
    from harness.cli.rules import judge_command, judgement_text, judgement_wire
    from harness.cli.views import print_json

    judgement = judge_command(words, workspace=workspace, is_escalated=unsandboxed)
    print_json(judgement_wire(judgement), indent=2) if json else print(judgement_text(judgement))
    return exit_codes.DENIED if judgement.decision == "forbidden" else exit_codes.DONE


@rules.command("test")
def rules_test(
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE", help="Files of rules to test.")] = None,
    *,
    workspace: Annotated[str | None, typer.Option(metavar="DIR", help="The project whose rules are tested.")] = None,
    json: Json = False,
) -> int:
    """Run the examples that rules carry. Without FILE: of the built-in rules, the user's, and those of DIR.

    Exit codes: 0 all hold; 2 some do not, or a file is not in order, so that it cannot be loaded.
    """
    from harness.cli.rules import run_examples, tested_text, tested_wire
    from harness.cli.views import print_json

    tested = run_examples(files or (), workspace=workspace)
    print_json(tested_wire(tested), indent=2) if json else print(tested_text(tested))
    return exit_codes.USAGE if any(item.problems for item in tested) else exit_codes.DONE
