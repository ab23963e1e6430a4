"""What the audit record is told of calls: every decision, every call, and the operator's detail of failures."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from harness.approvals.store import key_digest
from harness.audit.redaction import without_variables
from harness.errors import ConfigError
from harness.tools.call import Call
from harness.tools.decision import Considered
from harness.types import ApprovalRequest, CallRecord, Outcome, plain
from policy.approval import CallPattern

UNRECORDED = "audit.unavailable"
"""The code of the error that ends a run."""

_log = logging.getLogger("toolscript")


class Audit(Protocol):
    """Where records go."""

    def append(self, kind: str, fields: Mapping[str, object]) -> str:
        """Write one record and return its hash."""


class Recorder:
    """Writes what happens to calls. Without an audit it does nothing.

    Every method raises ConfigError (`audit.unavailable`) when the record cannot be written: then nothing more may
    happen that would go unrecorded.

    Args:
        audit: Where records go, or None.
    """

    def __init__(self, audit: Audit | None) -> None:
        self._audit = audit

    def decision(
        self,
        call: Call,
        considered: Considered,
        answer: str,
        *,
        request: ApprovalRequest | None = None,
        reason: str = "",
        granted: Sequence[CallPattern] = (),
        filled: Mapping[str, object] | None = None,
    ) -> None:
        """Record how a call was decided, with the evidence.

        Args:
            call: The call.
            considered: Its facts.
            answer: "unasked", "forbidden", or how the question was answered.
            request: The question, if there was one.
            reason: What the person gave as a reason.
            granted: Further calls that the answer grants.
            filled: The fields of the form that the tool asked for while it ran.
        """
        if self._audit is None:
            return
        need, verdict = considered.requirement, considered.verdict
        self._write(
            "decision",
            call_id=call.id,
            script_id=call.script_id,
            tool=considered.tool.name,
            arguments=considered.plain_arguments(),
            effect=plain(considered.effect),
            why=request.reason if request else getattr(need, "reason", ""),
            rules=plain(verdict.matched) if verdict else [],
            keys=[key_digest(key) for key in request.keys] if request else [],
            answer=answer,
            reason=reason,
            granted=plain(granted),
            **({} if filled is None else {"filled": filled}),
        )

    def plan(self, request: ApprovalRequest, answer: str, reason: str, granted: Sequence[CallPattern]) -> None:
        """Record how a whole plan was answered, and which further calls that grants."""
        if self._audit is not None:
            digests = tuple(key_digest(key) for key in request.keys)
            asked = plain(replace(request, keys=digests))
            self._write(
                "decision",
                script_id=request.script_id,
                question=asked,
                answer=answer,
                reason=reason,
                granted=plain(granted),
            )

    def call(self, call: Call, record: CallRecord) -> None:
        """Record what a call came to."""
        if self._audit is not None:
            self._write("call", script_id=call.script_id, call=plain(record))

    def lost_call(self, call: Call, record: CallRecord) -> None:
        """Record a call that is being cancelled; a failure to write must not get in the way of that."""
        try:
            self.call(call, record)
        except ConfigError:
            _log.exception("the end of call %s could not be recorded", call.id)

    def failure(self, call: Call, error: BaseException) -> dict[str, object]:
        """Record the operator's detail of a failure, and return the reference that the model's error may name."""
        if self._audit is None:
            return {}
        reference = "f" + os.urandom(6).hex()
        detail = without_variables("".join(traceback.format_exception(error)), os.environ)
        self._write("failure", call_id=call.id, script_id=call.script_id, reference=reference, traceback=detail)
        return {"reference": reference}

    def run_started(self, script_id: str, *, source: str, session: str) -> None:
        """Record the script that is about to run."""
        if self._audit is not None:
            self._write("run_started", script_id=script_id, session=session, source=source)

    def run_finished(self, outcome: Outcome) -> None:
        """Record what a run came to; its calls have records of their own."""
        if self._audit is not None:
            wire = outcome.to_wire()
            kept = ("ok", "value", "error", "usage", "barriers", "confinement", "pending", "not_awaited")
            self._write("run_finished", script_id=outcome.script_id, **{name: wire[name] for name in kept})

    def script_not_run(self, outcome: Outcome, *, source: str, session: str) -> None:
        """Record a script that was only checked, in a dry run, or not even that, because scripts are disabled."""
        if self._audit is not None:
            wire = outcome.to_wire()
            kept = {name: wire[name] for name in ("mode", "ok", "error", "would_ask")}
            self._write("not_run", script_id=outcome.script_id, session=session, source=source, **kept)

    def _write(self, kind: str, **fields: object) -> None:
        assert self._audit is not None
        try:
            self._audit.append(kind, fields)
        except OSError as error:
            raise ConfigError(
                UNRECORDED,
                f"the audit record cannot be written: {error.strerror}",
                hint="make room, or correct its permissions; without the record no call is made",
            ) from error
