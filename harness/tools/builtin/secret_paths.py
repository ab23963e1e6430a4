"""Which paths hold secrets by their name. No tool reads them unless the embedder granted the path.

Names are all there is to go by: a secret under an innocent name, or a hard link to one, is not recognised.
`.git` is not secret: a model is often asked about history, refs and hooks. Searches skip it as noise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SECRET_FOLDERS: tuple[str, ...] = (
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".kube",
    ".docker",
    ".password-store",
    ".pki",
    ".config/gcloud",
    ".config/gh",
    "keyrings",
    "keychains",
)
SECRET_NAMES: tuple[str, ...] = (
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".pypirc",
    ".git-credentials",
    ".vault-token",
    "approvals.key",
    "id_rsa",
    "id_dsa",
    "id_ecdsa*",
    "id_ed25519*",
    "*.kdbx",
    "*.keyring",
)
NOT_SECRET_NAMES: tuple[str, ...] = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "*.pub",
)


def is_secret(parts: Sequence[str], granted: Iterable[Sequence[str]] = ()) -> bool:
    """Say whether the path of these components is, or lies in, a secret that is not granted.

    Case does not matter, since it does not on some file systems.

    Args:
        parts: Components below the workspace root.
        granted: Paths, by their components, that may be read with all that is below them.
    """
    path = "/".join(parts).casefold() + "/"
    if not _SECRET.search(path):
        return False
    return not any(grant and tuple(parts[: len(grant)]) == tuple(grant) for grant in granted)


def _any_of(patterns: Iterable[str]) -> str:
    """Turn globs for names into one regular expression for a whole component."""
    return "(?:" + "|".join(re.escape(pattern).replace(r"\*", "[^/]*") for pattern in patterns) + ")/"


_SECRET = re.compile(f"(?:^|/)(?:{_any_of(SECRET_FOLDERS)}|(?!{_any_of(NOT_SECRET_NAMES)}){_any_of(SECRET_NAMES)})")
