"""Names of spans, metrics and attributes. Those of `gen_ai` are not stable yet, so they stand here as plain strings.

References:
    OpenTelemetry semantic conventions for generative AI: https://github.com/open-telemetry/semantic-conventions-genai
"""

from __future__ import annotations

from typing import Final

SCOPE: Final = "toolscript"

# Spans.
RUN_SPAN: Final = "run_script"
TOOL_SPAN: Final = "execute_tool"
APPROVAL_SPAN: Final = "approval"

# Attributes of the conventions.
OPERATION: Final = "gen_ai.operation.name"
EXECUTE_TOOL: Final = "execute_tool"
TOOL_NAME: Final = "gen_ai.tool.name"
TOOL_TYPE: Final = "gen_ai.tool.type"
TOOL_DESCRIPTION: Final = "gen_ai.tool.description"
CALL_ID: Final = "gen_ai.tool.call.id"
CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"
CALL_RESULT: Final = "gen_ai.tool.call.result"
CONVERSATION: Final = "gen_ai.conversation.id"
PROVIDER: Final = "gen_ai.provider.name"
MODEL: Final = "gen_ai.request.model"
ERROR_TYPE: Final = "error.type"
OTHER: Final = "_OTHER"
"""Stands for the name of a tool that does not exist: a model makes up any number of them."""

# Attributes of ours.
SCRIPT_ID: Final = "harness.script.id"
STATUS: Final = "harness.status"
LINE: Final = "harness.call.line"
BARRIERS: Final = "harness.barriers"
CONFINEMENT: Final = "harness.confinement"
ANSWER: Final = "harness.approval.answer"
RISK: Final = "harness.approval.risk"
RETRY: Final = "harness.approval.is_retry"
WAITING: Final = "harness.usage.waiting_s"
CPU_TIME: Final = "harness.usage.cpu_time_s"
STEPS: Final = "harness.usage.steps"
PEAK_MEMORY: Final = "harness.usage.peak_memory_bytes"
TOOL_CALLS: Final = "harness.usage.tool_calls"
RESULT: Final = "harness.result"
"""The value of a script."""

# Metrics.
TOOL_DURATION: Final = "gen_ai.execute_tool.duration"
RUN_DURATION: Final = "harness.run.duration"
RUN_CPU_TIME: Final = "harness.run.cpu_time"
RUNS_ACTIVE: Final = "harness.run.active"
APPROVAL_DURATION: Final = "harness.approval.duration"
