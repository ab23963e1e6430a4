"""The rules and guards of the language, each taken out, and an escape that gets through then.

python -m tests.mutations.language            prints a line for each guard
python -m tests.mutations.language WORD...    for guards whose name has one of the words: every escape that notices

A process is forked for each guard and each escape. No operating-system barrier is up: the language stands alone.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.forks import in_a_fork
from tests.mutations.edit import Edit

_CPU_S = 5


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule or a guard.

    Attributes:
        edits: How it is taken out.
        escape: An escape that it stops: `technique/slug` of the corpus, or one of `ESCAPES`.
        behind: Other guards that stop this escape too, and are taken out in both cases.
    """

    edits: tuple[Edit, ...]
    escape: str
    behind: tuple[str, ...] = ()


_POLICY = ["attribute_rules", "definition_rules", "import_rules", "name_rules", "pattern_rules", "policy_frame"]


def _g(escape: str, *edits: tuple[str, str, str], behind: Sequence[str] = ()) -> Guard:
    return Guard(tuple(Edit(_place(function), old, new) for function, old, new in edits), escape, tuple(behind))


def _place(function: str) -> str:
    package = "policy.language" if function.partition(":")[0] in _POLICY else "harness.runtimes.cpython"
    return f"{package}.{function}"


# Escapes that are of use here alone: something else stops them, too, as long as all guards stand.
ESCAPES = {
    "an update of format": """
class Text(str):
    pass
class Taker:
    def __radd__(self, other):
        global found
        found = other(len)
        return 1
text = Text("{0.__self__}")
text.format += Taker()
""",
    "a deletion in a module": "import json\nobject.__delattr__(json, 'dumps')\nfound = not hasattr(json, 'dumps')",
    "a deletion by name": "import json\ndelattr(json, 'dumps')\nfound = not hasattr(json, 'dumps')",
    "annotations of a library's function": "import statistics\nfound = [statistics.mean.__annotations__]",
    "a class of groups": "class G(ExceptionGroup):\n    pass\nfound = G",
    "a class made by type": "found = type('A', (), {})",
    "a metaclass that is a function": "class A(metaclass=lambda *a, **k: [1]):\n    pass\nfound = A",
    "a value pattern that is compared": """
import json
class Subject:
    def __eq__(self, other):
        global found
        found = other
        return True
match Subject():
    case json.dumps.__globals__:
        pass
""",
}

