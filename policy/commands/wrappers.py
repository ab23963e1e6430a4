"""Programs that run another command, and where in their words that command stands.

Rules that forbid or ask look through them; rules that allow do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Wrapper:
    """How a program's own options end and the command begins.

    Attributes:
        flags: Letters of options without a value.
        valued: Letters of options whose value is the rest of the word, or the next word.
        long_valued: Long options whose value is the next word.
        long_flags: Long options without a value.
        operands: How many operands stand before the command.
        is_assigning: `NAME=value` words may stand before the command.
        script: Letter of the option whose value is text for a shell, "" if there is none.
    """

    flags: str = ""
    valued: str = ""
    long_valued: frozenset[str] = frozenset()
    long_flags: frozenset[str] = frozenset()
    operands: int = 0
    is_assigning: bool = False
    script: str = ""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WRAPPERS: Final = {
    "!": Wrapper(),
    "builtin": Wrapper(),
    "busybox": Wrapper(),
    "bwrap": Wrapper(),
    "capsh": Wrapper(script="c"),
    "catatonit": Wrapper(),
    "catchsegv": Wrapper(),
    "chpst": Wrapper("vPV012", "uUb/nldmspofrcteE"),
    "chronic": Wrapper("ev"),
    "chroot": Wrapper(long_flags=_names("--skip-chdir"), operands=1),
    "choom": Wrapper("", "np"),
    "chrt": Wrapper("abdfiomprRv", "TPD", operands=1),
    "command": Wrapper("p"),
    "coproc": Wrapper(),
    "cpulimit": Wrapper("bfiqvz", "clpPs"),
    "dbus-run-session": Wrapper(),
    "doas": Wrapper("Lns", "aCu"),
    "dumb-init": Wrapper("cv", "r"),
    "eatmydata": Wrapper(),
    "entr": Wrapper("acdnprsxz"),
    "env": Wrapper(
        "i0v",
        "uC",
        _names("--unset --chdir"),
        _names("--ignore-environment --null --debug --list-signal-handling"),
        is_assigning=True,
        script="S",
    ),
    "exec": Wrapper("cl", "a"),
    "fakeroot": Wrapper("uhv", "lsbi"),
    "faketime": Wrapper("fm", operands=1),
    "firejail": Wrapper(),
    "flock": Wrapper("enosuxF", "wE", _names("--timeout --wait --conflict-exit-code"), operands=1, script="c"),
    "gosu": Wrapper(operands=1),
    "hyperfine": Wrapper(),
    "ionice": Wrapper("t", "cnpPu", _names("--class --classdata --pid"), _names("--ignore")),
    "ltrace": Wrapper("bcCfhiLrStTV", "aAdDeFlnopsuwx"),
    "nice": Wrapper("0123456789", "n", _names("--adjustment")),
    "nocorrect": Wrapper(),
    "noglob": Wrapper(),
    "nohup": Wrapper(),
    "nsenter": Wrapper("amuinpCUTrwFZ", "tSG", _names("--target --setuid --setgid")),
    "numactl": Wrapper("alHs", "iwpmNCl"),
    "parallel": Wrapper(),
    "perf": Wrapper(operands=1),
    "pkexec": Wrapper(long_valued=_names("--user"), long_flags=_names("--disable-internal-agent --keep-cwd")),
    "prlimit": Wrapper("V", "op"),
    "proot": Wrapper(),
    "proxychains": Wrapper("q", "f"),
    "proxychains4": Wrapper("q", "f"),
    "run0": Wrapper("", "ugDp", _names("--user --group --chdir --property --unit --slice --nice --setenv")),
    "runcon": Wrapper("c", "turl", operands=1),
    "runuser": Wrapper("flmp", "ugGsw", script="c"),
    "script": Wrapper("aefq", "BEIOTmot", script="c"),
    "s6-setuidgid": Wrapper(operands=1),
    "setarch": Wrapper("3BFILRSTXZv", operands=1),
    "setpriv": Wrapper(
        "d", "", _names("--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits")
    ),
    "setsid": Wrapper("cfw", long_flags=_names("--ctty --fork --wait")),
    "setuidgid": Wrapper(operands=1),
    "sg": Wrapper(operands=1, script="c"),
    "ssh-agent": Wrapper("cDdks", "aEOPt"),
    "start-stop-daemon": Wrapper(),
    "stdbuf": Wrapper("", "ioe", _names("--input --output --error")),
    "strace": Wrapper("cCdfFhiknNqrtTvVwxyYzZ", "abeEIoOpPsSuUX"),
    "su": Wrapper("flmpP", "gGsw", operands=0, script="c"),
    "su-exec": Wrapper(operands=1),
    "sudo": Wrapper(
        "AbBEeHikKlnNPSsVv",
        "CDghpRrtTuU",
        _names(
            "--chdir --chroot --close-from --command-timeout --group --host --other-user --prompt --role --type --user"
        ),
        _names(
            "--askpass --background --bell --edit --login --non-interactive --preserve-env --preserve-groups "
            "--set-home --shell --stdin"
        ),
        is_assigning=True,
    ),
    "systemd-run": Wrapper("dGPqrSt", "EHMpu", _names("--unit --property --slice --uid --gid --setenv --nice")),
    "taskset": Wrapper("apc", operands=1),
    "time": Wrapper("apqvV", "fo", _names("--format --output"), _names("--append --portability --quiet --verbose")),
    "timeout": Wrapper(
        "fpv", "ks", _names("--kill-after --signal"), _names("--foreground --preserve-status --verbose"), operands=1
    ),
    "tini": Wrapper("gsvw", "ep"),
    "torsocks": Wrapper("iqd", "uaP"),
    "toybox": Wrapper(),
    "trickle": Wrapper("hVvs", "udwtlpP"),
    "unbuffer": Wrapper("p"),
    "unshare": Wrapper("fimnprTuUcC", "RwSG", _names("--root --wd --setuid --setgid --propagation")),
    "valgrind": Wrapper(),
    "watch": Wrapper("bcCdegprtwx", "nqs", _names("--interval --equexit")),
    "xvfb-run": Wrapper("al", "enfpsw"),
    "xargs": Wrapper(
        "0oprtxeil",
        "adEILnPs",
        _names("--arg-file --delimiter --max-args --max-chars --max-lines --max-procs --replace --process-slot-var"),
        _names("--null --interactive --no-run-if-empty --open-tty --verbose --exit --show-limits"),
    ),
    "{": Wrapper(),
}

for _personality in ("i386", "i486", "i586", "i686", "linux32", "linux64", "uname26", "x86_64"):
    WRAPPERS[_personality] = Wrapper("3BFILRSTXZv")  # names of setarch
del _personality

_SSH: Final = Wrapper("46AaCfGgKkMNnqsTtVvXxYy", "BbcDEeFIiJLlmOopQRSWw", operands=1)
"""What it runs runs elsewhere: searched, and no wrapper to a rule that allows a host."""
_PLAIN: Final = Wrapper()
_LOADER: Final = re.compile(r"ld(-[\w-]+|64|\.so)?\.so(\.[0-9]+)*|ld\.so")
"""`ld-linux-x86-64.so.2 /bin/rm -f x` runs rm."""
_ASSIGNMENT: Final = re.compile(r"[^=]+=")
_MAX_UNKNOWN: Final = 32
"""Of options that are followed with doubt; a program refuses what it does not know, so there are few."""
_FIND_RUNS: Final = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_GIT_VALUED: Final = frozenset(
    {
        "-C",
        "-c",
        "--attr-source",
        "--config-env",
        "--exec-path",
        "--git-dir",
        "--namespace",
        "--super-prefix",
        "--work-tree",
    }
)


def base_name(word: str) -> str:
    """The name behind the last slash."""
    return word.rpartition("/")[2]


def commands_behind(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Commands that a wrapper, or the actions of find, would run; several where an unknown option may have a value."""
    name = base_name(words[0])
    if name == "find":
        yield from _find_actions(words)
    elif name == "git":
        yield from _git_actions(words)
    elif name == "coproc" and "{" in words[2:3]:  # coproc NAME { ...; }
        yield tuple(words[2:])
    wrapper = _SSH if name == "ssh" else wrapper_of(name)
    if wrapper is not None:
        for start in _starts(words, wrapper):
            yield tuple(words[start:])


