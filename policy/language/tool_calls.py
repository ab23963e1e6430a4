"""Static checks of tool calls, and the plan.

Every use of the name `tools` is followed as far as it can be seen. What escapes (as a value, an argument, an item of a
container) may call any tool, and the plan says so; only calls that stand in the script are checked.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from policy.language import names
from policy.language.arguments import Fault, bind, is_argument_object, mismatch, properties_of
from policy.language.awaits import is_lost
from policy.language.hints import nearest
from policy.language.literals import Unknown, is_complete, read_literal
from policy.language.report import Diagnostic, Plan, PlannedCall, ToolSignature
from policy.language.source import Source
from policy.language.survey import Scope, Survey
from policy.language.tool_names import ToolNames

_LOOKING: Final = frozenset({"dir", "hasattr", "isinstance", "callable", "id", "repr", "str", "print", "bool"})
"""Builtins that are given `tools` and can call none of them."""

_DATA_METHODS: Final = frozenset({"keys", "values", "items", "get", "list", "all", "names"})


class ToolCheck:
    """The findings about tool calls, and what a script can reach.

    Attributes:
        diagnostics: `tool.not_found`, `tool.not_exposed`, `tool.invalid_arguments`, `tool.not_awaited`.
        plan: The reachable tools and the calls that stand in the script.
    """

    def __init__(self, text: Source, survey: Survey, tools: Sequence[ToolSignature]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._text = text
        self._survey = survey
        self._tools = {tool.name: tool for tool in tools}
        self._names = ToolNames(self._tools)
        self._exposed = frozenset(tool.name for tool in tools if tool.is_exposed)
        self._reachable: set[str] = set()
        self._calls: list[tuple[tuple[int, int], PlannedCall]] = []
        for node, scope in survey.loads.get(names.TOOLS, ()):
            self._follow(node, scope)
        ordered = sorted(self._calls, key=lambda each: each[0])
        # What escapes may name a tool that is not exposed. The host refuses that call, so it is nothing the run can do.
        self.plan = Plan(tuple(sorted(self._reachable & self._exposed)), tuple(call for _, call in ordered))

    def _follow(self, node: ast.Name, scope: Scope) -> None:
        """Look at one use of the name `tools`."""
        owner = self._survey.resolve(names.TOOLS, scope)
        if owner is None:
            self._follow_path(node, scope, certain=True)
        elif owner is self._survey.module:
            self._follow_path(node, scope, certain=False)

    def _follow_path(self, node: ast.expr, scope: Scope, *, certain: bool) -> None:
        """Walk out along `tools.a.b` until a tool is found, or the path ends.

        Args:
            node: The name `tools`.
            scope: Where it stands.
            certain: False if the script binds a global `tools` too: then nothing is reported.
        """
        path = ""
        while (outer := self._outer_attribute(node)) is not None:
            step = f"{path}.{outer.attr}" if path else outer.attr
            tool = self._names.tool(step)
            if tool is not None:
                self._found(tool, outer, scope, certain=certain)
                return
            namespace = self._names.namespace(step)
            if namespace is None:
                if certain:
                    self._unknown(step, path, outer)
                return
            node, path = outer, namespace
        if not self._is_only_looked_at(node, scope):
            self._reachable |= self._named_by_getattr(node, path, scope) or self._names.below(path)

    def _outer_attribute(self, node: ast.expr) -> ast.Attribute | None:
        parent = self._survey.parents[node]
        return parent if isinstance(parent, ast.Attribute) else None

    def _is_only_looked_at(self, node: ast.expr, scope: Scope) -> bool:
        function = self._called_with(node, scope)
        return function in _LOOKING

    def _called_with(self, node: ast.expr, scope: Scope) -> str | None:
        """The builtin whose first argument a node is."""
        call = self._survey.parents[node]
        if not isinstance(call, ast.Call) or not call.args or call.args[0] is not node:
            return None
        if not isinstance(call.func, ast.Name) or self._survey.resolve(call.func.id, scope) is not None:
            return None
        return call.func.id

    def _named_by_getattr(self, node: ast.expr, path: str, scope: Scope) -> frozenset[str] | None:
        """The tools that `getattr(tools, "name")` reaches, or None when another name may be meant."""
        if self._called_with(node, scope) != "getattr":
            return None
        call = self._survey.parents[node]
        name = call.args[1] if isinstance(call, ast.Call) and len(call.args) > 1 else None
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return None
        step = f"{path}.{name.value}" if path else name.value
        tool = self._names.tool(step)
        if tool is not None:
            return frozenset({tool})
        namespace = self._names.namespace(step)
        return self._names.below(namespace) if namespace is not None else None

    # Findings

    def _report(self, node: ast.AST, code: str, message: str, hint: str | None) -> None:
        self.diagnostics.append(self._text.diagnostic_at(node, code, message, hint))

    def _unknown(self, step: str, path: str, node: ast.Attribute) -> None:
        if node.attr.startswith("_"):
            return
        if not isinstance(node.ctx, ast.Load):
            message = f"{names.TOOLS}.{step} cannot be changed"
            self._report(node, "script.forbidden_attribute", message, "keep the value in a variable of your own")
            return
        found = self._text.diagnostic_at_attribute(node, "tool.not_found", f"there is no tool {step}")
        self.diagnostics.append(replace(found, hint=self._instead_of(step, path, node)))

    def _instead_of(self, step: str, path: str, node: ast.Attribute) -> str:
        if not self._exposed:
            return "no tools are available to this script"
        similar = nearest(step, self._exposed) or self._same_word(step)
        if similar is not None:
            return f"did you mean tools.{similar}?"
        if node.attr in _DATA_METHODS:
            return "tools is no dict; context.tools lists the names"
        return "the tools are " + ", ".join(sorted(self._names.below(path) & self._exposed or self._exposed)[:20])

    def _same_word(self, step: str) -> str | None:
        """A tool that has a word of the unknown name: `tools.read` -> `read_file`."""
        words = set(step.lower().replace(".", "_").split("_"))
        found = [tool for tool in sorted(self._exposed) if words & set(tool.replace(".", "_").split("_"))]
        return found[0] if found else None

    def _found(self, tool: str, node: ast.Attribute, scope: Scope, *, certain: bool) -> None:
        """A tool that stands in the script, called or not."""
        if tool not in self._exposed and certain:
            self._hidden(tool, node)
            return
        self._reachable.add(tool)
        if not isinstance(node.ctx, ast.Load):
            message = f"tools.{tool} cannot be changed"
            self._report(node, "script.forbidden_attribute", message, "keep the value in a variable of your own")
            return
        call = self._survey.parents[node]
        if not isinstance(call, ast.Call) or call.func is not node:
            return
        arguments = self._check_call(self._tools[tool], call, certain=certain)
        planned = PlannedCall(tool, call.lineno, arguments)
        self._calls.append(((call.lineno, call.col_offset), planned))
        if certain and is_lost(call, scope, self._survey):
            self._report(call, "tool.not_awaited", *_not_awaited(tool, scope))

    def _hidden(self, tool: str, node: ast.Attribute) -> None:
        found = self._text.diagnostic_at_attribute(node, "tool.not_exposed", f"tools.{tool} is switched off here")
        others = ", ".join(sorted(self._exposed)[:20])
        self.diagnostics.append(replace(found, hint=f"use another tool: {others}" if others else "do without tools"))

    # Arguments

    def _check_call(self, tool: ToolSignature, call: ast.Call, *, certain: bool) -> dict[str, object] | None:
        """Report what is wrong with the arguments.

        Returns:
            The arguments by parameter name, or None when not all of them are literal or one of them is wrong.
        """
        positional: list[ast.expr] = [arg for arg in call.args if not isinstance(arg, ast.Starred)]
        keywords = {word.arg: word.value for word in call.keywords if word.arg is not None}
        complete = len(positional) == len(call.args) and len(keywords) == len(call.keywords)
        if complete and len(positional) == 1 and not keywords:
            alone = read_literal(positional[0])
            if alone is Unknown.ANYTHING or alone is Unknown.OBJECT:
                return None
            if isinstance(alone, dict) and is_argument_object(tool.parameters, list(alone)):
                positional, keywords = [], _items_of(positional[0])
        if not complete and len(positional) < len(call.args):
            positional = []
        return self._check_arguments(tool, call, positional, keywords, complete=complete, certain=certain)

    def _check_arguments(
        self,
        tool: ToolSignature,
        call: ast.Call,
        positional: list[ast.expr],
        keywords: dict[str, ast.expr],
        *,
        complete: bool,
        certain: bool,
    ) -> dict[str, object] | None:
        bound = bind(tool.parameters, positional, keywords, complete=complete)
        values = {name: read_literal(node) for name, node in bound.arguments.items()}
        faults: list[tuple[ast.AST, Fault]] = [(keywords.get(fault.parameter, call), fault) for fault in bound.faults]
        properties = properties_of(tool.parameters)
        for name, value in values.items():
            fault = mismatch(value, properties.get(name), tool.parameters, name)
            if fault is not None:
                faults.append((bound.arguments[name], fault))
        if certain:
            for node, fault in _without_consequences(faults, tool):
                message, hint = _words_of(fault, tool)
                self._report(node, "tool.invalid_arguments", message, hint)
        literal = complete and not faults and all(is_complete(value) for value in values.values())
        return values if literal else None


def _items_of(node: ast.expr) -> dict[str, ast.expr]:
    """The values of a literal dict by key."""
    if not isinstance(node, ast.Dict):
        return {}
    keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    return {key: value for key, value in zip(keys, node.values, strict=True) if isinstance(key, str)}


def _without_consequences(faults: list[tuple[ast.AST, Fault]], tool: ToolSignature) -> list[tuple[ast.AST, Fault]]:
    """The faults, without the missing argument that an unknown one was meant to be."""
    unknown = [fault.parameter for _, fault in faults if fault.kind == "unknown"]
    meant = {nearest(name, properties_of(tool.parameters)) for name in unknown}
    return [(node, fault) for node, fault in faults if fault.kind != "missing" or fault.parameter not in meant]


def _words_of(fault: Fault, tool: ToolSignature) -> tuple[str, str]:
    if fault.kind == "wrong_value":
        return f"tools.{tool.name}: {fault.message}", f"call {usage(tool)}"
    properties = properties_of(tool.parameters)
    similar = nearest(fault.parameter, properties) if fault.kind == "unknown" else None
    hint = f"did you mean {similar}?" if similar else f"call {usage(tool)}"
    return f"tools.{tool.name} {fault.message}", hint


def usage(tool: ToolSignature) -> str:
    """How a tool is called: `await tools.exec(command=[...], cwd=...)`."""
    parameters = ", ".join(f"{name}={_blank(schema)}" for name, schema in properties_of(tool.parameters).items())
    return f"await tools.{tool.name}({parameters})"


def _blank(schema: object) -> str:
    """What stands for a value: lists and objects show that they are such."""
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    return {"array": "[...]", "object": "{...}"}.get(str(kind), "...")


def _not_awaited(tool: str, scope: Scope) -> tuple[str, str]:
    message = f"tools.{tool}(...) is never awaited, so it never runs"
    if scope.kind == "function" and isinstance(scope.node, (ast.FunctionDef, ast.Lambda)):
        return message, f"write `await tools.{tool}(...)` inside an `async def`"
    return message, f"write `await tools.{tool}(...)`, or gather several: await asyncio.gather(...)"