GUARDS: dict[str, Guard] = {
    "names of builtins": _g(
        "builtins/builtin_eval",
        ("name_rules:NameRules.visit_Name", "elif name in names.REFUSED_BUILTINS:", "elif False:"),
        behind=["builtins of a script"],
    ),
    "dunder names that are read": _g(
        "builtins/builtin_builtins",
        (
            "name_rules:NameRules.visit_Name",
            'elif name[:2] == "__" and names.is_dunder(name)',
            "elif False and names.is_dunder(name)",
        ),
    ),
    "names that are bound": _g(
        "class_hooks/method_del",
        ("policy_frame:PolicyFrame._check_bound", "if names.is_dunder(name):", "if False:"),
    ),
    "names that keep their meaning": _g(
        "name_fields/super_bound_anew",
        ("policy_frame:PolicyFrame._check_bound", "elif name in names.STRUCTURAL:", "elif False:"),
    ),
    "names of keywords": _g(
        "name_fields/dunder_keyword",
        ("name_rules:NameRules.visit_keyword", "if node.arg is not None and names.is_dunder(node.arg):", "if False:"),
    ),
    "attributes that are refused": _g(
        "frames/generator_frame",
        ("attribute_rules:AttributeRules.visit_Attribute", 'if verdict == "refused":', "if False:"),
    ),
    "dunder attributes that are set": _g(
        "class_changes/another_class_for_an_object",
        (
            "attribute_rules:AttributeRules.visit_Attribute",
            'if verdict == "guarded" and attr[0] == "_"',
            'if False and attr[0] == "_"',
        ),
    ),
    "attributes that are set": _g(
        "exceptions/group_that_lies_about_its_parts",
        ("attribute_rules:AttributeRules.visit_Attribute", "node.value = self._own(base, tested)", "node.value = base"),
    ),
    "private attributes that are read": _g(
        "enums/members_from_a_module_globals",
        (
            "attribute_rules:AttributeRules._read_attribute",
            "return self._own(base, build.private_read(base, attr, mangled, node, self._holder(base)))",
            "return node",
        ),
    ),
    "guarded attributes that are read": _g(
        "aliases/format_under_another_name",
        (
            "attribute_rules:AttributeRules._read_attribute",
            "return build.guarded_read(base, attr, node)",
            "return node",
        ),
    ),
    "attributes that are updated": _g(
        "an update of format",
        (
            "attribute_rules:AttributeRules.visit_AugAssign",
            "if isinstance(target, ast.Attribute) and target.attr in _NEVER_UPDATED:",
            "if False:",
        ),
    ),
    "type with three arguments": _g(
        "a class made by type",
        (
            "attribute_rules:AttributeRules._check_type_call",
            'if self._survey.resolve("type", self._scope) is None:',
            "if False:",
        ),
        behind=["the script's type"],
    ),
    "metaclasses": _g(
        "a metaclass that is a function",
        (
            "definition_rules:DefinitionRules._check_class_header",
            'if keyword.arg == "metaclass" or keyword.arg is None:',
            "if False:",
        ),
        behind=["metaclass among the keywords"],
    ),
    "bases that are groups": _g(
        "a class of groups",
        (
            "definition_rules:DefinitionRules._check_class_header",
            "if isinstance(base, ast.Name) and base.id in _GROUPS:",
            "if False:",
        ),
        behind=["bases of classes"],
    ),
    "names of parameters": _g(
        "name_fields/dunder_parameter",
        ("definition_rules:DefinitionRules._parameters", "self._check_bound(parameter.arg, parameter)", "pass"),
        behind=["dunder names that are read"],
    ),
    "modules": _g(
        "imports/import_os",
        ("import_rules:ImportRules._check_module", "if module in FACADES:", "if True:"),
        behind=["imports of a script"],
    ),
    "names of modules": _g(
        "imports/from_io_import_open",
        ("import_rules:ImportRules._check_imported", "if alias.name in FACADES[module]:", "if True:"),
        behind=["names that facades show"],
    ),
    "attributes of class patterns": _g(
        "class_patterns/alternatives",
        ("pattern_rules:PatternRules.visit_MatchClass", 'if names.is_safe_attribute(attr) != "free":', "if False:"),
    ),
    "attributes of value patterns": _g(
        "a value pattern that is compared",
        (
            "pattern_rules:PatternRules._check_pattern_value",
            'if names.is_safe_attribute(value.attr) != "free":',
            "if False:",
        ),
    ),
    "builtins of a script": _g(
        "builtins/builtin_eval",
        (
            "script_builtins:make_builtins",
            "for name in BUILTINS if hasattr(builtins, name)",
            "for name in dir(builtins)",
        ),
        behind=["names of builtins"],
    ),
    "imports of a script": _g(
        "imports/import_os",
        (
            "script_builtins:make_import",
            "if name not in facades or wanted not in facades:",
            "if name not in facades:\n            return __import__(name)\n        if False:",
        ),
        behind=["modules"],
    ),
    "writes": _g(
        "aliases/setattr_under_another_name", ("guards:Guards.check_write", "if self._is_own(obj):", "if True:")
    ),
    "private names": _g(
        "enums/members_from_a_module_globals",
        (
            "guards:Guards.check_private",
            "if self._is_own(obj):",
            "if True:\n            return True\n        if self._is_own(obj):",
        ),
    ),
    "private names of metaclasses": _g(
        "enums/members_from_a_module_globals",
        ("guards:Guards.check_private", "if not (isinstance(obj, type) and _is_of_metaclass(obj, name)):", "if True:"),
    ),
    "attributes by a name known later": _g(
        "aliases/getattr_in_a_dict",
        (
            "guards:Guards.get_any",
            'raise AttributeError(f"{name} is not an attribute that scripts may use")',
            "return getattr(obj, name)",
        ),
    ),
    "exact names": _g(
        "string_subclasses/name_that_is_no_exact_string",
        ("guards:Guards.get_any", "if type(name) is not str:", "if False:"),
    ),
    "attributes that are set by name": _g(
        "class_changes/another_class_for_an_object_by_object_setattr",
        ("guards:Guards._check_set", 'if verdict == "refused" or is_dunder(name):', "if False:"),
    ),
    "the reader of format": _g(
        "aliases/format_under_another_name",
        ("guards:Guards.__init__", '"format": self._read_format,', '"format": _read_plain,'),
    ),
    "the reader of format_map": _g(
        "format_strings/userstring_format_map",
        ("guards:Guards.__init__", '"format_map": self._read_format,', '"format_map": _read_plain,'),
    ),
    "the reader of obj": _g(
        "exceptions/obj_by_attrgetter", ("guards:Guards.__init__", '"obj": _read_obj,', '"obj": _read_plain,')
    ),
    "the reader of register": _g(
        "class_changes/registry_of_an_abstract_class",
        ("guards:Guards.__init__", '"register": _read_register,', '"register": _read_plain,'),
    ),
    "the reader of __class__": _g(
        "exceptions/context_manager_of_something_else_by_class",
        ("guards:Guards.__init__", '"__class__": lambda obj, name: class_of(obj),', '"__class__": _read_plain,'),
    ),
    "the reader of __setattr__": _g(
        "class_changes/another_class_for_an_object_by_object_setattr",
        ("guards:Guards.__init__", '"__setattr__": self._read_setattr,', '"__setattr__": _read_plain,'),
    ),
    "the reader of __delattr__": _g(
        "a deletion in a module",
        ("guards:Guards.__init__", '"__delattr__": self._read_delattr,', '"__delattr__": _read_plain,'),
    ),
    "the reader of __new__": _g(
        "class_changes/new_of_what_the_script_does_not_make",
        ("guards:Guards.__init__", '"__new__": self._read_new,', '"__new__": _read_plain,'),
    ),
    "the reader of __dict__": _g(
        "descriptors/dict_of_a_class",
        ("guards:Guards.__init__", '"__dict__": self._read_dict,', '"__dict__": _read_plain,'),
    ),
    "the reader of __annotations__": _g(
        "annotations of a library's function",
        ("guards:Guards.__init__", '"__annotations__": self._read_own,', '"__annotations__": _read_plain,'),
    ),
    "the reader of __members__": _g(
        "enums/dict_behind_the_members",
        ("guards:Guards.__init__", '"__members__": _read_members,', '"__members__": _read_plain,'),
    ),
    "the reader of send, throw and close": _g(
        "coroutines/coroutine_driven_by_hand",
        (
            "guards:Guards.__init__",
            '("send", "throw", "close", "asend", "athrow", "aclose"), _read_driver',
            '("send", "throw", "close", "asend", "athrow", "aclose"), _read_plain',
        ),
    ),
    "the reader of methods": _g(
        "coroutines/coroutine_iterator",
        (
            "guards:Guards._read_method",
            'raise AttributeError(f"{name} of {_described(obj)} is not for scripts")',
            "pass",
        ),
    ),
    "__init__ of shared objects": _g(
        "class_changes/static_descriptor_of_a_shared_class_bound",
        ("guards:Guards._read_method", 'if name == "__init__" and not', "if False and not"),
    ),
    "methods that are no code of the script": _g(
        "coroutines/coroutine_driven_by_hand_by_an_abstract_class",
        ("guards:Guards._read_method", "return _for_instances_of(obj, value)", "return value"),
    ),
    "attributes in format strings": _g(
        "aliases/format_under_another_name", ("guards:Guards._get_formatted", "if is_dunder(name):", "if False:")
    ),
    "walks in format strings": _g(
        "aliases/format_under_another_name",
        ("formatting:Formatting._format", "if _WALK.search(template) is None:", "if True:"),
    ),
    "walks in format_map": _g(
        "format_strings/userstring_format_map",
        ("formatting:Formatting._format_map", "if _WALK.search(template) is None:", "if True:"),
    ),
    "bases of classes": _g(
        "aliases/subclass_of_a_lock_through_an_alias",
        (
            "class_guard:ClassGuard.check_base",
            'raise TypeError(f"a script\'s class cannot inherit from {described}")',
            "return",
        ),
    ),
    "metaclass among the keywords": _g(
        "a metaclass that is a function",
        ("class_guard:ClassGuard.build_class", 'if "metaclass" in keywords:', "if False:"),
        behind=["metaclasses"],
    ),
    "__match_args__": _g(
        "class_patterns/match_arguments",
        (
            "class_guard:_check_match_args",
            'if type(name) is not str or is_safe_attribute(name) != "free":',
            "if False:",
        ),
    ),
    "__slots__": _g(
        "descriptors/slot_that_hides_the_class",
        (
            "class_guard:_checked_slots",
            "if type(name) is not str or",
            "if False and type(name) is not str or False and",
        ),
    ),
    "methods of exceptions": _g(
        "exceptions/exception_that_is_told_of_its_traceback_from_a_mixin",
        ("class_guard:_check_exception", "if name in body:", "if False:"),
    ),
    "tracebacks in __exit__": _g(
        "tracebacks/traceback_before_the_class_is_guarded",
        (
            "class_guard:_guard_body",
            "dict.__setitem__(namespace, method, _without_traceback(namespace[method]))",
            "pass",
        ),
    ),
    "the class of a value": _g(
        "exceptions/context_manager_of_something_else",
        ("script_types:class_of", "if known is not None:", "return kind\n    if False:"),
    ),
    "the script's type": _g(
        "metaclasses/call_of_type",
        ("script_builtins:make_builtins", 'names["type"] = ScriptType', 'names["type"] = type'),
    ),
    "copies": _g(
        "copies/class_that_makes_something_else", ("facades:make_facades", "replacements.guard_copies(guards)", "pass")
    ),
    "copies of what holds the loop": _g(
        "copies/lock",
        ("replacements:refuse_copies", "for cls in classes:", "for cls in ():"),
    ),
    "paths in messages": _g(
        "futures/paths_of_the_host_in_a_message", ("facades:make_facades", "replacements.hide_sources()", "pass")
    ),
    "UserString": _g(
        "format_strings/userstring_format", ("facades:make_facades", "replacements.guard_user_strings(guards)", "pass")
    ),
    "asyncio": _g(
        "futures/callback_in_a_context",
        ("facades:make_facades", '"asyncio": script_asyncio.exposed(exchange),', '"asyncio": {},'),
    ),
    "contextlib": _g(
        "throw/decorated_function_that_returns_something_else",
        ("facades:make_facades", '"contextlib": replacements.contextlib_names(),', '"contextlib": {},'),
    ),
    "dataclass": _g(
        "dataclasses/dataclass_of_a_shared_class",
        ("facades:make_facades", '"dataclasses": {"dataclass": replacements.dataclass},', '"dataclasses": {},'),
    ),
    "operator": _g(
        "coroutines/coroutine_driven_by_hand_by_methodcaller",
        ("facades:make_facades", '"operator": replacements.operator_names(guards),', '"operator": {},'),
    ),
    "enums made by a call": _g(
        "enums/base_that_is_a_group", ("script_builtins:make_builtins", "guard_enums(class_guard.check_base)", "pass")
    ),
    "names of enum members": _g(
        "enums/dunder_among_the_members", ("replacements:_checked_members", "if is_dunder(name):", "if False:")
    ),
    "getattr": _g(
        "aliases/getattr_in_a_dict",
        ("script_builtins:_guarded_builtins", '"getattr": guarded_getattr,', '"getattr": getattr,'),
    ),
    "setattr": _g(
        "aliases/setattr_under_another_name",
        ("script_builtins:_guarded_builtins", '"setattr": guarded_setattr,', '"setattr": setattr,'),
    ),
    "anext": _g(
        "coroutines/async_generator_step_by_anext",
        ("script_builtins:_guarded_builtins", '"anext": guarded_anext,', '"anext": anext,'),
    ),
    "aliases around an error": _g(
        "aliases/object_of_an_error", ("guards:_asked_in_the_end", "elif isinstance(obj, _ALIASES):", "elif False:")
    ),
    "names of fields": _g(
        "dataclasses/name_that_is_read_as_another",
        ("replacements:_is_plain_identifier", 'return unicodedata.normalize("NFKC", name) == name', "return True"),
    ),
    "states that are copied": _g(
        "copies/memo_of_an_encoder", ("replacements:_detached", "if parts and type(parts[0]) is dict:", "if False:")
    ),
    "names that facades show": _g(
        "imports/from_io_import_open",
        (
            "facades:_members",
            "for name in FACADES[module]:",
            'for name in (*FACADES[module], *(["open"] if module == "io" else [])):',
        ),
        behind=["names of modules"],
    ),
    "the whole of __match_args__": _g(
        "class_patterns/match_arguments_from_a_descriptor",
        ("class_guard:_guard_body", '_check_match_args(namespace.get("__match_args__", ()))', "pass"),
    ),
    "delattr": _g(
        "a deletion by name",
        ("script_builtins:_guarded_builtins", '"delattr": guarded_delattr,', '"delattr": delattr,'),
    ),
}

