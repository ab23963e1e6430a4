"""Scripts in what a model wrote: `<tool-calls>` blocks and script fences, with the text around them.

A script stands between tags, or in a fence whose info string is `python tool-calls`:

    <tool-calls>                     ```python tool-calls
    return await tools.add(a=1)      return await tools.add(a=1)
    </tool-calls>                    ```

The message is read once, from the front, so that a stream and the whole text give the same answer:

- A block ends at the first closing tag. A script that must spell the tag uses the fence.
- A tag inside an ordinary fence, inside inline code, or behind a backslash is text. Inline code reaches from
  a run of backticks to the next run of the same length or to the end of its line.
- A fence begins a line, after indentation, quotation marks (`>`) and list markers; its line has at most 512
  characters. What stands in a quotation is text.
- A fence that wraps the whole inside of a tag, or a tag that wraps the whole inside of a script fence, is
  stripped. So is indentation that all lines share.
- A block that is nested, unbalanced, too large, cut off or not UTF-8 becomes a `RejectedSegment` with a
  diagnostic.

Only what a model wrote belongs here: never user text, reasoning or tool results.

References:
    CommonMark 0.31, sections 4.5 (fenced code blocks) and 6.1 (code spans).
"""

from __future__ import annotations

import re

from harness.detect.detector import MAX_BYTES, Detector
from harness.detect.segments import Detection, Form, RejectedSegment, ScriptSegment, Segment, TextSegment, merge

__all__ = [
    "MAX_BYTES",
    "Detection",
    "Detector",
    "Form",
    "RejectedSegment",
    "ScriptSegment",
    "Segment",
    "TextSegment",
    "detect",
    "merge",
    "render",
]


def detect(text: str | bytes, *, max_bytes: int = MAX_BYTES) -> Detection:
    """Split a message into scripts and the text around them.

    Args:
        text: What the model wrote. Bytes are read as UTF-8.
        max_bytes: Largest accepted script, in bytes of UTF-8.

    Returns:
        The segments, and the diagnostics of blocks that cannot be scripts: `script.malformed_block`,
        `script.truncated`, `script.too_large`. Nothing is raised for what a model writes.
    """
    detector = Detector(max_bytes=max_bytes)
    segments = merge(detector.feed(text) + detector.close())
    found = (segment.diagnostic for segment in segments if isinstance(segment, RejectedSegment))
    return Detection(tuple(segments), tuple(diagnostic for diagnostic in found if diagnostic is not None))


def render(source: str) -> str:
    """Write a script as a block that `detect` gives back unchanged.

    The tag is used where it can be; a script that spells the tag, or begins like a fence, gets a fence.
    Indentation that all lines share does not come back, nor do carriage returns at the end.
    """
    if "tool-calls" not in source and not source.lstrip().startswith(("```", "~~~")):
        return f"<tool-calls>\n{source}\n</tool-calls>"
    longest = max((len(run) for run in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python tool-calls\n{source}\n{fence}"
