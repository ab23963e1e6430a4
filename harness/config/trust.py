"""Which projects the user trusts: a folder, with exactly the files that it had then.

The record is `trusted.json` in the user's folder: real paths, each with the digest of the project's two files. A
project that changed, moved, or was put in the place of another one is untrusted again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Literal

from harness.config.files import TRUSTED_NAME, Files, read_project_files, read_user_file, user_folder
from harness.config.problems import Problem, config_error
from harness.config.replacing import locked, replace_file

Standing = Literal["trusted", "changed", "untrusted"]
_VERSION = 1


def standing(folder: str, digest: str, *, environ: Mapping[str, str] = os.environ) -> Standing:
    """Say how a project stands: trusted, trusted with other files than it has now, or untrusted.

    Args:
        folder: The project's.
        digest: `Files.digest` of what was read from it.
        environ: Says where the user's files stand.

    Raises:
        ConfigError: `config.invalid`, the record of trusted folders cannot be read.
    """
    known = trusted_folders(environ=environ).get(os.path.realpath(folder))
    if known is None:
        return "untrusted"
    return "trusted" if known == digest else "changed"


def is_trusted(folder: str, digest: str, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the user trusts a project with exactly the files that have this digest.

    Raises:
        ConfigError: as `standing`.
    """
    return standing(folder, digest, environ=environ) == "trusted"


def trust(folder: str, *, digest: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Trust a project, with the files that it has.

    Args:
        folder: The project's.
        digest: `Files.digest` of what the user was shown, so that files that changed since are not trusted unseen;
            None reads them now.
        environ: Says where the user's files stand.

    Returns:
        The folder's real path, which is what was trusted.

    Raises:
        ConfigError: `config.invalid`, there is nothing to trust, its files cannot be read, or the record not be
            written.
    """
    real = os.path.realpath(folder)
    found = digest or _digest_of(real)
    with locked(user_folder(environ)):
        _write({**trusted_folders(environ=environ), real: found}, environ)
    return real


def untrust(folder: str, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Take back the trust in a project. The folder need not exist any more.

    Returns:
        Whether it had been trusted.

    Raises:
        ConfigError: `config.invalid`, the record cannot be read or written.
    """
    real = os.path.realpath(folder)
    if real not in trusted_folders(environ=environ):
        return False
    with locked(user_folder(environ)):
        _write({path: found for path, found in trusted_folders(environ=environ).items() if path != real}, environ)
    return True


def trusted_folders(*, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the real path of every trusted folder, with its digest.

    Raises:
        ConfigError: `config.invalid`, the record cannot be read, or is none.
    """
    path = os.path.join(user_folder(environ), TRUSTED_NAME)
    problems: list[Problem] = []
    file = read_user_file(path, problems)
    if problems:
        raise config_error(problems)
    if file is None:
        return {}
    try:
        return _parsed(file.data)
    except ValueError:
        hint = "remove it, and trust the projects again with toolscript trust"
        raise config_error([Problem(path, "it is no record of trusted folders", hint=hint)]) from None


def _parsed(data: bytes) -> dict[str, str]:
    record = json.loads(data)
    folders = record.get("folders") if isinstance(record, dict) and record.get("version") == _VERSION else None
    if not isinstance(folders, dict) or not all(isinstance(digest, str) for digest in folders.values()):
        raise ValueError("not a record of this version")
    return folders


def _digest_of(folder: str) -> str:
    problems: list[Problem] = []
    files: Files = read_project_files(folder, problems)
    if problems:
        raise config_error(problems)
    if not files.present:
        hint = "a project's settings stand in .toolscript/toolscript.toml, its rules in .toolscript/rules.toml"
        raise config_error([Problem(folder, "the folder has no settings and no rules to trust", hint=hint)])
    return files.digest


def _write(folders: Mapping[str, str], environ: Mapping[str, str]) -> None:
    record = {"version": _VERSION, "folders": dict(sorted(folders.items()))}
    replace_file(os.path.join(user_folder(environ), TRUSTED_NAME), json.dumps(record, indent=2).encode() + b"\n")
