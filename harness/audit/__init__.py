"""The audit record: what was decided and done, one line of JSON each, chained by hashes.

log = AuditLog("audit.jsonl")
log.append("decision", {"tool": "exec", "decision": "approved"})
assert verify_chain("audit.jsonl").ok
"""

from __future__ import annotations

from harness.audit.chain import ChainProblem, ChainReport, verify_chain
from harness.audit.log import AuditLog

__all__ = ["AuditLog", "ChainProblem", "ChainReport", "verify_chain"]
