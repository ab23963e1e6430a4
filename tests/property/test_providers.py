"""Laws of reading responses and streams, and of what is sent back."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.detect import RejectedSegment, ScriptSegment, TextSegment, detect, render
from harness.errors import ConfigError, ScriptError
from harness.providers import adapter_of, new_reader, provider_of, read_segments
from harness.providers.declarations import declarations
from harness.providers.run_script import is_incomplete, sent_names, source_of
from harness.providers.segments import CallSegment, ProviderSegment, merged
from harness.providers.told import sendable, tool_results
from harness.providers.turn import read_response
from harness.tools.binding import Tool
from harness.types import Outcome
from tests.e2e.wire_formats import (
    PROVIDERS,
    Call,
    Part,
    Reasoning,
    Text,
    Unknown,
    events_of,
    response_of,
    script_call,
)

every_provider = pytest.mark.parametrize("provider", PROVIDERS)
WORDS = st.lists(
    st.sampled_from(
        [
            "<tool-calls>",
            "</tool-calls>",
            "<tool-",
            "calls>",
            "```python tool-calls\n",
            "```\n",
            "\n",
            "return 1",
            "é😀",
            " ",
        ]
    ),
    min_size=1,
    max_size=12,
).map("".join)
JSON_OBJECTS = st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=8)), max_size=3)
CALLS = st.builds(Call, st.sampled_from(["add", "run_script"]), JSON_OBJECTS.map(json.dumps), st.uuids().map(str))
TEXTS = WORDS.map(Text)


def parts_of(provider: str) -> st.SearchStrategy[list[Part]]:
    """What a model of a provider may say. A message of Chat has its reasoning, text and calls in this order."""
    if provider == "openai-chat":
        reasoning, text = st.lists(WORDS.map(Reasoning), max_size=1), st.lists(TEXTS, max_size=1)
        return st.tuples(reasoning, text, st.lists(CALLS, max_size=3)).map(
            lambda found: [part for some in found for part in some]
        )
    return st.lists(st.one_of(TEXTS, WORDS.map(Reasoning), CALLS, st.builds(Unknown)), max_size=5)


def cuts(data: st.DataObject) -> Any:
    """Divide a text anywhere."""

    def cut(text: str) -> Sequence[str]:
        edges = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=6))})
        return [text[begin:end] for begin, end in itertools.pairwise(edges)]

    return cut


@every_provider
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_way_of_cutting_a_stream_gives_the_same_segments(provider: str, data: st.DataObject) -> None:
    """Any chunking of any stream gives the same segments, and the same response."""
    response = response_of(provider, *data.draw(parts_of(provider)))
    reader = new_reader(provider)
    segments: list[ProviderSegment] = []
    for event in events_of(provider, response, cuts(data)):
        segments += reader.feed(event)
    segments += reader.close()
    whole = read_segments(response, provider=provider)
    assert merged(segments) == whole
    assert read_segments(reader.response(), provider=provider) == whole
    assert adapter_of(provider).cut_off(reader.response()) is None
    assert adapter_of(provider).items(reader.response(), [], None) == adapter_of(provider).items(response, [], None)


@every_provider
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_stream_that_breaks_off_is_never_whole(provider: str, data: st.DataObject) -> None:
    """Nothing executes before the terminal event."""
    events = events_of(provider, response_of(provider, *data.draw(parts_of(provider))), cuts(data))
    terminal = len(events) - (2 if provider == "openai-chat" else 1)  # with Chat, the usage comes last
    reader = new_reader(provider)
    for event in events[: data.draw(st.integers(0, terminal))]:
        reader.feed(event)
    assert adapter_of(provider).cut_off(reader.response()) is not None


@every_provider
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_text_outside_a_script_is_lost_or_reordered(provider: str, data: st.DataObject) -> None:
    """Texts, scripts and rejected blocks make up what the model wrote, in its order; so do calls."""
    parts = data.draw(parts_of(provider))
    segments = read_segments(response_of(provider, *parts), provider=provider)
    of_text = (TextSegment, ScriptSegment, RejectedSegment)
    written = "".join(segment.raw for segment in segments if isinstance(segment, of_text))
    assert written == "".join(part.text for part in parts if isinstance(part, Text))
    called = [segment.call_id for segment in segments if isinstance(segment, CallSegment)]
    assert called == [part.id for part in parts if isinstance(part, Call)]


SCRIPTS = st.lists(
    st.sampled_from(["<tool-calls>", "</tool-calls>", "return 1", "\n", "x = '`'", "```", "'é'", "  ", "#"]), max_size=8
).map("".join)


@every_provider
@settings(max_examples=300, deadline=None)
@given(SCRIPTS)
def test_render_then_parse_is_the_identity(provider: str, words: str) -> None:
    """A script that is rendered into a message, or passed to `run_script`, is read as it was."""
    source = "x = 0\n" + words.rstrip()  # without indentation that all lines share, which does not come back
    [segment] = read_segments(response_of(provider, Text(render(source))), provider=provider)
    assert isinstance(segment, ScriptSegment)
    assert segment.source == source
    [call] = read_segments(response_of(provider, script_call(source, provider)), provider=provider)
    assert isinstance(call, CallSegment)
    assert source_of(call) == source


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=30)), min_size=1, max_size=3))
def test_nothing_that_was_said_closes_the_results_or_looks_like_a_script(values: list[str]) -> None:
    """A tool's output can never close the tag or look like a script."""
    outcomes = [Outcome(ok=True, value=value, logs=value) for value in values]
    outcomes.append(Outcome(ok=False, error=ScriptError("script.runtime", values[0], hint=values[0])))
    told = tool_results(outcomes)
    found = detect(told)
    assert (found.scripts, found.diagnostics) == ((), ())
    assert told.count("<") == 2
    lines = told.split("\n")
    assert (lines[0], lines[-1], len(lines)) == ("<tool-results>", "</tool-results>", len(values) + 3)
    assert [json.loads(line)["value"] for line in lines[1:-2]] == values
    json.dumps(sendable(told), ensure_ascii=False).encode()


