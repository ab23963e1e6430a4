"""`toolscript doctor --self-test`: workers and commands try what they must not be able to do, on this machine."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import anyio.to_thread

from harness.cli import exit_codes
from harness.confine.command_trial import try_commands
from harness.confine.trial import Trial, Tried
from harness.errors import HarnessError
from harness.runtimes.cpython.worker_trial import try_worker

_PLACES = {"worker": "a worker, below the language", "command": "a command"}


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What became of every act.

    Attributes:
        trials: For "worker" and "command", what was tried there, or why nothing could be.
    """

    trials: Mapping[str, Trial | HarnessError]

    @property
    def exit_code(self) -> int:
        """0 if everything that a barrier promises to stop was stopped, 5 if not; else that of the error."""
        tried = [trial for trial in self.trials.values() if isinstance(trial, Trial)]
        errors = [trial for trial in self.trials.values() if isinstance(trial, HarnessError)]
        if not all(trial.ok for trial in tried):
            return exit_codes.SANDBOX
        return max((exit_codes.exit_code(error) for error in errors), default=exit_codes.DONE)

    def to_wire(self) -> dict[str, object]:
        """Return the result as plain JSON data."""
        return {
            "ok": self.exit_code == exit_codes.DONE,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.release()} {platform.machine()}",
            **{place: _wire(trial) for place, trial in self.trials.items()},
        }


async def test_this_machine() -> SelfTest:
    """Start a worker and commands as they are started for scripts, and have them try every act."""
    trials: dict[str, Trial | HarnessError] = {}
    try:
        trials["worker"] = await anyio.to_thread.run_sync(try_worker)
    except HarnessError as error:
        trials["worker"] = error
    try:
        trials["command"] = await try_commands()
    except HarnessError as error:
        trials["command"] = error
    return SelfTest(trials)


def self_test_text(test: SelfTest) -> str:
    """Return the result in plain text: a line for each act, and what it comes to."""
    return "\n".join([line for place, trial in test.trials.items() for line in _lines(place, trial)] + [_verdict(test)])


def _lines(place: str, trial: Trial | HarnessError) -> Iterator[str]:
    if isinstance(trial, HarnessError):
        yield f"{_PLACES[place]} cannot be started: {trial.code}: {trial.message}"
        return
    stopped = sum(act.held for act in trial.acts)
    yield f"{_PLACES[place]}: {stopped} of {len(trial.acts)} forbidden acts were stopped"
    width = max(len(act.what) for act in trial.acts)
    for act in trial.acts:
        yield f"  {_state(act):<6}  {act.what:<{width}}  {act.end:<11}  {_promise(act, trial)}"


def _state(act: Tried) -> str:
    return "held" if act.held else "FAILED" if act.failed else "open"


def _promise(act: Tried, trial: Trial) -> str:
    if act.promised_by:
        return ", ".join(act.promised_by)
    absent = ", ".join(f"{barrier} {trial.missing.get(barrier, 'is not up')}" for barrier in act.others)
    return f"no barrier promises it here: {absent}"


def _verdict(test: SelfTest) -> str:
    tried = [trial for trial in test.trials.values() if isinstance(trial, Trial)]
    failed = [act for trial in tried for act in trial.acts if act.failed]
    if failed:
        acts = "1 act" if len(failed) == 1 else f"{len(failed)} acts"
        return f"{acts} got through that a barrier promises to stop: do not run scripts on this machine"
    if len(tried) < len(test.trials):
        return "not everything could be tried"
    return "whatever a barrier promises to stop was stopped"


def _wire(trial: Trial | HarnessError) -> dict[str, object]:
    if isinstance(trial, HarnessError):
        return {"ok": False, "error": trial.to_wire()}
    return {
        "ok": trial.ok,
        "barriers": list(trial.barriers),
        "missing": dict(trial.missing),
        "acts": [
            {
                "name": act.name,
                "what": act.what,
                "held": act.held,
                "promised": bool(act.promised_by),
                "promised_by": list(act.promised_by),
                "end": act.end,
            }
            for act in trial.acts
        ],
        "error": None,
    }
