"""Where the files of the configuration stand, and how they are read.

The user's files are taken as ssh takes its own: they may be links, and must be writable by nobody else. A project's
files came with the project: they are opened by descriptor below its folder, and links are not followed.
Nothing is created by reading.
"""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.config.problems import Problem, config_error

SETTINGS_NAME = "toolscript.toml"
RULES_NAME = "rules.toml"
TRUSTED_NAME = "trusted.json"
PROJECT_FOLDER = ".toolscript"
MAX_FILE_BYTES = 256 * 1024

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH

Layer = Literal["user", "project"]


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that was read.

    Attributes:
        layer: Whose it is.
        path: Absolute.
        data: Its bytes.
    """

    layer: Layer
    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of one layer, None where there is none."""

    settings: ConfigFile | None = None
    rules: ConfigFile | None = None

    @property
    def present(self) -> tuple[ConfigFile, ...]:
        """Those that exist."""
        return tuple(file for file in (self.settings, self.rules) if file is not None)

    @property
    def digest(self) -> str:
        """SHA-256 over both files, in hexadecimal; a missing file counts differently from an empty one."""
        hashed = hashlib.sha256()
        for file in (self.settings, self.rules):
            content = b"-" if file is None else b"+" + hashlib.sha256(file.data).digest()
            hashed.update(hashlib.sha256(content).digest())
        return hashed.hexdigest()


def user_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Return the folder of the user's files: `$XDG_CONFIG_HOME/toolscript`, or `~/.config/toolscript`.

    References:
        XDG Base Directory Specification 0.8: a path that is not absolute is ignored.
    """
    base = environ.get("XDG_CONFIG_HOME", "")
    return os.path.join(base if os.path.isabs(base) else os.path.join(home(environ), ".config"), "toolscript")


def home(environ: Mapping[str, str]) -> str:
    """Return the user's home folder; "/" when nobody knows it."""
    named = environ.get("HOME", "")
    if os.path.isabs(named):
        return named
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return "/"


def protected_paths(workspace: str | None, *, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return what no tool and no command may write, because it decides about them. Absolute, links resolved.

    Args:
        workspace: The project's folder, if there is one.
        environ: Says where the user's files stand.
    """
    folder = user_folder(environ)
    names = ("", SETTINGS_NAME, RULES_NAME, TRUSTED_NAME)
    own = [os.path.realpath(os.path.join(folder, name)) for name in names]  # a file may be a link out of the folder
    paths = [own[0], *(path for path in own[1:] if not path.startswith(own[0] + "/"))]
    if workspace is not None:
        inside = os.path.join(os.path.realpath(workspace), PROJECT_FOLDER)
        paths += [inside, os.path.realpath(inside)]
    return tuple(dict.fromkeys(paths))


def read_user_files(environ: Mapping[str, str], problems: list[Problem]) -> Files:
    """Read the user's two files; what is wrong with one is added to `problems`."""
    folder = user_folder(environ)
    return Files(
        read_user_file(os.path.join(folder, SETTINGS_NAME), problems),
        read_user_file(os.path.join(folder, RULES_NAME), problems),
    )


def read_user_file(path: str, problems: list[Problem]) -> ConfigFile | None:
    """Read one of the user's files; None when there is none, or when something is wrong with it."""
    try:
        folder = os.stat(os.path.dirname(path))
        fd = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        problems.append(_unreadable(path, error))
        return None
    try:
        status = os.fstat(fd)
        if fault := _ownership_fault(path, status, folder):
            problems.append(fault)
            return None
        return _read("user", path, fd, problems)
    finally:
        os.close(fd)


def _ownership_fault(path: str, status: os.stat_result, folder: os.stat_result) -> Problem | None:
    """As ssh_config(5): the file must belong to its user or to root, and others must not be able to change it."""
    for name, found in ((path, status), (os.path.dirname(path), folder)):
        if found.st_uid not in (0, os.geteuid()):
            return Problem(
                name, "it belongs to another user, who could change it", hint=f"run chown {os.geteuid()} {name}"
            )
        if found.st_mode & _WRITABLE_BY_OTHERS:
            return Problem(name, "other users may write it", hint=f"run chmod go-w {name}")
    return None


def read_project_files(workspace: str, problems: list[Problem]) -> Files:
    """Read a project's two files below its folder, without following links.

    Raises:
        ConfigError: `config.invalid`, the workspace is no folder.
    """
    inside = os.path.join(os.path.realpath(workspace), PROJECT_FOLDER)
    try:
        root = os.open(os.path.realpath(workspace), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        fault = Problem(
            workspace, f"the workspace cannot be opened: {_reason(error)}", hint="name a folder that exists"
        )
        raise config_error([fault]) from None
    try:
        folder = os.open(PROJECT_FOLDER, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=root)
    except FileNotFoundError:
        return Files()
    except OSError as error:
        is_other = error.errno in (errno.ENOTDIR, errno.ELOOP)
        problems.append(_no_folder(inside) if is_other else _unreadable(inside, error))
        return Files()
    finally:
        os.close(root)
    try:
        settings, rules = (_read_project_file(folder, inside, name, problems) for name in (SETTINGS_NAME, RULES_NAME))
        return Files(settings, rules)
    finally:
        os.close(folder)


def _no_folder(path: str) -> Problem:
    return Problem(path, "it is no folder, and links are not followed", hint="make it a folder, or remove it")


def _read_project_file(folder: int, inside: str, name: str, problems: list[Problem]) -> ConfigFile | None:
    path = os.path.join(inside, name)
    try:
        fd = os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        problems.append(_unreadable(path, error))
        return None
    try:
        return _read("project", path, fd, problems)
    finally:
        os.close(fd)


def _read(layer: Layer, path: str, fd: int, problems: list[Problem]) -> ConfigFile | None:
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        problems.append(Problem(path, "it is no regular file", hint="make it one, or remove it"))
        return None
    try:
        with open(fd, "rb", closefd=False) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        problems.append(_unreadable(path, error))
        return None
    if len(data) > MAX_FILE_BYTES:
        problems.append(Problem(path, f"it has more than {MAX_FILE_BYTES} bytes", hint="make it smaller"))
        return None
    return ConfigFile(layer, path, data)


def _unreadable(path: str, error: OSError) -> Problem:
    if error.errno == errno.ELOOP:
        return Problem(path, "it is a link, which is not followed", hint="put the file itself there")
    return Problem(path, f"it cannot be read: {_reason(error)}", hint="look at its permissions, and at its folder's")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
