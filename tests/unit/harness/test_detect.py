"""Detection of scripts in model text. Ids in brackets are those of the catalogue of cases."""

import time
import tracemalloc

import pytest

from harness.detect import (
    Detection,
    Detector,
    RejectedSegment,
    ScriptSegment,
    TextSegment,
    detect,
    merge,
    render,
)
from harness.detect.markup import MAX_LINE


def shape(found: Detection) -> list[tuple[str, str]]:
    names = {TextSegment: "text", ScriptSegment: "script", RejectedSegment: "rejected"}
    return [(names[type(s)], s.source if isinstance(s, ScriptSegment) else s.raw) for s in found.segments]


def only_script(message: str | bytes) -> ScriptSegment:
    found = detect(message)
    assert found.diagnostics == ()
    (script,) = found.scripts
    return script


def only_code(message: str | bytes, **options: int) -> str:
    found = detect(message, **options)
    assert found.scripts == ()
    (diagnostic,) = found.diagnostics
    return diagnostic.code


def test_f02_a_block_between_tags_is_a_script_with_its_position():
    script = only_script("Let me look.\n<tool-calls>\nx = 1\nreturn x\n</tool-calls>\nDone.")
    assert (script.source, script.form) == ("x = 1\nreturn x", "tag")
    assert (script.line, script.column) == (3, 1)
    assert script.locate(2, 8) == (4, 8)


def test_f02_a_block_on_one_line_is_a_script():
    script = only_script("Héllo <tool-calls> return 1 </tool-calls>!")
    assert (script.source, script.line, script.column) == ("return 1", 1, 20)
    assert script.locate(1, 8) == (1, 27)


def test_f09_text_and_scripts_keep_their_order():
    message = "one\n<tool-calls>\na\n</tool-calls>\ntwo\n```python tool-calls\nb\n```\nthree"
    found = detect(message)
    assert shape(found) == [
        ("text", "one\n"),
        ("script", "a"),
        ("text", "\ntwo\n"),
        ("script", "b"),
        ("text", "\nthree"),
    ]
    assert "".join(segment.raw for segment in found.segments) == message


@pytest.mark.parametrize(
    "info",
    [
        "python tool-calls",
        "py tool-calls",
        "Python  tool-calls ",
        "tool-calls",
        "python x tool-calls",
        "python tool-calls\r",
    ],
)
@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_f19_a_script_fence_is_a_script(info, fence):
    script = only_script(f"Here:\n{fence}{info}\nreturn 1\n{fence}\nDone")
    assert (script.source, script.form, script.line, script.column) == ("return 1", "fence", 3, 1)


def test_f19_an_ordinary_python_fence_is_text():
    for info in ("python", "", "tool-calls-python", "text tool-calls", "python tool-callsx"):
        assert shape(detect(f"```{info}\nreturn 1\n```\n"))[0][0] == "text"


def test_f20_several_blocks_keep_their_order_on_one_line_too():
    found = detect("<tool-calls>a</tool-calls><tool-calls>b</tool-calls> and <tool-calls>c</tool-calls>")
    assert [script.source for script in found.scripts] == ["a", "b", "c"]
    assert [script.column for script in found.scripts] == [13, 39, 70]


def test_a_fence_that_wraps_the_whole_inside_of_a_tag_is_stripped():
    script = only_script("<tool-calls>\n\n```python\nx = 1\nreturn x\n```\n\n</tool-calls>")
    assert (script.source, script.line, script.column) == ("x = 1\nreturn x", 4, 1)
    assert only_script("<tool-calls>```python tool-calls\nreturn 1\n```</tool-calls>").source == "return 1"
    assert only_script("<tool-calls>\n~~~\nreturn 1\n~~~\n</tool-calls>").source == "return 1"


def test_a_tag_that_wraps_the_whole_inside_of_a_fence_is_stripped():
    script = only_script("```python tool-calls\n<tool-calls>\nreturn 1\n</tool-calls>\n```")
    assert (script.source, script.line) == ("return 1", 3)


@pytest.mark.parametrize(
    "message",
    [
        "<tool-calls>\n```python\nx = 1\n```\nreturn x\n</tool-calls>",
        "<tool-calls>\n```python\nreturn 1\n</tool-calls>",
        "<tool-calls>\n```\n</tool-calls>",
        "```python tool-calls\n<tool-calls>\nreturn 1\n```",
        "```python tool-calls\n<tool-calls>\na\n</tool-calls>\nb\n```",
    ],
)
def test_a_wrapping_that_does_not_enclose_everything_is_reported(message):
    assert only_code(message) == "script.malformed_block"


def test_a_tilde_at_the_front_of_a_script_is_not_a_fence():
    assert only_script("<tool-calls>\n~~~x\n</tool-calls>").source == "~~~x"


