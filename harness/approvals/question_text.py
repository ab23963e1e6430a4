"""Questions as rows of text, laid out so that nothing a call brings can pass for something else.

What a call brings with it (arguments, paths, reasons, the script's line) always stands behind a sign on the same line,
however long it is and however narrow the screen; no line that holds it begins at the edge. The signs:

`|` a fact, or the beginning of one · `:` it goes on · `>` a line of a text · `~` not the call's: something was left out
"""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import get_character_cell_size

from harness.types import ApprovalRequest
from harness.visible_text import unmistakable
from policy.commands.verdict import Amendment
from policy.effects import Command, Effect, Executes, Reaches, Writes
from policy.language.report import Plan, PlannedCall

Sign = Literal["|", ":", ">", "~"]
LABEL_CELLS = 9
NARROW_CELLS = 50
"""Below that many columns, labels stand on a line of their own."""

CUT_TEXT = 40, 25, 10
"""Lines of a text: the most that are shown, and those of head and tail if there are more."""

CUT_VALUE = 1500, 1000, 300
CUT_LINE = 400, 250, 100
"""Characters of a value, and of a line of a text."""

MOST_ITEMS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of a question, or a part of one.

    Attributes:
        text: On one line, of characters that can be seen.
        label: What it is, "" when it belongs to the row before.
        sign: Stands before every line of it.
        style: For a terminal: a rich style, "" for none.
    """

    text: str
    label: str = ""
    sign: Sign = "|"
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the screen: `edge` is ours, `text` may be the call's."""

    edge: str
    text: str = ""
    style: str = ""


def title(request: ApprovalRequest) -> str:
    """Return the question's first line."""
    if request.plan is not None:
        return "the whole script asks for approval"
    asks = "asks for approval"
    if request.form is not None:
        asks = "runs, and asks something"
    elif request.is_retry:
        asks = "was stopped by its sandbox, and asks to run again WITHOUT it"
    elif request.leaves_sandbox:
        asks = "asks to run WITHOUT the sandbox"
    return f"tools.{unmistakable(request.tool)} {asks}"


def question_rows(request: ApprovalRequest, *, is_whole: bool = False) -> list[Row]:
    """Return everything about a question.

    Args:
        request: The question.
        is_whole: Leave nothing out, however long it is.
    """
    rows = [
        *_fact("why", request.reason, is_whole),
        *_fact("line" if request.line is None else f"line {request.line}", request.excerpt, is_whole),
    ]
    if request.plan is not None:
        rows += _plan_rows(request.plan, is_whole)
    else:
        rows += _effect_rows(request.effect, is_whole)
        rows += _labelled("arguments", _argument_rows(request.arguments, is_whole))
        rows += _labelled("wants", _form_rows(request.form or {}, is_whole))
        if request.calls > 1:
            rows.append(Row(f"{request.calls} equal calls wait for this answer", "calls"))
    return rows + _grant_rows(request, is_whole)


def rule_text(amendment: Amendment) -> str:
    """Return the rule that an amendment adds."""
    return f"allow commands that begin with: {unmistakable(shlex.join(amendment.prefix))}"


def laid_out(rows: Iterable[Row], *, width: int | None) -> Iterator[Line]:
    """Break rows into lines.

    Args:
        rows: Of a question.
        width: Columns of the screen, None for a file or a pipe, where lines are as long as they are.
    """
    is_narrow = width is not None and width < NARROW_CELLS
    for row in rows:
        if is_narrow and row.label:
            yield Line(f"{row.label}:")
        indent = "" if is_narrow else " " * (LABEL_CELLS + 3)
        first = indent if is_narrow or not row.label else f"  {row.label:<{LABEL_CELLS}} "
        sign: str = row.sign
        for piece in _pieces(row.text, None if width is None else width - len(indent) - 2):
            yield Line(f"{first}{sign} ", piece, row.style)
            first, sign = indent, row.sign if row.sign in ">~" else ":"


def wrapped(text: str, *, width: int | None) -> list[str]:
    """Break a line of our own words; what does not fit is indented below."""
    return [text] if width is None else textwrap.wrap(text, width - 1, subsequent_indent="  ", break_on_hyphens=False)


