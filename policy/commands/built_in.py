"""Rules that hold everywhere and that no file can loosen, so they are few: what no sandbox and no approval of the
moment should decide."""

from __future__ import annotations

from typing import Final

from policy.commands.rules import Rule

_ANOTHER_USER: Final = ("doas", "pkexec", "run0", "su", "sudo")
_MACHINE: Final = ("halt", "poweroff", "reboot", "shutdown", "telinit")

BUILT_IN_RULES: Final[tuple[Rule, ...]] = (
    Rule(
        (_ANOTHER_USER,),
        "prompt",
        "it runs a command as another user",
        match=(("sudo", "ls"), ("bash", "-c", "id; sudo ls")),
        not_match=(("grep", "sudo", "x"),),
        source="built-in",
    ),
    Rule(
        (_MACHINE,),
        "prompt",
        "it stops the machine",
        match=(("reboot",), ("env", "shutdown", "now")),
        not_match=(("echo", "reboot"),),
        source="built-in",
    ),
    Rule(
        (("toolscript",), ("trust", "untrust")),
        "forbidden",
        "a person decides which folders are trusted",
        match=(("toolscript", "trust", "."),),
        not_match=(("toolscript", "rules", "check"),),
        source="built-in",
    ),
)
