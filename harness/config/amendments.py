"""Saves the command rules that a person approved, in the user's rules.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from harness.config.files import MAX_FILE_BYTES, RULES_NAME, read_user_file, user_folder
from harness.config.parsing import decoded
from harness.config.problems import Problem, config_error
from harness.config.replacing import locked, replace_file
from harness.config.rules import rules_of_text

if TYPE_CHECKING:
    from policy.commands import Amendment, Rule


def append_amendment(amendment: Amendment, *, environ: Mapping[str, str] = os.environ) -> str:
    """Append an allow rule to the user's rules. What stands there already, comments included, stays as it is.

    Processes that append at the same time wait for each other. A rule that stands there is not written again. Waits
    for the lock and for the disk: call it in a thread.

    Args:
        amendment: What a person approved.
        environ: Says where the user's files stand.

    Returns:
        The path of the file.

    Raises:
        ConfigError: `config.invalid`, the file is not in order as it stands, or it cannot be written.
    """
    from policy.commands import render_amendment

    folder = user_folder(environ)
    path = os.path.join(folder, RULES_NAME)
    with locked(folder):
        text = _text_of(path)
        if not any(_says(rule, amendment) for rule in _checked(text, path)):
            grown = _grown(text, render_amendment(amendment), path)
            _checked(grown, path)
            replace_file(path, grown.encode())
    return path


def _text_of(path: str) -> str:
    problems: list[Problem] = []
    file = read_user_file(path, problems)
    text = "" if file is None else decoded(file.data, path, problems)
    if problems or text is None:
        raise config_error(problems)
    return text


def _checked(text: str, path: str) -> tuple[Rule, ...]:
    problems: list[Problem] = []
    rules = rules_of_text(text, path, problems, source="user")
    if problems:
        raise config_error(problems)
    return rules


def _says(rule: Rule, amendment: Amendment) -> bool:
    return rule.decision == "allow" and rule.prefix == tuple((word,) for word in amendment.prefix)


def _grown(text: str, addition: str, path: str) -> str:
    grown = f"{text}\n{addition}" if text and not text.endswith("\n") else text + addition
    if len(grown.encode()) > MAX_FILE_BYTES:
        fault = Problem(
            path, f"it would have more than {MAX_FILE_BYTES} bytes", hint="remove rules that are not needed"
        )
        raise config_error([fault])
    return grown
