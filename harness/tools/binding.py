"""Declaring tools: from a typed function, from a pydantic model and a handler, or from a JSON Schema."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, Literal, get_args, overload

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic_core import from_json, to_json

from harness.errors import CallError, ConfigError
from policy.approval import ApprovalNeed, Approve, Deny
from policy.effects import OWN, Effect, Executes, Origin, Reaches, Reads, Writes
from policy.grants import Grants
from policy.language.report import ToolSignature

Risk = Literal["read", "write", "execute", "network"]
Handler = Callable[..., Awaitable[object]]

UNCONFINED = Grants(is_confined=False)
_EFFECT_OF_RISK: Mapping[str, Effect] = {
    "read": Reads(),
    "write": Writes(),
    "execute": Executes(),
    "network": Reaches(),
}


async def _nobody(reason: str, form: Mapping[str, object] | None = None) -> Approve | Deny:
    return Deny("there is nobody to ask")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """What a handler may know and say about its own call. A parameter of this type is filled in by the host.

    Attributes:
        call_id: The call's id, unique in its run.
        script_id: The run, or "" for a structured call.
        line: Line of the script, 1-based, or None.
        deadline: Seconds that the run has left when the call starts, or None.
        idempotency_key: The same for every attempt of the same call.
        progress: Passes a message on as a progress event.
        emit_delta: Passes output on while the call runs: `emit_delta(stream, text)`.
        grants: What this attempt may write and reach, as settings stood when the call began.
        report_denied: Says what the operating system refused to the call: evidence for a question to retry without
            the sandbox. Each text names what was refused.
        ask: Puts a question of the tool's own while the call runs: `await ask(reason, form)`. `form` is None, or the
            JSON Schema of an object that is to be filled in: an `Approve` then carries valid `arguments`. The question
            goes the way of every other one; policy, a timeout and an answer that does not fit the form are a `Deny`.
            Raises DeniedError (`approval.aborted`) when the person ends the run.
        is_exposed: Tells whether the same run may call the tool of a name.
    """

    call_id: str
    script_id: str = ""
    line: int | None = None
    deadline: float | None = None
    idempotency_key: str = ""
    progress: Callable[[str], None] = lambda message: None
    emit_delta: Callable[[str, str], None] = lambda stream, text: None
    grants: Grants = UNCONFINED
    report_denied: Callable[[Sequence[str]], None] = lambda reasons: None
    ask: Callable[..., Awaitable[Approve | Deny]] = _nobody
    is_exposed: Callable[[str], bool] = lambda name: True


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a script can call as `tools.<name>(...)`.

    Attributes:
        name: A Python identifier, or several joined by dots.
        description: What the model is told.
        parameters: A pydantic model, or the JSON Schema of an object.
        handler: `async (arguments) -> value`. `arguments` is an instance of the model, or a dict for a JSON Schema.
            With `takes_context`, a `ToolContext` is passed second.
        parallel: False if calls of this tool must not overlap with calls of other such tools.
        risk: What the tool does to the world: "read", "write", "execute" or "network".
        approval: "policy" asks where the policy says so, "always" and "never" decide for themselves.
        approval_key: Makes the key of a remembered decision, a text, from the arguments.
        effect: States what a call would do, from what the handler would get and the grants in force; without one,
            `risk` alone says so, and the place is unknown. May look at files; must not change anything. An async
            function where that takes its time.
        origin: Where the tool comes from.
        takes_context: The handler wants a `ToolContext`.
        returns: JSON Schema of the result, or None when it is not known.
    """

    name: str
    description: str
    parameters: type[BaseModel] | Mapping[str, object]
    handler: Handler
    parallel: bool = True
    risk: Risk = "read"
    approval: ApprovalNeed = "policy"
    approval_key: Callable[[Mapping[str, object]], str] | None = None
    effect: Callable[[Any, Grants], Effect | Awaitable[Effect]] | None = None
    origin: Origin = OWN
    takes_context: bool = False
    returns: Mapping[str, object] | None = None
    _schema: dict[str, Any] = field(init=False, repr=False, compare=False)
    _validator: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not all(part.isidentifier() and part[0] != "_" and not iskeyword(part) for part in self.name.split(".")):
            raise _wrong(
                f"{self.name!r} cannot be a tool's name",
                hint="use identifiers that do not begin with an underscore, joined by dots",
            )
        # A misspelled "always" would never ask.
        _require_one_of(self.name, "risk", self.risk, get_args(Risk))
        _require_one_of(self.name, "approval", self.approval, get_args(ApprovalNeed))
        _require_function(self.name, "approval_key", self.approval_key)
        schema, validator = _schema_and_validator(self.name, self.parameters)
        object.__setattr__(self, "_schema", schema)
        object.__setattr__(self, "_validator", validator)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        return self._schema

    def signature(self) -> ToolSignature:
        """What the check of a script needs to know."""
        return ToolSignature(self.name, self._schema)

    def validated(self, arguments: Mapping[str, object]) -> object:
        """Check arguments and return what the handler takes: a private copy, as a model or a dict.

        Raises:
            CallError: `tool.invalid_arguments`, with every problem in the message and in `details["problems"]`.
        """
        try:
            text = to_json(arguments)
        except (ValueError, RecursionError) as error:  # lone surrogates, objects, cycles: of an embedder's own call
            raise self._invalid([f"the arguments are no JSON data: {error}"]) from None
        if not isinstance(self.parameters, type):
            return _checked_by_schema(self, text)
        try:
            return self.parameters.model_validate_json(text, strict=True)
        except ValidationError as error:
            problems = [_problem(item["loc"], item["msg"]) for item in error.errors(include_url=False)]
            raise self._invalid(problems) from None

    def plain(self, arguments: object) -> dict[str, object]:
        """Return validated arguments as plain data, with the defaults filled in: a copy of its own."""
        encoded = arguments.model_dump_json(by_alias=True) if isinstance(arguments, BaseModel) else to_json(arguments)
        copied: dict[str, object] = from_json(encoded)
        return copied

    def effect_of(self, arguments: object, grants: Grants) -> Effect | Awaitable[Effect]:
        """State what a call with validated arguments would do.

        Raises:
            CallError, DeniedError: what the tool itself says of arguments that it would refuse anyway.
        """
        if self.effect is not None:
            return self.effect(arguments, grants)
        return _EFFECT_OF_RISK[self.risk]

    async def invoke(self, arguments: object, make_context: Callable[[], ToolContext]) -> object:
        """Run the handler on validated arguments. The context is made only for a handler that takes it."""
        if self.takes_context:
            return await self.handler(arguments, make_context())
        return await self.handler(arguments)

    def _invalid(self, problems: list[str]) -> CallError:
        known = ", ".join(self._schema.get("properties", {}))
        return CallError(
            "tool.invalid_arguments",
            f"tools.{self.name}: " + "; ".join(problems),
            hint=f"its parameters are: {known}" if known else "it takes no arguments",
            details={"problems": problems},
        )