@pytest.mark.parametrize(
    "message",
    [
        "Write `<tool-calls>` and `</tool-calls>` around it.",
        "Write ``a ` <tool-calls>`` here.",
        "```xml\n<tool-calls>\nreturn 1\n</tool-calls>\n```\n",
        "~~~\n<tool-calls>\n```\n</tool-calls>\n~~~",
        "- ```\n  <tool-calls>\n  a</tool-calls>\n  ```\n",
        "> ```\n> <tool-calls>\n> ```\n",
        "> ```python tool-calls\n> return 1\n> ```\n",
        r"Escaped \<tool-calls> and \</tool-calls>",
        "```code``` `<tool-calls>`",
        "<tool-calls/> <tool-calls foo> <tool-call> < tool-calls> <tool_calls> <TOOL-CALLS>",
        "a lone ` backtick <tool-calls> in its line",
    ],
)
def test_what_only_mentions_a_tag_is_text(message):
    assert shape(detect(message)) == [("text", message)]


def test_inline_code_ends_with_its_line():
    assert only_script("a lone ` backtick\n<tool-calls>return 1</tool-calls>").source == "return 1"


def test_an_escaped_backtick_opens_no_inline_code():
    assert only_script(r"a \` <tool-calls>return 1</tool-calls>").source == "return 1"


def test_a_tag_may_have_attributes():
    script = only_script('<tool-calls lang="python" n="2">return 1</tool-calls >')
    assert script.attributes == (("lang", "python"), ("n", "2"))


def test_shared_indentation_is_stripped_and_positions_still_hold():
    message = "1. Look:\n   <tool-calls>\n   if x:\n\n       return 1\n   </tool-calls>"
    script = only_script(message)
    assert script.source == "if x:\n\n    return 1"
    assert script.locate(1, 1) == (3, 4)
    assert script.locate(3, 5) == (5, 8)
    assert only_script("1. ```python tool-calls\n   return 1\n   ```").source == "return 1"


def test_a_fence_inside_a_script_fence_needs_a_longer_outer_fence():
    assert only_script('````python tool-calls\nt = """\n```\n"""\n````').source == 't = """\n```\n"""'
    assert only_script("```python tool-calls\nif x:\n        ```\n```").source == "if x:\n        ```"


def test_crlf_messages_are_understood():
    script = only_script("Hi\r\n<tool-calls>\r\na\r\nb\r\n</tool-calls>\r\n")
    assert (script.source, script.line, script.column) == ("a\r\nb", 3, 1)
    assert only_script("```python tool-calls\r\na\r\n```\r\n").source == "a"


def test_an_empty_block_is_an_empty_script():
    assert only_script("<tool-calls></tool-calls>").source == ""
    assert only_script("<tool-calls>\n</tool-calls>").source == ""
    assert only_script("```python tool-calls\n```").source == ""


def test_a_nested_block_is_reported_once_with_both_lines():
    found = detect("a\n<tool-calls>\nx\n<tool-calls>\ny\n</tool-calls>\nb")
    assert [kind for kind, _ in shape(found)] == ["text", "rejected", "text"]
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "script.malformed_block"
    assert "line 4" in diagnostic.message
    assert "line 2" in diagnostic.message
    assert diagnostic.hint
    assert "```python tool-calls" in diagnostic.hint
    assert (diagnostic.line, diagnostic.column, diagnostic.end_line, diagnostic.end_column) == (2, 1, 6, 14)
    assert diagnostic.excerpt == "<tool-calls>"


def test_a_closing_tag_that_closes_nothing_is_reported():
    found = detect("<tool-calls>\nprint('</tool-calls>')\n</tool-calls>\n")
    assert [kind for kind, _ in shape(found)] == ["script", "text", "rejected", "text"]
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.line) == ("script.malformed_block", 3)


def test_a_script_fence_may_spell_the_tags():
    source = "print('<tool-calls>')\nprint('</tool-calls>')"
    assert only_script(f"```python tool-calls\n{source}\n```").source == source


@pytest.mark.parametrize(
    "message",
    ["<tool-calls>\nreturn 1", "<tool-calls>\nreturn 1\n</tool-cal", "```python tool-calls\nreturn 1\n"],
)
def test_a_block_that_the_message_ends_in_is_truncated(message):
    found = detect("a\n" + message)
    assert shape(found)[1] == ("rejected", message)
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.line) == ("script.truncated", 2)
    assert "not run" in diagnostic.message


def test_a_script_of_exactly_the_limit_is_accepted_and_one_byte_more_is_not():
    fits = "é" * 50
    assert detect(f"<tool-calls>\n{fits}\n</tool-calls>", max_bytes=100).scripts[0].source == fits
    found = detect(f"<tool-calls>\n{fits}x\n</tool-calls>", max_bytes=100)
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "script.too_large"
    assert "101 bytes" in diagnostic.message
    assert "100 bytes are allowed" in diagnostic.message


def test_an_oversized_block_is_passed_on_without_being_kept():
    detector = Detector(max_bytes=1000)
    segments = detector.feed("<tool-calls>\n")
    for _ in range(1000):
        segments += detector.feed("x = 1\n" * 100)
    segments += detector.feed("</tool-calls> ok") + detector.close()
    rejected, text = merge(segments)
    assert isinstance(rejected, RejectedSegment)
    assert rejected.diagnostic is not None
    assert rejected.diagnostic.code == "script.too_large"
    assert "600,001 bytes" in rejected.diagnostic.message
    assert text == TextSegment(" ok")


