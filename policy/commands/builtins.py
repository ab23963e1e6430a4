"""Words that a shell itself acts on: reserved words, and commands that are built in.

A built-in command can change what later commands mean (`hash -p /tmp/x git`, `export PATH=...`, `alias`, `enable -f`,
`exec`, `.`), or read more into a word than stands there (`test -v 'a[$(id)]'` runs `id`). So a script is plain only if
it uses none but those listed as harmless here, in a form that is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

SHELLS: Final = frozenset({"bash", "sh", "zsh"})
"""Shells whose scripts are opened when they are plain."""

OTHER_SHELLS: Final = frozenset(
    {"ash", "csh", "dash", "elvish", "fish", "ksh", "ksh93", "mksh", "nu", "rbash", "tcsh", "xonsh", "yash"}
)
"""Shells whose scripts are only searched for what is forbidden or to be asked about."""

# bash(1), RESERVED WORDS, and zshmisc(1), RESERVED WORDS and PRECOMMAND MODIFIERS
_RESERVED: Final = """
    ! - [[ ]] { } always case coproc do done elif else end esac fi for foreach function if in nocorrect noglob
    repeat select then time until while
"""
RESERVED: Final = frozenset(_RESERVED.split())

# bash(1), dash(1), zshbuiltins(1) and the modules of zsh
_OF_ALL_SHELLS: Final = """
    . : [ alias autoload bg bind bindkey break builtin bye caller cap cd chdir clone command compadd
    comparguments compcall compctl compdescribe compfiles compgen compgroups complete compopt compquote
    compset comptags comptry compvalues continue declare dirs disable disown echo echotc echoti emulate enable
    eval exec exit export false fc fg float functions getcap getln getopts hash help history integer jobs kill
    let limit local log logout mapfile noglob popd print printf private prompt pushd pushln pwd r read
    readarray readonly rehash return sched set setcap setopt shift shopt source stat strftime suspend syserror
    sysopen sysread sysseek syswrite test times trap true ttyctl type typeset ulimit umask unalias unfunction
    unhash unlimit unset unsetopt vared wait whence where which zcompile zcurses zdelattr zf_chmod zf_ln
    zf_mkdir zf_mv zf_rm zf_rmdir zf_sync zformat zftp zgetattr zle zlistattr zmodload zparseopts zprof zpty
    zregexparse zselect zsetattr zsocket zstat zstyle zsystem ztcp ztie zuntie
"""
_BUILTINS: Final = frozenset(_OF_ALL_SHELLS.split())

HARMLESS: Final = frozenset({":", "cd", "echo", "false", "pwd", "true"})
"""Built in everywhere, and at worst they change the folder."""

_HARMLESS_PROGRAMS: Final = frozenset({"kill", "log", "prompt", "r", "stat", "which"})
"""Names that zsh or its modules have built in, and that otherwise are programs of that name."""

_ASSIGNS_BY_FORMAT: Final = re.compile(r"%[^%a-zA-Z]*[a-zA-Z]*n")
"""`printf '/tmp%n' PATH` assigns to PATH."""


def is_harmless(words: Sequence[str], shell: str) -> bool:
    """Say whether a command of a plain script leaves alone what the others mean, and runs only what it names.

    Args:
        words: The command, as the shell would see it after it removed the quotes.
        shell: "bash", "sh" or "zsh".
    """
    name = words[0]
    if name not in _BUILTINS or name in HARMLESS or name in _HARMLESS_PROGRAMS:
        return True
    if shell == "zsh":  # its printf, test and exit evaluate arithmetic, which assigns and substitutes
        return False
    if name == "printf":
        return not any(word.startswith("-v") for word in words[1:2]) and not any(
            map(_ASSIGNS_BY_FORMAT.search, words[1:])
        )
    if name == "test":
        return not any(word in ("-v", "-R") or not _is_inert(word) for word in words[1:])
    if name == "command":
        return len(words) > 2 and words[1] in ("-v", "-V")
    return name in ("exit", "type") and all(map(_is_inert, words))


def _is_inert(word: str) -> bool:
    return not any(sign in word for sign in "$`[")