# What no escape misses, and why it is there.
NOT_MISSED = {
    "visit_Global": "a declared name is nothing until it is bound, and that is looked at",
    "__notes__": "only exceptions have notes; their list is theirs, and no code",
    "__name__, __qualname__, __doc__": "no object of a script is known to have anything but text there",
    "now, utcnow, today, strptime": "they give the host's clock, which is no way out",
    "functools.wraps": "what the real one leaves in a function, __wrapped__ and __module__, is refused by its name",
    "collections.namedtuple": "the real one finds its module by the caller's frame; its class would only not be the script's own",
    "hasattr, dir": "they tell names, and give nothing",
}


class Runner:
    """Runs scripts in forks of this process, which must have one thread and have made no worker yet."""

    def __init__(self) -> None:
        from harness.runtimes.cpython import warmup

        warmup.load_lazy_modules()
        warmup.silence_warnings()

    def escaping(self, edits: Iterable[Edit], sources: Mapping[str, str]) -> list[str]:
        """Return the names of the scripts that find something, with these changes.

        Raises:
            LookupError: a change is stale.
        """
        changes = [edit.prepared() for edit in edits]
        names: list[str] = json.loads(in_a_fork(lambda: json.dumps(self._escaping(changes, sources)).encode()))
        return names

    def _escaping(self, changes: Iterable[Callable[[], None]], sources: Mapping[str, str]) -> list[str]:
        from harness.runtimes.cpython.worker import Worker

        for change in changes:
            change()
        worker = Worker()
        return [name for name, source in sources.items() if in_a_fork(lambda: _finds(worker, source)) == b"yes"]  # noqa: B023


