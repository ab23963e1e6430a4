"""Laws of detection."""

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.detect import MAX_BYTES, Detector, ScriptSegment, Segment, detect, merge, render

PIECES = st.sampled_from(
    [
        "<tool-calls>", "</tool-calls>", "<tool-calls", "</tool-", ">", "<", "`", "``", "```", "~~~", "````",
        "\n", "\r\n",
        "```python tool-calls\n", "\n```\n", "\n```python\n", " ", "   ", "\t", "> ", "- ", "1. ", "1", "\\", 'a="b"',
        ' a="b"', "return 1", "x = 'é'", "\ud83d", "\udcff", "\x00", "\ufeff", "😀", "tool-calls", "python", "a" * 300,
    ]
)  # fmt: skip
MESSAGES = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=80))
LIMITS = st.sampled_from([0, 1, 10, 100, MAX_BYTES])


def in_chunks(message: str | bytes, cuts: list[int], max_bytes: int) -> list[Segment]:
    detector = Detector(max_bytes=max_bytes)
    edges = [0, *sorted(cut % (len(message) + 1) for cut in cuts), len(message)]
    segments: list[Segment] = []
    for begin, end in itertools.pairwise(edges):
        segments += detector.feed(message[begin:end])
    return merge(segments + detector.close())


@settings(max_examples=1000, deadline=None)
@given(MESSAGES, st.lists(st.integers(0, 10_000), max_size=12), LIMITS)
def test_any_way_of_cutting_a_message_gives_the_same_segments(message, cuts, max_bytes):
    """A stream and the whole text give the same answer."""
    assert in_chunks(message, cuts, max_bytes) == list(detect(message, max_bytes=max_bytes).segments)


@settings(max_examples=300, deadline=None)
@given(MESSAGES, LIMITS)
def test_character_by_character_gives_the_same_segments(message, max_bytes):
    """A stream and the whole text give the same answer."""
    cuts = list(range(len(message)))
    assert in_chunks(message, cuts, max_bytes) == list(detect(message, max_bytes=max_bytes).segments)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=60), MESSAGES.map(lambda m: m.encode("utf-8", "surrogatepass"))), st.data())
def test_bytes_may_be_cut_anywhere_too(message, data):
    """A stream and the whole text give the same answer, and nothing of the message is lost."""
    cuts = data.draw(st.lists(st.integers(0, 10_000), max_size=12))
    segments = in_chunks(message, cuts, MAX_BYTES)
    assert segments == list(detect(message).segments)
    assert "".join(segment.raw for segment in segments).encode("utf-8", "surrogateescape") == message


@settings(max_examples=500, deadline=None)
@given(MESSAGES, LIMITS)
def test_the_segments_make_up_the_message(message, max_bytes):
    """`"".join(segment.raw for segment in segments)` is the message."""
    assert "".join(segment.raw for segment in detect(message, max_bytes=max_bytes).segments) == message


@settings(max_examples=500, deadline=None)
@given(MESSAGES)
def test_a_source_stands_where_its_position_says(message):
    """`line` and `column` are where the source begins, and `locate` finds every line of it."""
    lines = message.split("\n")
    for segment in detect(message).segments:
        if isinstance(segment, ScriptSegment):
            for number, text in enumerate(segment.source.split("\n"), 1):
                if text.strip():
                    line, column = segment.locate(number, 1)
                    assert lines[line - 1][column - 1 :].startswith(text)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=60)), MESSAGES)
def test_render_then_detect_gives_the_same_script(source, before):
    """Render then parse gives the same script."""
    assume(source.encode("utf-8", "ignore").decode() == source)
    assume(not source.endswith("\r") and not source.lstrip().startswith("<tool-calls"))
    assume(any(line[0] not in " \t" for line in source.split("\n") if line.strip()) or not source.strip())
    found = detect(f"{render(source)}\n")
    assert found.diagnostics == ()
    assert [script.source for script in found.scripts] == [source]
