"""What a question shows, for any call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from harness.approvals.question_text import laid_out, question_rows
from harness.types import ApprovalRequest

TEXT = st.text(max_size=400) | st.text("|:>~ \n\r\x1b\u202e漢ab", max_size=400)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
REQUESTS = st.builds(
    ApprovalRequest,
    id=st.just("q"),
    tool=st.just("send"),
    reason=TEXT,
    excerpt=TEXT,
    arguments=st.dictionaries(TEXT, VALUES, max_size=4),
    keys=st.lists(TEXT, max_size=3).map(tuple),
)


@given(request=REQUESTS, width=st.none() | st.integers(20, 120), is_whole=st.booleans())
def test_a_line_begins_with_our_own_words_and_fits(
    request: ApprovalRequest, width: int | None, *, is_whole: bool
) -> None:
    """What a call brings with it always stands behind a sign on the same line, however narrow the screen."""
    for line in laid_out(question_rows(request, is_whole=is_whole), width=width):
        assert not line.text or line.edge.endswith(("| ", ": ", "> ", "~ "))
        assert (line.edge + line.text).isprintable()
        assert width is None or cell_len(line.edge + line.text) <= width


@given(arguments=st.dictionaries(TEXT, VALUES, min_size=1, max_size=4), width=st.none() | st.integers(20, 120))
def test_breaking_lines_neither_drops_nor_adds_a_character(arguments: dict[str, object], width: int | None) -> None:
    """All arguments, with their values, are on the screen."""
    request = ApprovalRequest(id="q", tool="send", arguments=arguments)
    rows = question_rows(request, is_whole=True)
    lines = laid_out(rows, width=width)
    assert "".join(line.text for line in lines) == "".join(row.text for row in rows)