def _finds(worker: Any, source: str) -> bytes:
    """Run a script to its end in this process, as a worker does."""
    from harness.runtimes.cpython import warmup
    from harness.runtimes.cpython.script_tools import make_tools
    from harness.runtimes.cpython.worker import ScriptRun

    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    parameters = {"type": "object", "properties": {"a": {}, "b": {}, "value": {}}}
    signatures = [{"name": name, "parameters": parameters} for name in ("add", "echo", "slow", "spawn.exec")]
    worker.builtins["tools"] = make_tools(worker.book, signatures)
    channel = warmup._Rehearsal()
    source += "\nassert found\nreturn type(found).__name__"
    run = warmup._run_frame(source)
    ScriptRun(worker, channel, {"tools": signatures, "mode": "standard"}, run, 0).execute()
    last = json.loads(channel.frames[-1])
    return b"yes" if last["t"] == "finished" and last["ok"] and last["value"] else b"no"


def edits_of(names: Iterable[str]) -> list[Edit]:
    """Return how these guards are taken out."""
    return [edit for name in names for edit in GUARDS[name].edits]


def verdicts() -> dict[str, str]:
    """Return for each guard "noticed", or what is wrong."""
    from tests.security.attacks.corpus import escapes

    sources = {escape.name: escape.source for escape in escapes()} | ESCAPES
    runner = Runner()
    return {name: _verdict(runner, name, sources) for name in GUARDS}


