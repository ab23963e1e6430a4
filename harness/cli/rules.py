"""What the rules say of a command, and what their own examples say of the rules."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.usage import wrong_use
from harness.config.files import ConfigFile, read_project_files, read_user_files
from harness.config.loading import Loaded, load_settings
from harness.config.problems import Problem, config_error
from harness.config.rules import rules_of_file
from harness.errors import CallError
from harness.visible_text import visible
from policy.approval import Forbidden, NeedsApproval, Requirement, Skip, requirement
from policy.commands import BUILT_IN_RULES, CommandVerdict, MatchedRule, Rule, check_examples, judge
from policy.effects import Command, Executes
from policy.grants import Grants
from policy.sandbox import grants


@dataclass(frozen=True, slots=True)
class Judgement:
    """What would be done about a command.

    Attributes:
        command: The command, its program resolved.
        verdict: What rules and lists say.
        requirement: What follows under the settings.
        is_confined: It would run in the sandbox.
        notes: What of an untrusted project was not applied.
    """

    command: Command
    verdict: CommandVerdict
    requirement: Requirement
    is_confined: bool
    notes: tuple[str, ...]

    @property
    def decision(self) -> str:
        """ "run", "ask" or "forbidden"."""
        return {Skip: "run", NeedsApproval: "ask", Forbidden: "forbidden"}[type(self.requirement)]

    @property
    def reason(self) -> str:
        """Why it is asked about or forbidden, "" when it runs."""
        return "" if isinstance(self.requirement, Skip) else self.requirement.reason


def judge_command(words: Sequence[str], *, workspace: str | None, is_escalated: bool) -> Judgement:
    """Judge a command as a call of `exec` would be, and execute nothing.

    Args:
        words: Program and arguments.
        workspace: The project's folder; None judges without a project, in the current folder.
        is_escalated: The call asks to leave the sandbox.

    Raises:
        ConfigError: `config.invalid`, no call could have such a command, or the configuration is not in order.
    """
    loaded = load_settings(workspace)
    folder = os.path.realpath(workspace or os.getcwd())
    granted = _grants(loaded, folder)
    command = _command(words, folder, loaded, granted, is_escalated=is_escalated)
    verdict = judge(command, (*BUILT_IN_RULES, *loaded.rules))
    needed = requirement(
        Executes(command),
        policy=loaded.settings.approval_policy,
        grants=granted,
        network=loaded.settings.network,
        verdict=verdict,
    )
    leaves = isinstance(needed, Skip) and needed.bypass_sandbox
    leaves = leaves or (isinstance(needed, NeedsApproval) and needed.leaves_sandbox)
    return Judgement(command, verdict, needed, granted.is_confined and not leaves, loaded.notes)


def _grants(loaded: Loaded, folder: str) -> Grants:
    tmpdir = os.environ.get("TMPDIR")
    resolved = os.path.realpath(tmpdir) if tmpdir else None
    return grants(loaded.settings.sandbox, loaded.settings.network, workspace=folder, tmpdir=resolved)


def _command(words: Sequence[str], folder: str, loaded: Loaded, granted: Grants, *, is_escalated: bool) -> Command:
    from harness.tools.builtin.exec import Exec
    from harness.tools.builtin.repositories import repositories_of

    try:
        asked = {"command": list(words), "sandbox": "unsandboxed" if is_escalated else "default"}
        request = Exec.model_validate(asked)
        repositories = repositories_of(folder, loaded.settings)
        return request.decided(folder, loaded.settings, granted, repositories=repositories).command
    except CallError as error:
        if error.code != "tool.failed":
            hint = error.hint or "give other words"
            raise wrong_use(f"no call can have this command: {error.message}", hint=hint) from None
        # There is no such program here. What the rules say of it can be told all the same.
        return Command(tuple(words), None, folder, is_escalated=is_escalated)


def judgement_wire(judgement: Judgement) -> dict[str, object]:
    """Return a judgement as plain data."""
    verdict = judgement.verdict
    amendment = verdict.proposed_amendment
    return {
        "decision": judgement.decision,
        "reason": judgement.reason,
        "is_confined": judgement.is_confined,
        "command": list(judgement.command.argv),
        "program": judgement.command.program,
        "is_from_path": judgement.command.is_from_path,
        "segments": [list(segment) for segment in verdict.segments],
        "is_known_safe": verdict.is_known_safe,
        "is_dangerous": verdict.is_dangerous,
        "matched": [_matched_wire(item) for item in verdict.matched],
        "proposed_amendment": None if amendment is None else list(amendment.prefix),
        "notes": list(judgement.notes),
    }


def _matched_wire(item: MatchedRule) -> dict[str, object]:
    return {
        "source": item.source,
        "decision": item.decision,
        "prefix": list(item.prefix),
        "segment": list(item.segment),
        "justification": item.justification,
    }


def judgement_text(judgement: Judgement) -> str:
    """Return a judgement in plain text."""
    verdict = judgement.verdict
    said = f": {judgement.reason}" if judgement.reason else ""
    lines = [f"{judgement.decision}{said}", f"program   {_program_text(judgement.command)}"]
    lines += [f"command   {shlex.join(segment)}" for segment in verdict.segments]
    lines += [f"rule      {_matched_text(item)}" for item in verdict.matched] or ["rule      none matched"]
    lines += [f"list      {name}" for name in _lists(verdict)]
    lines.append(f"sandbox   {'yes' if judgement.is_confined else 'no'}")
    if verdict.proposed_amendment is not None:
        lines.append(f"proposed  allow {shlex.join(verdict.proposed_amendment.prefix)}")
    lines += [f"note      {note}" for note in judgement.notes]
    return visible("\n".join(lines))


def _program_text(command: Command) -> str:
    if command.program is None:
        is_line = len(command.argv) == 1 and len(command.argv[0].split()) > 1
        return "none of that name is found here: " + (
            "it is one word; do not quote the line" if is_line else "no rule allows it"
        )
    return command.program + ("" if command.is_from_path else " (not the one on the PATH: no rule allows it)")


def _matched_text(item: MatchedRule) -> str:
    why = f": {item.justification}" if item.justification else ""
    return f"{item.source}: {item.decision} {shlex.join(item.prefix)}{why}"


def _lists(verdict: CommandVerdict) -> list[str]:
    safe = ["known to be harmless"] if verdict.is_known_safe else []
    return [*safe, *(["forces a removal"] if verdict.is_dangerous else [])]


@dataclass(frozen=True, slots=True)
class Tested:
    """How the examples of one file went.

    Attributes:
        name: The file, or "built-in rules".
        rules: How many it has.
        examples: How many of theirs were judged.
        problems: What is wrong; a file with any is not loaded.
    """

    name: str
    rules: int
    examples: int
    problems: tuple[Problem, ...]


def run_examples(names: Sequence[str], *, workspace: str | None) -> list[Tested]:
    """Run the examples of rules.

    Args:
        names: Files to test; with none, the built-in rules, the user's, and those of the project.
        workspace: The project's folder, or None.

    Raises:
        ConfigError: `config.invalid`, a file that was named is not there, or the workspace is none.
    """
    if names:
        return [_test_named(name) for name in names]
    return [_tested("built-in rules", BUILT_IN_RULES, []), *_test_layers(workspace)]


def _test_layers(workspace: str | None) -> list[Tested]:
    problems: list[Problem] = []
    files = [read_user_files(os.environ, problems).rules]
    if workspace is not None:
        files.append(read_project_files(workspace, problems).rules)
    if problems:
        raise config_error(problems)
    return [_test_file(file) for file in files if file is not None]


def _test_file(file: ConfigFile) -> Tested:
    problems: list[Problem] = []
    return _tested(file.path, rules_of_file(file, problems), problems)


def _test_named(name: str) -> Tested:
    try:
        with open(name, "rb") as file:
            data = file.read()
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise wrong_use(f"{name!r} cannot be read: {said}", hint="name a file of rules") from None
    return _test_file(ConfigFile("user", name, data))


def _tested(name: str, rules: Sequence[Rule], problems: list[Problem]) -> Tested:
    results = check_examples(rules)
    failed = [
        Problem(name, f"{result.rule}: the example `{' '.join(result.words)}` does not hold")
        for result in results
        if not result.is_ok
    ]
    return Tested(name, len(rules), len(results), (*problems, *failed))


def tested_wire(tested: Sequence[Tested]) -> dict[str, object]:
    """Return how examples went as plain data."""
    files = [
        {
            "name": item.name,
            "rules": item.rules,
            "examples": item.examples,
            "problems": [{"line": problem.line, "message": problem.message} for problem in item.problems],
        }
        for item in tested
    ]
    return {"ok": not any(item.problems for item in tested), "files": files}


def tested_text(tested: Sequence[Tested]) -> str:
    """Return how examples went in plain text: a line for each file that is in order, and one for each problem."""
    lines: list[str] = []
    for item in tested:
        lines += [str(problem) for problem in item.problems]
        if not item.problems:
            lines.append(f"{item.name}: {_count(item.rules, 'rule')}, {_count(item.examples, 'example')}, all hold")
    return visible("\n".join(lines))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