def _wrong(message: str, *, hint: str | None = None) -> ConfigError:
    return ConfigError("config.invalid", message, hint=hint, phase="checking")


def _require_one_of(tool_name: str, what: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        hint = "it is one of " + ", ".join(allowed)
        raise _wrong(f"tool {tool_name!r}: {what} cannot be {value!r}", hint=hint)


def _require_function(tool_name: str, what: str, value: object) -> None:
    if not (value is None or callable(value)):
        hint = f"write a function of the arguments: {what}=lambda arguments: arguments[...]"
        raise _wrong(f"tool {tool_name!r}: {what} cannot be {value!r:.80}", hint=hint)


def _schema_and_validator(name: str, parameters: type[BaseModel] | Mapping[str, object]) -> tuple[Any, Any]:
    if isinstance(parameters, type):
        try:
            return parameters.model_json_schema(), None
        except PydanticUserError as error:
            raise _without_form(name, parameters, error) from None
    from harness.tools.json_schema import SchemaFault, validator_of

    schema = json.loads(json.dumps(parameters))
    try:
        return schema, validator_of(schema)
    except SchemaFault as fault:
        raise _wrong(f"the parameters of tool {name!r} are no JSON Schema: {fault}") from None


def _checked_by_schema(tool: Tool, text: bytes) -> object:
    arguments = json.loads(text)
    problems = [_problem(tuple(e.instance_path), e.message) for e in tool._validator.iter_errors(arguments)]
    if problems:
        raise tool._invalid(problems)
    return arguments


def _problem(path: tuple[object, ...], message: str) -> str:
    where = ".".join(str(part) for part in path)
    return f"{where}: {message}" if where else message


@overload
def tool(fn: Callable[..., object], /) -> Tool: ...


@overload
def tool(
    fn: None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    parallel: bool = True,
    risk: Risk = "read",
    approval: ApprovalNeed = "policy",
    approval_key: Callable[[Mapping[str, object]], str] | None = None,
) -> Callable[[Callable[..., object]], Tool]: ...


def tool(
    fn: Callable[..., object] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    parallel: bool = True,
    risk: Risk = "read",
    approval: ApprovalNeed = "policy",
    approval_key: Callable[[Mapping[str, object]], str] | None = None,
) -> Tool | Callable[[Callable[..., object]], Tool]:
    """Make a tool of a typed function. A plain function runs in a thread, an async one on the loop.

    Every parameter needs an annotation that pydantic understands; one of type `ToolContext` is filled in by the
    host. The docstring is what the model is told.

    Raises:
        ConfigError: `config.invalid`, a parameter has no annotation or no JSON form.
    """

    def make(function: Callable[..., object]) -> Tool:
        parameters, context_name = _parameters_of(function, name or function.__name__)
        return Tool(
            name=name or function.__name__,
            description=description or inspect.getdoc(function) or "",
            parameters=parameters,
            handler=_handler_of(function, parameters, context_name),
            parallel=parallel,
            risk=risk,
            approval=approval,
            approval_key=approval_key,
            takes_context=context_name is not None,
            returns=_returns_of(function),
        )

    return make if fn is None else make(fn)


def _parameters_of(function: Callable[..., object], name: str) -> tuple[type[BaseModel], str | None]:
    context_name: str | None = None
    fields: dict[str, Any] = {}
    for parameter in _signature_of(function, name).parameters.values():
        if parameter.annotation is ToolContext:
            context_name = parameter.name
        else:
            # Behind an alias, so that parameters called `schema` or `copy` do not shadow the model's own names.
            fields[f"parameter_{len(fields)}"] = _field_of(parameter, name)
    try:
        return create_model(name, __config__=ConfigDict(extra="forbid"), **fields), context_name
    except (PydanticUserError, NameError, TypeError) as error:
        raise _without_form(name, fields, error) from None


def _signature_of(function: Callable[..., object], name: str) -> inspect.Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except Exception as error:  # noqa: BLE001  # an annotation in quotes is code, and may raise anything
        hint = "annotate with types that the function's module knows by name"
        raise _wrong(f"tool {name!r}: its annotations cannot be read: {error}", hint=hint) from None


def _without_form(
    tool_name: str, parameters: type[BaseModel] | Mapping[str, tuple[Any, Any]], error: Exception
) -> ConfigError:
    """Name the parameter that pydantic cannot describe in JSON; what it says itself is for users of pydantic."""
    from pydantic import TypeAdapter

    typed: list[tuple[str | None, Any]]
    if isinstance(parameters, type):
        typed = [(info.alias or name, info.annotation) for name, info in parameters.model_fields.items()]
    else:
        typed = [(info.alias, annotation) for annotation, info in parameters.values()]
    for name, annotation in typed:
        try:
            TypeAdapter(annotation).json_schema()
        except (PydanticUserError, NameError, TypeError):
            hint = "use str, int, float, bool, list, dict, Literal, a dataclass or a pydantic model"
            return _wrong(f"tool {tool_name!r}: the type of parameter {name!r} has no JSON form", hint=hint)
    return _wrong(f"tool {tool_name!r}: {error}")


def _field_of(parameter: inspect.Parameter, tool_name: str) -> tuple[Any, Any]:
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        raise _wrong(f"tool {tool_name!r}: *{parameter.name} has no JSON form", hint="name the parameters")
    if parameter.annotation is inspect.Parameter.empty:
        raise _wrong(
            f"tool {tool_name!r}: parameter {parameter.name!r} has no annotation",
            hint=f"write {parameter.name}: str, or whatever type it has",
        )
    required = parameter.default is inspect.Parameter.empty
    default = ... if required else parameter.default
    return parameter.annotation, Field(default, alias=parameter.name)


def _handler_of(function: Callable[..., object], model: type[BaseModel], context_name: str | None) -> Handler:
    names = [(field, str(info.alias)) for field, info in model.model_fields.items()]

    def keywords(arguments: BaseModel, context: ToolContext | None) -> dict[str, object]:
        chosen: dict[str, object] = {name: getattr(arguments, field) for field, name in names}
        if context_name is not None:
            chosen[context_name] = context
        return chosen

    async def call_async(arguments: BaseModel, context: ToolContext | None = None) -> object:
        return await function(**keywords(arguments, context))  # type: ignore[misc]  # a coroutine function

    async def call_in_thread(arguments: BaseModel, context: ToolContext | None = None) -> object:
        # Abandoned on cancel: a run must end at its limit even while a plain function blocks.
        chosen = keywords(arguments, context)
        return await to_thread.run_sync(lambda: function(**chosen), abandon_on_cancel=True)

    return call_async if inspect.iscoroutinefunction(function) else call_in_thread


def _returns_of(function: Callable[..., object]) -> Mapping[str, object] | None:
    from pydantic import TypeAdapter

    annotation = inspect.signature(function, eval_str=True).return_annotation
    if annotation in (inspect.Signature.empty, object, Any):
        return None
    try:
        return TypeAdapter(annotation).json_schema(mode="serialization")
    except (PydanticUserError, NameError, TypeError):
        return None
