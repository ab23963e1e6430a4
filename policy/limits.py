"""The ceilings of one script run, and how two sets of them merge.

Merging is commutative and only tightens (`tests/property/test_limits.py`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Bytes = Annotated[int, Field(gt=0, le=2**40)]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Limits(BaseModel):
    """Ceilings of one run. Every field has the default that `docs/reference/limits.md` argues for.

    Attributes:
        wall_time_s: Seconds from the start to the end, waits for a person excluded.
        cpu_time_s: Seconds of processor time in the worker.
        steps: Loop iterations, comprehension items and function entries.
        memory_bytes: Bytes above the idle worker.
        recursion: Frames of the script on the stack at once.
        source_bytes: UTF-8 bytes of the script.
        tool_calls: Calls that one run may start.
        concurrent_calls: Calls that run at once; further ones queue.
        argument_bytes: JSON bytes of one call's arguments.
        result_bytes: JSON bytes of one call's result.
        stream_bytes: Bytes kept of one output stream of a command.
        return_bytes: JSON bytes of the script's value.
        return_depth: Nesting depth of the script's value.
        output_bytes: UTF-8 bytes that `print` may write.
        progress_events: Progress events that are passed on.
        approval_wait_s: Seconds that a question to a person waits for its answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_time_s: Seconds = 30
    cpu_time_s: Seconds = 30
    steps: Annotated[int, Field(gt=0, le=10**12)] = 10_000_000
    memory_bytes: Bytes = 100 * 1024**2
    recursion: Annotated[int, Field(ge=10, le=100_000)] = 1000
    source_bytes: Bytes = 65_536
    tool_calls: Count = 100
    concurrent_calls: Annotated[int, Field(gt=0, le=10_000)] = 8
    argument_bytes: Bytes = 1024**2
    result_bytes: Bytes = 1024**2
    stream_bytes: Bytes = 262_144
    return_bytes: Bytes = 131_072
    return_depth: Annotated[int, Field(gt=0, le=150)] = 64
    output_bytes: Bytes = 65_536
    progress_events: Count = 50
    approval_wait_s: Seconds = 60

    def tightened(self, other: Limits | None) -> Limits:
        """Merge: the tighter of each field that was set in `other`; fields nobody set stay as they are."""
        if other is None:
            return self
        tighter = {name: min(getattr(self, name), getattr(other, name)) for name in other.model_fields_set}
        return self.model_copy(update=tighter)

    def loosened_by(self, other: Limits) -> list[str]:
        """Name the fields that `other` sets above this set of limits, which a single run may not do."""
        return sorted(n for n in other.model_fields_set if getattr(other, n) > getattr(self, n))