def wrapper_of(name: str) -> Wrapper | None:
    """How a program of that base name runs another command, or None if it is not known to."""
    return WRAPPERS.get(name) or (_PLAIN if _LOADER.fullmatch(name) else None)


def least_words(words: Sequence[str]) -> int:
    """How many words a rule has to name so that it says which command runs: `timeout 10` says nothing."""
    wrapper = wrapper_of(base_name(words[0]))
    if wrapper is None:
        return 1
    starts = _starts(words, wrapper)
    return starts[-1] + 1 if starts else len(words)


def script_of(words: Sequence[str]) -> str | None:
    """The text that a wrapper hands to a shell: `su -c TEXT`, `env -S TEXT`."""
    wrapper = wrapper_of(base_name(words[0]))
    if wrapper is None or not wrapper.script:
        return None
    letter = wrapper.script
    for index, word in enumerate(words[1:], 1):
        if word in ("--command", "--session-command", "--split-string"):
            return " ".join(words[index + 1 :])
        if word.startswith(("--command=", "--session-command=", "--split-string=")):
            return " ".join([word.partition("=")[2], *words[index + 1 :]])
        if word[:1] == "-" and word[1:2] != "-" and letter in word:
            return " ".join([word.partition(letter)[2], *words[index + 1 :]]).strip()
    return None


