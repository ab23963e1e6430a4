"""The command that lets a project's own settings and rules count."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.cli import exit_codes
from harness.cli.options import Json
from harness.cli.usage import wrong_use


def trust(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The project's folder.", show_default=False)] = ".",
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the trust back.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Print the folders that are trusted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> int:
    """Show what a project's own settings and rules would change, ask, and let them count in full.

    Until then they only tighten. Trust covers the files as they are: after a change they only tighten again.
    """
    if revoke and show:
        raise wrong_use("--revoke and --list exclude each other", hint="leave one out")
    if show:
        return _print_trusted(as_json=json)
    return _revoke(folder, as_json=json) if revoke else _trust(folder, is_sure=yes, as_json=json)


def _print_trusted(*, as_json: bool) -> int:
    from harness.cli.views import print_json
    from harness.config.trust import trusted_folders
    from harness.visible_text import visible

    folders = list(trusted_folders())
    print_json({"trusted": folders}) if as_json else print(visible("\n".join(folders) or "no folder is trusted"))
    return exit_codes.DONE


def _revoke(folder: str, *, as_json: bool) -> int:
    from harness.cli.views import print_json
    from harness.config.trust import untrust

    was_trusted = untrust(folder)
    said = "not trusted any more" if was_trusted else "it was not trusted"
    print_json({"trusted": False, "was_trusted": was_trusted}) if as_json else print(said)
    return exit_codes.DONE


def _trust(folder: str, *, is_sure: bool, as_json: bool) -> int:
    from harness.cli.trust import confirm, preview_text, preview_wire
    from harness.cli.views import print_json
    from harness.config.loading import preview_trust
    from harness.config.trust import trust

    preview = preview_trust(folder)
    if not preview.paths:
        hint = "its settings would stand in .toolscript/toolscript.toml, its rules in .toolscript/rules.toml"
        raise wrong_use(f"{folder!r} has no settings and no rules to trust", hint=hint)
    if not as_json:
        print(preview_text(folder, preview), flush=True)
    is_trusted = confirm(is_sure=is_sure or preview.standing == "trusted")
    if is_trusted:
        trust(folder, digest=preview.digest)
    said = "trusted" if is_trusted else "not trusted"
    print_json(preview_wire(folder, preview, is_trusted=is_trusted), indent=2) if as_json else print(said)
    return exit_codes.DONE