def _pieces(text: str, cells: int | None) -> Iterator[str]:
    """Cut text so that no piece takes more cells. Words are not kept whole: a cut shows what is there."""
    if cells is None or (text.isascii() and len(text) <= cells):
        yield text
        return
    start, used = 0, 0
    for index, character in enumerate(text):
        size = get_character_cell_size(character)
        if used + size > max(cells, 2):
            yield text[start:index]
            start, used = index, 0
        used += size
    yield text[start:]


def _labelled(label: str, rows: Sequence[Row]) -> list[Row]:
    """Put a label on the first of rows."""
    return [Row(rows[0].text, label, rows[0].sign, rows[0].style), *rows[1:]] if rows else []


def _left_out(count: int, what: str) -> Row:
    return Row(f"{count:,} more {what} left out; answer `show` to see everything", sign="~", style="yellow")


def _fact(label: str, text: str, is_whole: bool) -> list[Row]:
    """A text: on one row, or each of its lines on one."""
    return _labelled(label, _text_rows(text, is_whole)) if text else []


def _text_rows(text: str, is_whole: bool) -> list[Row]:
    if "\n" in text:
        return [Row(_size_of(text)), *_block_rows(text, is_whole)]
    return _long_row(text, "|", is_whole)


def _block_rows(text: str, is_whole: bool, *, is_patch: bool = False) -> list[Row]:
    """The lines of a text, those in the middle counted if there are many."""
    lines = text.removesuffix("\n").split("\n")
    most, head, tail = CUT_TEXT
    if is_whole or len(lines) <= most:
        return _line_rows(lines, is_whole, is_patch)
    return [
        *_line_rows(lines[:head], is_whole, is_patch),
        _left_out(len(lines) - head - tail, "lines"),
        *_line_rows(lines[-tail:], is_whole, is_patch),
    ]


def _line_rows(lines: Sequence[str], is_whole: bool, is_patch: bool) -> list[Row]:
    return [row for line in lines for row in _long_row(line, ">", is_whole, _style_of(line) if is_patch else "")]


def _style_of(line: str) -> str:
    """The style of a patch's line."""
    return {"+": "green", "-": "red", "@": "cyan", "*": "bold"}.get(line[:1], "")


def _long_row(text: str, sign: Sign, is_whole: bool, style: str = "") -> list[Row]:
    most, head, tail = CUT_LINE if sign == ">" else CUT_VALUE
    if is_whole or len(text) <= most:
        return [Row(unmistakable(text), sign=sign, style=style)]
    return [
        Row(unmistakable(text[:head]), sign=sign, style=style),
        _left_out(len(text) - head - tail, "characters"),
        Row(unmistakable(text[-tail:]), sign=":" if sign == "|" else sign, style=style),
    ]


def _size_of(text: str) -> str:
    lines = text.count("\n") + (not text.endswith("\n"))
    return f"text, {lines:,} line{'' if lines == 1 else 's'}, {len(text):,} characters:"


def _argument_rows(arguments: Mapping[str, object], is_whole: bool) -> list[Row]:
    shown = list(arguments.items()) if is_whole else list(arguments.items())[:MOST_ITEMS]
    rows = [row for name, value in shown for row in _value_rows(name, value, is_whole)]
    missing = len(arguments) - len(shown)
    return [*rows, _left_out(missing, "arguments")] if missing else rows


def _value_rows(name: str, value: object, is_whole: bool) -> list[Row]:
    """`name = value`; a text of several lines begins below, as it is."""
    known = name if name.isidentifier() else _as_json(name)
    if isinstance(value, str) and "\n" in value:
        is_patch = name in ("patch", "diff")
        return [Row(unmistakable(f"{known} = {_size_of(value)}")), *_block_rows(value, is_whole, is_patch=is_patch)]
    return _long_row(f"{known} = {_as_json(value)}", "|", is_whole)