def without_git_options(words: Sequence[str]) -> tuple[str, ...]:
    """A git command without the options before its subcommand: `git -C x push` means `git push`."""
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            return (words[0], word, *rest)
        if word in _GIT_VALUED:
            next(rest, None)
    return tuple(words)


def _git_actions(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Commands that git itself runs: `bisect run CMD`, `submodule foreach CMD`, `rebase --exec CMD`."""
    bare = without_git_options(words)
    if bare[1:3] in (("bisect", "run"), ("submodule", "foreach")):
        yield tuple(word for word in bare[3:] if word != "--recursive")
    elif bare[1:2] == ("rebase",):
        for word, following in zip(bare[2:], (*bare[3:], ""), strict=True):
            if word in ("-x", "--exec") and following:
                yield (following,)
            elif word.startswith("--exec="):
                yield (word.partition("=")[2],)


def _find_actions(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Commands between `-exec` and `;` or `{} +`."""
    start = 0  # of the command whose end is awaited
    for index, word in enumerate(words):
        if not start:
            start = index + 1 if word in _FIND_RUNS else 0
        elif word == ";" or (word == "+" and words[index - 1] == "{}"):
            yield tuple(words[start:index])
            start = 0
    if start:
        yield tuple(words[start:])


def _starts(words: Sequence[str], wrapper: Wrapper) -> list[int]:
    """Where the command may begin: behind the operands, and one further for each unknown option and its value."""
    starts: list[int] = []
    unknown = operands = 0
    index = 1
    are_options_over = False
    while index < len(words) and operands <= wrapper.operands + min(unknown, _MAX_UNKNOWN):
        word = words[index]
        if word[:1] == "-" and not are_options_over:
            are_options_over = word == "--"
            taken = 1 if word in ("-", "--") else _taken(word, wrapper)
            unknown += taken == 0
            index += taken or 1
            continue
        if not (wrapper.is_assigning and _ASSIGNMENT.match(word)):
            operands += 1
            if operands > wrapper.operands:
                starts.append(index)
        index += 1
    return starts


def _taken(option: str, wrapper: Wrapper) -> int:
    """How many words an option takes, 0 if it is not known."""
    if option.startswith("--"):
        if "=" in option or option in wrapper.long_flags:
            return 1
        return 2 if option in wrapper.long_valued else 0
    for position, letter in enumerate(option[1:], 1):
        if letter in wrapper.valued:
            return 2 if position == len(option) - 1 else 1
        if letter not in wrapper.flags:
            return 0
    return 1
