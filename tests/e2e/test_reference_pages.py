"""The pages of the reference say what the code says."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer

import harness
import harness.testing
import policy
import policy.language
from harness.cli import exit_codes
from harness.cli.commands import app
from harness.confine import BARRIERS
from harness.event_backlog import MAX_JOINED, MAX_UNREAD_OUTPUT
from harness.events import KINDS, Event
from harness.runtimes.cpython import frames
from harness.tools.builtin import reading_tools
from harness.tools.builtin.command_output import MAX_DELTAS
from harness.tools.builtin.http import http_tool
from harness.tools.builtin.tool_search import lookup_tools
from policy.limits import Limits
from policy.sandbox import NetworkAccess
from tests.e2e import api_page, command_page
from tests.e2e.conftest import CHECKOUT

REFERENCE = CHECKOUT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_the_page_of_the_command_is_what_help_says() -> None:
    assert page("cli.md") == command_page.render(), "python -m tests.e2e.command_page > docs/reference/cli.md"


def test_every_command_is_on_the_page() -> None:
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    inner = [f"{name} {each}" for name, group in commands.items() for each in getattr(group, "commands", ())]
    assert sorted(command_page.COMMANDS) == sorted([*commands, *inner])


def test_the_page_of_the_interface_is_what_docstrings_say() -> None:
    assert page("api.md") == api_page.render(), "python -m tests.e2e.api_page > docs/reference/api.md"


def test_every_public_name_has_a_section() -> None:
    sections = re.findall(r"^### (\w+)$", page("api.md"), re.MULTILINE)
    public = [*harness.__all__, *harness.testing.__all__, *policy.language.__all__]
    assert sorted(sections) == sorted([*public, "EventStream", "Events"])
    assert not hasattr(policy, "__all__")


def test_every_exit_code_is_listed() -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page("cli.md"), re.MULTILINE)}
    assert listed == codes


def test_every_limit_is_listed_with_its_name() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", page("limits.md"), re.MULTILINE)
    assert listed == list(Limits.model_fields)


def test_every_kind_of_event_is_listed_with_its_fields() -> None:
    common = re.findall(r"^\| `(\w+)` \|[^|]*\|$", page("events.md"), re.MULTILINE)
    assert common == [field.name for field in dataclasses.fields(Event)]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|[^|]*\|$", page("events.md"), re.MULTILINE)
    listed = {kind: re.findall(r"`(\w+)`", fields) for kind, fields in rows}
    own = {kind.kind: [f.name for f in dataclasses.fields(kind) if f.name not in common] for kind in KINDS}
    assert listed == own
    assert list(listed) == list(own)


def test_what_is_left_out_of_events_is_said_in_numbers() -> None:
    for number in (MAX_UNREAD_OUTPUT, MAX_JOINED, MAX_DELTAS, Limits().progress_events):
        assert f"{number:,}" in page("events.md")


FRAMES = (
    frames.Hello,
    frames.Checked,
    frames.Log,
    frames.Progress,
    frames.Trace,
    frames.BatchFrame,
    frames.FinishedFrame,
)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__name__)
def test_every_field_of_a_frame_is_described(frame: Any) -> None:
    (kind,) = get_args(get_type_hints(frame)["t"])
    section = _section_of(f"`{kind}`", page("wire-protocol.md"))
    for name in frame.__annotations__:
        assert name == "t" or f"`{name}`" in section, f"{kind}.{name}"


ITEMS = (frames.DiagnosticItem, frames.PlannedCallItem, frames.PlanItem, frames.ErrorItem, frames.TraceItem)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.__name__)
def test_every_field_inside_a_frame_is_described(item: Any) -> None:
    for name in item.__annotations__:
        assert f"`{name}`" in page("wire-protocol.md"), name


def _section_of(title: str, text: str) -> str:
    _, found, rest = text.partition(f"\n### {title}")
    assert found, title
    return re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_every_parameter_and_key_of_a_tool_is_described(tmp_path: Path) -> None:
    reading = reading_tools(tmp_path)
    for tool in [*reading, http_tool(NetworkAccess), *lookup_tools(reading)]:
        section = _section_of(f"`{tool.name}`", page("tools.md"))
        for name, schema in tool.schema["properties"].items():
            row = re.search(rf"^\| `{name}` \|(.*)$", section, re.MULTILINE)
            assert row, f"{tool.name}: {name}"
            if "default" in schema:
                assert f"`{schema['default']!r}`" in row[1], f"{tool.name}: {name}"
            for bound in ("minimum", "maximum", "maxLength"):
                if schema.get(bound, 1) != 1:
                    assert f"{schema[bound]:,}" in row[1], f"{tool.name}: {name}"
        for name in _keys(tool.returns):
            assert f"`{name}`" in section, f"{tool.name}: {name}"


def _keys(schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    inner = [_keys(value) for value in [*schema.get("properties", {}).values(), schema.get("items")]]
    return set(schema.get("properties", {})).union(*inner)


def test_terms_of_the_glossary_are_in_order_and_name_what_exists() -> None:
    terms = re.findall(r"^\*\*(.+?)\*\*", page("glossary.md"), re.MULTILINE)
    assert terms == sorted(terms, key=str.casefold)
    assert len(terms) == len(set(terms))
    for barrier in BARRIERS:
        assert f"`{barrier}`" in page("glossary.md")
    for field in dataclasses.fields(harness.Usage):
        assert f"`{field.name}`" in page("glossary.md")