def _form_rows(form: Mapping[str, object], is_whole: bool) -> list[Row]:
    """The fields that a tool wants filled in."""
    fields = form.get("properties")
    if not isinstance(fields, Mapping):
        return []
    shown = list(fields.items()) if is_whole else list(fields.items())[:MOST_ITEMS]
    rows = [row for name, field in shown for row in _value_rows(str(name), field, is_whole)]
    missing = len(fields) - len(shown)
    return [*rows, _left_out(missing, "fields")] if missing else rows


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _effect_rows(effect: Effect, is_whole: bool) -> list[Row]:
    if isinstance(effect, Executes):
        if effect.command is None:
            return [Row("runs a program of its own, outside of the command sandbox", "does")]
        return _command_rows(effect.command, is_whole)
    if isinstance(effect, Writes):
        return _item_rows("writes", effect.paths, "it does not say where", is_whole)
    if isinstance(effect, Reaches):
        return _item_rows("reaches", effect.hosts, "it does not say which machine", is_whole)
    return []


def _command_rows(command: Command, is_whole: bool) -> list[Row]:
    where = "" if command.is_from_path else "  (not the one that PATH gives)"
    program = [Row(f"{unmistakable(command.program)}{where}")] if command.program else [Row("there is no such program")]
    sets = [row for name, value in command.env for row in _value_rows(name, value, is_whole)]
    return [
        *_labelled("command", _text_rows(shlex.join(command.argv), is_whole)),
        *_labelled("program", program),
        *_fact("folder", command.cwd, is_whole),
        *_labelled("sets", sets),
    ]


def _item_rows(label: str, items: Sequence[str] | None, unknown: str, is_whole: bool) -> list[Row]:
    if items is None:
        return [Row(unknown, label)]
    shown = items if is_whole else items[:MOST_ITEMS]
    rows = [row for item in shown for row in _long_row(item, "|", is_whole)]
    missing = len(items) - len(shown)
    return _labelled(label, [*rows, _left_out(missing, "of them")] if missing else rows)


def _plan_rows(plan: Plan, is_whole: bool) -> list[Row]:
    calls = plan.calls if is_whole else plan.calls[:MOST_ITEMS]
    rows = [row for call in calls for row in _planned_rows(call, is_whole)]
    missing = len(plan.calls) - len(calls)
    return [
        *_labelled("tools", _long_row(", ".join(plan.tools) or "none", "|", is_whole)),
        *_labelled("calls", [*rows, _left_out(missing, "calls")] if missing else rows),
    ]


def _planned_rows(call: PlannedCall, is_whole: bool) -> list[Row]:
    if call.arguments is None:
        return _long_row(f"line {call.line}: {call.tool}(...), arguments not known yet", "|", is_whole)
    given = ", ".join(f"{name}={_as_json(value)}" for name, value in call.arguments.items())
    return _long_row(f"line {call.line}: {call.tool}({given})", "|", is_whole)


def _grant_rows(request: ApprovalRequest, is_whole: bool) -> list[Row]:
    """What each kind of approval covers."""
    if request.plan is not None:
        return [Row("the calls above whose arguments are known; the others ask when they are reached", "y covers")]
    if request.form is not None:
        return [Row("a yes to what it asks; fields with a default get that", "y covers")]
    rows = [Row("this call, WITHOUT the sandbox", "y covers", style="bold red")]
    if not (request.leaves_sandbox or request.is_retry):
        rows = [Row("this call", "y covers")]
    if request.keys:
        rows += _item_rows("s covers", [_key_text(key) for key in request.keys], "", is_whole)
    if request.proposed_amendment is not None:
        saved = f"{rule_text(request.proposed_amendment)}; they run unasked and WITHOUT the sandbox from then on"
        rows += _labelled("a saves", _long_row(saved, "|", is_whole))
    return rows


def _key_text(key: str) -> str:
    """Say what a key covers for the session; keys are JSON lists (`policy.approval.keys`)."""
    try:
        kind, *parts = json.loads(key)
    except (ValueError, TypeError):
        return key
    if kind == "write" and len(parts) == 1:
        return f"writing {parts[0]}"
    if kind == "host" and len(parts) == 1:
        return f"reaching {parts[0]}"
    if kind == "command":
        return f"this command in this folder, {parts[-1]}"
    return f"calls of {kind} with these very arguments" if parts and isinstance(parts[0], dict) else f"{kind}: {parts}"
