"""What is left out of the record because it is a secret, by the name it stands under or by its shape.

Names and shapes are all there is to go by: a secret under an innocent name that looks like any other word is
recorded. RE2 matches in linear time, whatever a script puts into a call's arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

REDACTED: Final = "[redacted]"

SECRET_WORDS: Final = frozenset(
    {
        "apikey",
        "authorization",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "key",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "secret",
        "secrets",
        "token",
    }
)
"""Words that make a name a secret's. `keys` and `tokens` are not among them: keys of an approval, tokens counted."""

NOT_SECRET_NAMES: Final = frozenset({"approval_key", "idempotency_key", "public_key"})
"""Names with such a word that stand for nothing secret."""

SECRET_PARTS: Final = ("AUTHORIZATION", "COOKIE", "KEY", "PASSWORD", "SECRET", "TOKEN")
"""What makes the name of an environment variable a secret's, wherever it stands in the name."""

_SHORT = 40
_LEAST_SECRET = 8
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME = r"[A-Za-z0-9_]*(?i:key|secret|token|password|passwd)"
_PATTERNS: Final = (
    # What stands before the secret is group 1 and is kept.
    (r"()-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)"),
    (r"((?i:\b(?:proxy-)?authorization|\b(?:set-)?cookie|\bx-api-key)[\"']?\s*[:=]\s*[\"']?)[^\r\n\"']+"),
    (r"(\b(?i:bearer)\s+)[A-Za-z0-9._~+/=-]{8,}"),
    (r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#\"'<>]*@"),
    (r"(\b" + _NAME + r"=[\"']?)[^\s\"'&;]+"),
    (r"()\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{16,}"),
    (r"()\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})"),
    (r"()\bxox[a-z]-[A-Za-z0-9-]{10,}"),
    (r"()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    (r"()\bAIza[A-Za-z0-9_-]{30,}"),
    (r"()\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"),
)


@lru_cache(maxsize=1_024)
def is_secret_name(name: str) -> bool:
    """Say whether a value under this name is a secret: one of the name's words is one of `SECRET_WORDS`.

    `api_key`, `apiKey`, `API-KEY` and `x_password_2` are such names; `keys`, `monkey` and `tokens` are not.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    return not SECRET_WORDS.isdisjoint(words) and "_".join(words) not in NOT_SECRET_NAMES


def is_secret_variable(name: str) -> bool:
    """Say whether an environment variable of this name holds a secret, by the rule that keeps it from commands."""
    upper = name.upper()
    return any(part in upper for part in SECRET_PARTS)


def without_variables(text: str, environ: Mapping[str, str]) -> str:
    """Return the text without the values of secret variables, wherever they stand in it.

    Args:
        text: What a library made of the environment, in an error for example.
        environ: Variables by name. Values of fewer than 8 characters are kept: they are words as well.
    """
    for name, value in environ.items():
        if len(value) >= _LEAST_SECRET and is_secret_variable(name):
            text = text.replace(value, REDACTED)
    return text


def redacted(text: str) -> str:
    """Return the text without what has the shape of a secret."""
    return _redacted_again(text) if len(text) <= _SHORT else _redacted(text)


def _redacted(text: str) -> str:
    any_of_them, each = _compiled()
    data = text.encode("utf-8", "surrogatepass")
    if any_of_them.search(data) is None:
        return text
    for pattern in each:
        data = pattern.sub(rb"\1" + REDACTED.encode(), data)
    return str(data, "utf-8", "surrogatepass")


_redacted_again = lru_cache(maxsize=4_096)(_redacted)  # the names of fields and tools come with every record


@cache
def _compiled() -> tuple[Any, tuple[Any, ...]]:
    import re2  # here: who keeps no record needs it not

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes as they are: lone surrogates are no UTF-8
    options.log_errors = False
    each = tuple(re2.compile(pattern.encode(), options) for pattern in _PATTERNS)
    options.never_capture = True
    return re2.compile("|".join(_PATTERNS).encode(), options), each
