"""Loads settings and rules from their layers: defaults, user, project, environment, command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.config.files import (
    PROJECT_FOLDER,
    RULES_NAME,
    SETTINGS_NAME,
    ConfigFile,
    Files,
    home,
    read_project_files,
    read_user_files,
)
from harness.config.parsing import COMMAND_LINE, decoded, settings_of_text, settings_of_values
from harness.config.problems import Problem, config_error
from harness.config.rules import rules_of_file, without_allowing
from harness.config.trust import Standing, standing
from policy.settings import Settings, merged
from policy.tightening import tightened

if TYPE_CHECKING:
    from policy.commands import Rule


_GivenLayer = Literal["environment", "command line"]
_PLACES: Mapping[_GivenLayer, str] = {"environment": "the environment", "command line": COMMAND_LINE}


@dataclass(frozen=True, slots=True)
class Source:
    """A layer that took part.

    Attributes:
        layer: Whose it is.
        path: Of its file; None for the environment and the command line.
        standing: "trusted", or how far the project's files count: "untrusted" and "changed" may only tighten.
    """

    layer: Literal["user", "project", "environment", "command line"]
    path: str | None
    standing: Standing = "trusted"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What decides about calls, and where it comes from.

    Attributes:
        settings: Of all layers.
        rules: Command rules of the files, beside the built-in ones; each names its layer.
        sources: The layers beside the defaults, the weakest first.
        notes: What of a project was not applied: because it is untrusted, or stands where nobody reads it.
    """

    settings: Settings
    rules: tuple[Rule, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()


def load_settings(
    workspace: str | os.PathLike[str] | None,
    *,
    overrides: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Load settings and rules. Nothing is created.

    The command line counts most, then the environment, the project, the user, the defaults. A project that the user
    does not trust only tightens what the user's files say.

    Args:
        workspace: The project's folder; None without a project.
        overrides: Settings of the command line, in the shape of the file.
        environ: Says where the user's files stand, and holds variables `TOOLSCRIPT_...`; the process's own if None.

    Raises:
        ConfigError: `config.invalid`, with every problem of every layer.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    user = read_user_files(environ, problems)
    project = Files() if workspace is None else read_project_files(os.fspath(workspace), problems)
    stands = _standing(workspace, project, problems, environ)
    layers = _Layers(problems, home(environ), None if workspace is None else os.path.realpath(workspace))
    return layers.loaded(user, project, stands, _given(environ, overrides, problems))


def _given(
    environ: Mapping[str, str], overrides: Mapping[str, Any] | None, problems: list[Problem]
) -> dict[_GivenLayer, Mapping[str, Any]]:
    """What stands in no file, the weakest first."""
    given: dict[_GivenLayer, Mapping[str, Any]] = {}
    if any(name.upper().startswith("TOOLSCRIPT_") for name in environ):
        from harness.config.environment import values_of_environment  # its library is loaded only where it is needed

        if found := values_of_environment(environ, problems):
            given["environment"] = found
    if overrides:
        given["command line"] = overrides
    return given


@dataclass(frozen=True, slots=True)
class Preview:
    """What it would change to trust a project.

    Attributes:
        paths: Of the project's files.
        digest: Of what was read, for `trust`.
        standing: How the project stands now.
        before: What decides while it is untrusted.
        after: What would decide.
    """

    paths: tuple[str, ...]
    digest: str
    standing: Standing
    before: Loaded
    after: Loaded


def preview_trust(workspace: str | os.PathLike[str], *, environ: Mapping[str, str] | None = None) -> Preview:
    """Read a project once, and load it both ways.

    Raises:
        ConfigError: `config.invalid`, with every problem of every file.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    user = read_user_files(environ, problems)
    project = read_project_files(os.fspath(workspace), problems)
    stands = _standing(workspace, project, problems, environ)
    layers = _Layers(problems, home(environ), os.path.realpath(workspace))
    before = layers.loaded(user, project, "untrusted", {})
    after = layers.loaded(user, project, "trusted", {})
    return Preview(tuple(file.path for file in project.present), project.digest, stands, before, after)


def load_rules(
    workspace: str | os.PathLike[str] | None, *, environ: Mapping[str, str] | None = None
) -> tuple[Rule, ...]:
    """Load the command rules alone, as `load_settings` does; the built-in ones are not among them.

    Raises:
        ConfigError: `config.invalid`, with every problem of every file of rules.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    user = read_user_files(environ, problems)
    project = Files() if workspace is None else read_project_files(os.fspath(workspace), problems)
    stands = _standing(workspace, project, problems, environ)
    rules, _ = _Layers(problems, home(environ), None).rules(user.rules, project.rules, stands)
    if problems:
        raise config_error(problems)
    return rules


def _standing(
    workspace: str | os.PathLike[str] | None, project: Files, problems: list[Problem], environ: Mapping[str, str]
) -> Standing:
    if workspace is None or not project.present or problems:
        return "untrusted"
    return standing(os.fspath(workspace), project.digest, environ=environ)


def _changed(stands: Standing) -> tuple[str, ...]:
    said = f"files of {PROJECT_FOLDER} changed since the project was trusted, so it is untrusted again"
    return (said,) if stands == "changed" else ()


def _misplaced(workspace: str | None) -> tuple[str, ...]:
    """Say that settings stand where nobody reads them: `mode = "disabled"` would be missed without a word."""
    if workspace is None or not os.path.lexists(os.path.join(workspace, SETTINGS_NAME)):
        return ()
    return (f"{SETTINGS_NAME} in the workspace itself is not read: settings of a project are in {PROJECT_FOLDER}",)


@dataclass(frozen=True, slots=True)
class _Layers:
    """Puts layers together, and collects what is wrong with each."""

    problems: list[Problem]
    home: str
    workspace: str | None

    def loaded(
        self, user: Files, project: Files, stands: Standing, given: Mapping[_GivenLayer, Mapping[str, Any]]
    ) -> Loaded:
        settings, notes = self.settings(user.settings, project.settings, stands, given)
        rules, dropped = self.rules(user.rules, project.rules, stands)
        if self.problems:
            raise config_error(self.problems)
        own = [Source("user", file.path) for file in user.present]
        foreign = [Source("project", file.path, stands) for file in project.present]
        others = [Source(layer, None) for layer in given]
        said = (*_changed(stands), *notes, *dropped, *_misplaced(self.workspace))
        return Loaded(settings, rules, (*own, *foreign, *others), said)

    def settings(
        self,
        user: ConfigFile | None,
        project: ConfigFile | None,
        stands: Standing,
        given: Mapping[_GivenLayer, Mapping[str, Any]],
    ) -> tuple[Settings, tuple[str, ...]]:
        own = merged(Settings(), self._read(user, folder=None))
        foreign = self._read(project, folder=self.workspace)
        both, notes = (merged(own, foreign), ()) if stands == "trusted" else tightened(own, foreign)
        for layer, values in given.items():
            both = merged(both, self._of_values(values, _PLACES[layer]))
        return both, notes

    def _of_values(self, values: Mapping[str, Any], place: str) -> Settings:
        found = settings_of_values(values, place, self.problems, home=self.home, folder=os.getcwd())
        return found or Settings()

    def _read(self, file: ConfigFile | None, *, folder: str | None) -> Settings:
        if file is None or (text := decoded(file.data, file.path, self.problems)) is None:
            return Settings()
        found = settings_of_text(text, file.path, self.problems, home=self.home, folder=folder)
        return found or Settings()

    def rules(
        self, user: ConfigFile | None, project: ConfigFile | None, stands: Standing
    ) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
        own = rules_of_file(user, self.problems)
        foreign = rules_of_file(project, self.problems)
        counted = foreign if stands == "trusted" else without_allowing(foreign)
        dropped = len(foreign) - len(counted)
        return (*own, *counted), (_dropped(dropped),) if dropped else ()


def _dropped(count: int) -> str:
    rules = "1 rule that allows" if count == 1 else f"{count} rules that allow"
    return f"{PROJECT_FOLDER}/{RULES_NAME} has {rules}: not applied before `toolscript trust` was run for the project"
