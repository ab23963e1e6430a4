"""The promise: "any change, removal, insertion or swap of a line is noticed; no value makes an append fail"."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audit import AuditLog, verify_chain
from harness.audit.record import MAX_LINE_BYTES

ODD_TEXT = st.text(st.characters(), max_size=30)  # lone surrogates are among them
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        ODD_TEXT,
        st.binary(max_size=10),
        st.complex_numbers(),
        st.datetimes(),
        st.sets(st.integers(), max_size=3),
        st.builds(object),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(ODD_TEXT, st.integers(), st.none()), inner, max_size=4),
        st.tuples(inner, inner),
    ),
    max_leaves=20,
)
FIELDS = st.dictionaries(ODD_TEXT.map(lambda name: f"x{name}"), VALUES, max_size=4)


@contextmanager
def written(count: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        log = AuditLog(Path(folder, "audit.jsonl"), clock=lambda: 1.25)
        for n in range(count):
            log.append("call", {"n": n, "tool": "exec"})
        log.close()
        yield Path(log.path)


@given(st.lists(FIELDS, max_size=4))
def test_any_values_can_be_appended_and_the_chain_holds(records: list[dict[str, object]]) -> None:
    with written(1) as path:
        log = AuditLog(path)
        for fields in records:
            log.append("call", fields)
        log.close()
        report = verify_chain(path)
        assert (report.problem, report.records) == (None, 1 + len(records))
        for line in path.read_bytes().splitlines():
            json.loads(line)


@given(st.data())
def test_any_byte_that_changes_is_noticed(data: st.DataObject) -> None:
    with written(4) as path:
        content = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
        path.write_bytes(content)
        assert not verify_chain(path).ok


@given(st.data())
def test_a_line_that_is_taken_out_put_in_or_moved_is_noticed(data: st.DataObject) -> None:
    with written(5) as path:
        lines = path.read_bytes().splitlines(keepends=True)
        at, other = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1]))
        changed = {
            "taken out": lines[:at] + lines[at + 1 :],
            "put in": [*lines[:other], lines[at], *lines[other:]] if other != at + 1 else [*lines, lines[at]],
            "swapped": [lines[{at: other, other: at}.get(n, n)] for n in range(5)],
            "text": [*lines[:at], data.draw(st.sampled_from([b"\n", b"{}\n", b"x\n", b"null\n"])), *lines[at:]],
        }
        for edited in changed.values():
            path.write_bytes(b"".join(edited))
            assert not verify_chain(path).ok


def test_a_file_cut_off_at_any_byte_is_continued_without_losing_a_whole_record() -> None:
    with written(3) as path:
        content = path.read_bytes()
        for cut in range(len(content) + 1):
            path.write_bytes(content[:cut])
            log = AuditLog(path)
            head = log.append("call", {"n": 9})
            log.close()
            report = verify_chain(path, head=head)
            assert report.problem is None, cut
            whole = content[:cut].count(b"\n") + (content[cut : cut + 1] == b"\n")
            assert report.records == whole + 1 + report.recovered
            assert report.kept_seq == report.records
            assert path.read_bytes().startswith(content[:cut])


@given(st.data())
def test_a_head_that_was_kept_tells_of_a_file_that_was_shortened(data: st.DataObject) -> None:
    with written(5) as path:
        lines = path.read_bytes().splitlines(keepends=True)
        heads = [json.loads(line)["hash"] for line in lines]
        left, kept = data.draw(st.integers(0, 5)), data.draw(st.integers(1, 5))
        path.write_bytes(b"".join(lines[:left]))
        assert verify_chain(path).ok  # the chain alone tells nothing
        report = verify_chain(path, head=heads[kept - 1])
        assert (report.ok, report.kept_seq) == ((True, kept) if kept <= left else (False, None))


@settings(deadline=None)  # megabytes take their time on a machine that is busy
@given(st.integers(0, 2_000_000), st.integers(1, 60))
def test_no_line_is_longer_than_it_may_be(size: int, count: int) -> None:
    with written(0) as path:
        log = AuditLog(path)
        log.append("call", {f"n{n}": "é" * (size // count) for n in range(count)})
        log.close()
        assert path.stat().st_size <= MAX_LINE_BYTES
        assert verify_chain(path).ok