@settings(max_examples=300, deadline=None)
@given(JSON_OBJECTS, st.data())
def test_the_beginning_of_JSON_is_told_from_what_is_wrong(value: dict[str, object], data: st.DataObject) -> None:
    """Incomplete JSON says that the response broke off; malformed JSON is the model's mistake."""
    text = json.dumps(value)
    assert not is_incomplete(CallSegment("c", "add", text))
    length = data.draw(st.integers(1, len(text) - 1))
    assert is_incomplete(CallSegment("c", "add", text[:length]))
    assert not is_incomplete(CallSegment("c", "add", text + "}"))


IDENTIFIERS = st.from_regex(r"[a-zé文][a-z_é]{0,5}(\.[a-z_]{1,70}){0,2}", fullmatch=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(IDENTIFIERS, unique=True, max_size=8))
def test_names_of_tools_are_sent_as_providers_take_them_and_come_back(names: list[str]) -> None:
    """Each tool has one name that is sent, of at most 64 plain characters."""
    sent = sent_names(names)
    assert [*sent.values()] == names
    assert all(len(name) <= 64 and name.isascii() and name.replace("-", "_").isidentifier() for name in sent)
    assert "run_script" not in sent


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["message", "output_text"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


def broken(data: st.DataObject, value: Any) -> Any:
    """A copy of JSON data in which one thing, somewhere, is something else or missing."""
    if not isinstance(value, (dict, list)) or not value or data.draw(st.integers(0, 3)) == 0:
        return data.draw(JSON)
    copied: Any = value.copy()
    key = data.draw(st.sampled_from([*value] if isinstance(value, dict) else range(len(value))))
    if data.draw(st.booleans()):
        copied[key] = broken(data, value[key])
    else:
        del copied[key]
    return copied


@pytest.mark.parametrize(
    ("provider", "event"),
    [
        ("openai-responses", {"type": "response.created", "response": 1}),
        ("openai-responses", {"type": "response.completed", "response": ["x"]}),
        ("anthropic", {"type": "message_start", "message": 1}),
        ("anthropic", {"type": "content_block_start", "index": 0, "content_block": "x"}),
    ],
)
def test_an_event_that_holds_no_object_where_one_belongs_is_refused(provider: str, event: dict[str, object]) -> None:
    reader = new_reader(provider)
    with pytest.raises(ConfigError):
        reader.feed(event)


@every_provider
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_a_server_gets_wrong_is_read_or_refused(provider: str, data: st.DataObject) -> None:
    """Whatever comes from a server is read, or is `config.invalid` before anything is run."""
    response = response_of(provider, *data.draw(parts_of(provider)))
    reader = new_reader(provider)
    events = events_of(provider, response)
    at = data.draw(st.integers(0, len(events) - 1))
    events[at] = broken(data, events[at])
    with suppress(ConfigError):
        for event in events:
            reader.feed(event)
        reader.close()
        read_response(reader.response(), provider=provider, max_bytes=1000)
    with suppress(ConfigError):
        reading = read_response(broken(data, response), provider=provider, max_bytes=1000)
        adapter_of(provider).items(reading.data, [], "said")


@every_provider
def test_a_provider_is_told_by_the_shape_of_its_response(provider: str) -> None:
    assert provider_of(response_of(provider, Text("Hi."))) == provider


def test_a_name_that_is_too_long_for_a_provider_is_sent_short_and_with_a_digest() -> None:
    (fits,), (long,) = sent_names(["x" * 64]), sent_names(["x" * 65])
    assert fits == "x" * 64
    assert (len(long), long[:55]) == (64, "x" * 55)


def test_a_description_that_is_too_long_for_a_provider_is_cut() -> None:
    async def told() -> None: ...

    tools = [Tool("told", "x" * 2_000, {"type": "object"}, told)]
    (declared,) = declarations("anthropic", form="structured", tools=tools)
    assert declared["description"] == "x" * 1_024
