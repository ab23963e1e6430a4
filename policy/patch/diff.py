"""The difference of two texts as a unified diff, in bounded time and length whatever the texts are."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

_CONTEXT = 3
_MAX_CELLS = 16_000_000  # of a table of two stretches of lines that are compared in full: 2 MB of bits


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed.

    Attributes:
        text: A unified diff, cut at the length that was asked for.
        added: Lines that are new.
        removed: Lines that are gone.
    """

    text: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `old_start:old_end` of one text became `new_start:new_end` of the other."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    def moved(self, old_by: int, new_by: int) -> Block:
        """The same block, counted from elsewhere."""
        return Block(self.old_start + old_by, self.old_end + old_by, self.new_start + new_by, self.new_end + new_by)


def render_diff(old: str, new: str, *, old_name: str, new_name: str, max_chars: int) -> Diff:
    """Compare two texts.

    Args:
        old: Before, "" if there was none.
        new: After, "" if there is none.
        old_name: For the line `---`, for example "a/src/main.py" or "/dev/null".
        new_name: For the line `+++`.
        max_chars: Where the text is cut, at the end of a line.
    """
    a, b = _lines(old), _lines(new)
    blocks = changed_blocks(a, b)
    head = f"--- {old_name}\n+++ {new_name}\n"
    return Diff(
        _cut(head, _body(a, b, blocks), max_chars) if blocks else "",
        sum(block.new_end - block.new_start for block in blocks),
        sum(block.old_end - block.old_start for block in blocks),
    )


def changed_blocks(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    """Find what differs between two sequences, in order; few and small blocks where the size allows to look."""
    head, tail = _equal_ends(a, b)
    inner = _split_at_anchors(a[head : len(a) - tail], b[head : len(b) - tail])
    return [block.moved(head, head) for block in inner]


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _equal_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    shorter = min(len(a), len(b))
    head = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    tail = next((i for i in range(shorter - head) if a[-1 - i] != b[-1 - i]), shorter - head)
    return head, tail


def _split_at_anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    """Compare in full what is small; what is large is split at lines that occur once on both sides."""
    if len(a) * len(b) <= _MAX_CELLS:
        return _compared(a, b)
    blocks: list[Block] = []
    old, new = 0, 0
    for anchor_old, anchor_new in [*_anchors(a, b), (len(a), len(b))]:
        found = _compared(a[old:anchor_old], b[new:anchor_new])
        blocks += [block.moved(old, new) for block in found]
        old, new = anchor_old + 1, anchor_new + 1
    return blocks


def _compared(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    from rapidfuzz.distance import LCSseq

    if not a and not b:
        return []
    if not a or not b or len(a) * len(b) > _MAX_CELLS:
        return [Block(0, len(a), 0, len(b))]
    numbers: dict[Hashable, int] = {}
    first, second = ([numbers.setdefault(item, len(numbers)) for item in items] for items in (a, b))
    return _joined(
        Block(code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in LCSseq.opcodes(first, second)
        if code.tag != "equal"
    )


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """Make one block of those that touch."""
    result: list[Block] = []
    for block in blocks:
        last = result[-1] if result else None
        if last is not None and (last.old_end, last.new_end) == (block.old_start, block.new_start):
            result[-1] = Block(last.old_start, block.old_end, last.new_start, block.new_end)
        else:
            result.append(block)
    return result


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair the items that occur once in each: the longest run of pairs that rises on both sides."""
    counts_a, counts_b = Counter(a), Counter(b)
    place_in_b = {item: index for index, item in enumerate(b) if counts_b[item] == 1}
    pairs = [(i, place_in_b[item]) for i, item in enumerate(a) if counts_a[item] == 1 and item in place_in_b]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        at[length : length + 1] = [index]
    result: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        result.append(pairs[index])
        index = before[index]
    return result[::-1]


def _body(a: Sequence[str], b: Sequence[str], blocks: Sequence[Block]) -> Iterator[str]:
    group: list[Block] = []
    for block in blocks:
        if group and block.old_start - group[-1].old_end > 2 * _CONTEXT:
            yield from _hunk(a, b, group)
            group = []
        group.append(block)
    yield from _hunk(a, b, group)


def _hunk(a: Sequence[str], b: Sequence[str], blocks: Sequence[Block]) -> Iterator[str]:
    first, last = blocks[0], blocks[-1]
    above = min(_CONTEXT, first.old_start)
    below = min(_CONTEXT, len(a) - last.old_end)
    old = _range(first.old_start - above, last.old_end + below)
    new = _range(first.new_start - above, last.new_end + below)
    yield f"@@ -{old} +{new} @@\n"
    at = first.old_start - above
    for block in blocks:
        yield from _signed(" ", a[at : block.old_start])
        yield from _signed("-", a[block.old_start : block.old_end])
        yield from _signed("+", b[block.new_start : block.new_end])
        at = block.old_end
    yield from _signed(" ", a[at : last.old_end + below])


def _range(start: int, end: int) -> str:
    return f"{start + (end > start)},{end - start}"


def _signed(sign: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _cut(head: str, lines: Iterator[str], max_chars: int) -> str:
    kept, room = [head], max_chars
    for line in lines:
        room -= len(line)
        if room < 0:
            left_out = 1 + sum(1 for _ in lines)
            return "".join(kept) + f"... {left_out} more lines of this diff are left out\n"
        kept.append(line)
    return "".join(kept)