def _verdict(runner: Runner, name: str, sources: Mapping[str, str]) -> str:
    try:
        return _verdict_of(runner, name, sources)
    except LookupError as error:  # code or escape is no longer there
        return f"the table is stale: {error}"


def _verdict_of(runner: Runner, name: str, sources: Mapping[str, str]) -> str:
    guard = GUARDS[name]
    script = {guard.escape: sources[guard.escape]}
    if runner.escaping(edits_of(guard.behind), script):
        return f"{guard.escape} gets through with it"
    return (
        "noticed"
        if runner.escaping(edits_of([name, *guard.behind]), script)
        else f"{guard.escape} is stopped all the same"
    )


def main(words: Sequence[str]) -> int:
    if words:
        from tests.security.attacks.corpus import escapes

        sources = {escape.name: escape.source for escape in escapes()} | ESCAPES
        runner = Runner()
        for name in GUARDS:
            if any(word in name for word in words):
                found = runner.escaping(edits_of([name, *GUARDS[name].behind]), sources)
                sys.stdout.write(f"{name}: {' '.join(found)}\n")
        return 0
    found_out = verdicts()
    for name, verdict in found_out.items():
        sys.stdout.write(f"{'ok      ' if verdict == 'noticed' else 'SURVIVED'}  without {name}: {verdict}\n")
    return 0 if set(found_out.values()) == {"noticed"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
