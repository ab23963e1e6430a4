"""The CPython runtime keeps the promises of the runtime interface."""

from collections.abc import Sequence

from harness.runtimes.cpython.runtime import CPythonRuntime
from harness.runtimes.runtime import Runtime
from harness.testing import RuntimeConformance
from policy.language.report import ToolSignature
from policy.limits import Limits


class TestCPythonRuntime(RuntimeConformance):
    def make_runtime(self, limits: Limits, signatures: Sequence[ToolSignature]) -> Runtime:
        return CPythonRuntime(limits, signatures)