def test_an_oversized_block_that_never_ends_is_too_large():
    assert only_code("<tool-calls>" + "x" * 5000, max_bytes=100) == "script.too_large"


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
def test_a_block_with_bytes_that_are_not_utf8_is_reported(bad):
    message = b"ok\n<tool-calls>\na = '\xc3\xa9'\nb = '" + bad + b"'\n</tool-calls>\n"
    found = detect(message)
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "script.malformed_block"
    assert "line 4" in diagnostic.message
    assert "UTF-8" in diagnostic.message
    assert "".join(s.raw for s in found.segments).encode("utf-8", "surrogateescape") == message


def test_a_lone_surrogate_in_a_block_is_reported():
    assert only_code("<tool-calls>x = '\ud83d'</tool-calls>") == "script.malformed_block"


def test_bytes_that_are_not_utf8_around_a_script_do_no_harm():
    found = detect(b"caf\xe9\n<tool-calls>return 1</tool-calls>")
    text, script = found.segments
    assert isinstance(text, TextSegment)
    assert text.text == "caf\ufffd\n"
    assert isinstance(script, ScriptSegment)
    assert script.source == "return 1"


def test_a_script_lost_in_a_fence_that_is_never_closed_is_reported():
    found = detect("```json\n{}\n\n<tool-calls>\nreturn 1\n</tool-calls>\n")
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "script.malformed_block"
    assert "line 4" in diagnostic.message
    assert "line 1" in diagnostic.message
    assert detect("```json\n{}\n").diagnostics == ()


def test_a_stream_passes_text_on_at_once_and_holds_back_a_possible_tag():
    detector = Detector()
    assert detector.feed("Hello wor") == [TextSegment("Hello wor")]
    assert detector.feed("ld <tool-c") == [TextSegment("ld ")]
    assert detector.feed("ats> <") == [TextSegment("<tool-cats> ")]
    assert detector.feed("tool-calls>ret") == []
    assert detector.feed("urn 1</tool-calls") == []
    (script,) = detector.feed(">")
    assert isinstance(script, ScriptSegment)
    assert script.source == "return 1"
    assert detector.close() == []


def test_a_stream_of_bytes_may_cut_a_character():
    detector = Detector()
    segments = [s for byte in "é<tool-calls>'é'</tool-calls>".encode() for s in detector.feed(bytes([byte]))]
    text, script = merge(segments + detector.close())
    assert text == TextSegment("é")
    assert isinstance(script, ScriptSegment)
    assert script.source == "'é'"


@pytest.mark.parametrize("block", ["{}", "\n{}", "\n{}\n", "\n{}\r\n", "\n```python\n{}\n```\n"])
@pytest.mark.parametrize("returns", ["", "\r", "\r\r"])
def test_carriage_returns_at_the_end_are_no_part_of_a_script(block, returns):
    inside = block.format(f"return 1{returns}")
    assert only_script(f"<tool-calls>{inside}</tool-calls>").source == "return 1"


@pytest.mark.parametrize(
    "source",
    [
        "return 1",
        "",
        "a\n\nb\n",
        "'</tool-calls>'",
        "'<tool-calls>'\n'````'",
        "x = '''\n```\n'''\n# tool-calls",
    ],
)
def test_what_is_rendered_is_found_again(source):
    assert only_script(f"Text.\n{render(source)}\nMore.").source == source


@pytest.mark.parametrize(
    "piece",
    [
        "<tool-calls",
        "</tool-calls",
        "<",
        "`",
        "``\n",
        "```",
        "```python tool-calls",
        "\\",
        "<tool-calls ",
        "> ",
        "- ",
        "1",
        "~~~~\n",
        '<tool-calls a="',
        "<tool-calls>",
        "</tool-calls>",
        "```\n<tool-calls>\n",
        "\n",
        " ",
    ],
)
@pytest.mark.parametrize("chunk", [7, 1 << 20])
def test_hostile_text_takes_linear_time_and_bounded_memory(piece, chunk):
    def run(size: int) -> float:
        message = (piece * (size // len(piece) + 1))[:size]
        detector = Detector(max_bytes=1000)
        started = time.process_time()
        for at in range(0, size, chunk):
            detector.feed(message[at : at + chunk])
            assert len(detector._buffer) <= max(chunk, MAX_LINE) + MAX_LINE
        detector.close()
        return time.process_time() - started

    run(2_000)
    small, large = run(20_000), run(160_000)
    assert large < 40 * small + 0.5


def test_memory_does_not_grow_with_the_message():
    detector = Detector(max_bytes=1000)
    detector.feed("<tool-calls>")
    tracemalloc.start()
    try:
        for _ in range(50):
            detector.feed("<tool-calls" * 1000)
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()
