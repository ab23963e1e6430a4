"""Where the chunks of a patch belong in a text, and the text with them put in.

The old lines of a chunk are sought four times, each time through the whole rest of the text: as they are; without
white space at their ends; without any around them; with typographic dashes, quotes and spaces read as ASCII. What
stays is never rewritten, however loosely it matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policy.patch.grammar import Chunk, Line
from policy.patch.texts import TextLines, split_text

Pause = Callable[[], object]
"""Called between pieces of work; raises to end it."""

_ASCII = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    }
)
_COMPARED_LINES = 50  # of a chunk, when the nearest place is looked for
_COMPARED_CHARS = 200
_OCCURRENCES = 100
_MIN_LIKENESS = 60.0
_SHOWN_LINES = 8
_SHOWN_CHARS = 120


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A chunk that has no place in the text.

    Attributes:
        chunk: Which one, from 1.
        at: Line of the patch it begins at.
        message: What was not found and what is nearest, several lines.
    """

    chunk: int
    at: int
    message: str


class MatchError(ValueError):
    """Some chunks have no place in the text.

    Attributes:
        mismatches: All of them.
    """

    def __init__(self, mismatches: Sequence[Mismatch]) -> None:
        super().__init__("; ".join(item.message for item in mismatches))
        self.mismatches = tuple(mismatches)


def apply_chunks(text: str, chunks: Sequence[Chunk], *, pause: Pause = lambda: None) -> str:
    """Return the text with the chunks put in, in their order.

    Args:
        text: A file's text.
        chunks: Of one update.
        pause: Called often enough to end work that takes too long, by raising.

    Raises:
        MatchError: with every chunk that has no place.
    """
    split = split_text(text)
    placer = _Placer(_Haystack(split.lines, pause))
    for number, chunk in enumerate(chunks, 1):
        placer.place(number, chunk)
    if placer.mismatches:
        raise MatchError(placer.mismatches)
    return _with_edits(split, placer.edits)


def describe_nearest(text: str, wanted: Sequence[str], *, pause: Pause = lambda: None) -> str:
    """Say which lines of a text are most like the wanted ones; "" if none is."""
    return _nearest(_Haystack(split_text(text).lines, pause), list(wanted))


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines of a chunk that go where `start` says."""

    start: int
    lines: Sequence[Line]


class _Haystack:
    """The lines of a text, as each pass reads them."""

    def __init__(self, lines: Sequence[str], pause: Pause) -> None:
        self.lines = lines
        self.pause = pause
        self._keys: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def find(self, wanted: Sequence[str], start: int, *, at_end: bool = False) -> int | None:
        """Return where lines stand, or None. With `at_end` only the end of the text counts."""
        if at_end:
            start = max(start, len(self) - len(wanted))
        for number, key in enumerate(_PASSES):
            self.pause()
            found = self._find(self.keys(number), [key(line) for line in wanted], start)
            if found is not None:
                return found
        return None

    def keys(self, number: int) -> list[str]:
        """The lines as a pass reads them."""
        if number not in self._keys:
            key = _PASSES[number]
            self._keys[number] = [key(line) for line in self.lines]
        return self._keys[number]

    def _find(self, keys: list[str], wanted: list[str], start: int) -> int | None:
        count, end = len(wanted), len(keys) - len(wanted) + 1
        while start < end:
            try:
                start = keys.index(wanted[0], start, end)
            except ValueError:
                return None
            if keys[start + count - 1] == wanted[-1] and keys[start : start + count] == wanted:
                return start
            start += 1
            self.pause()
        return None


class _Placer:
    """Finds a place for one chunk after the other."""

    def __init__(self, haystack: _Haystack) -> None:
        self._haystack = haystack
        self._position = 0
        self.edits: list[_Edit] = []
        self.mismatches: list[Mismatch] = []

    def place(self, number: int, chunk: Chunk) -> None:
        start = self._position
        for context in chunk.contexts:
            found = self._haystack.find([context], start)
            if found is None:
                self._report(number, chunk, _context_not_found(self._haystack, context, start))
                return
            start = found + 1
        edit = self._edit(chunk, start)
        if edit is None:
            self._report(number, chunk, _lines_not_found(self._haystack, chunk, start))
            return
        self.edits.append(edit)
        old = _old(edit.lines)
        self._position = edit.start + len(old) if old else start

    def _edit(self, chunk: Chunk, start: int) -> _Edit | None:
        lines: Sequence[Line] = chunk.lines
        for _ in range(2):
            old = _old(lines)
            if not old:
                return _Edit(len(self._haystack), lines)
            found = self._haystack.find(old, start, at_end=chunk.is_at_end)
            if found is not None:
                return _Edit(found, lines)
            if old[-1]:
                return None
            lines = _without_last_empty(lines)
        return None

    def _report(self, number: int, chunk: Chunk, message: str) -> None:
        self.mismatches.append(Mismatch(number, chunk.at, message))


def _old(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines if line.op != "+"]


def _without_last_empty(lines: Sequence[Line]) -> list[Line]:
    """Leave out the empty line that the old lines end with: a model's way to write the last newline.

    What is added behind it stays behind it; at the very end the new lines lose it as well.
    """
    last = max(index for index, line in enumerate(lines) if line.op != "+")
    behind = list(lines[last + 1 :])
    if lines[last].op == " ":
        kept = [Line("+", ""), *behind] if behind else []
    else:
        kept = behind[:-1] if behind and not behind[-1].text else behind
    return [*lines[:last], *kept]


def _with_edits(split: TextLines, edits: Sequence[_Edit]) -> str:
    result: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.start):  # stable: what is appended keeps its order
        result += split.lines[done : edit.start]
        done = edit.start
        for line in edit.lines:
            if line.op == "+":
                result.append(line.text + _carriage_return(split.lines, done))
                continue
            if line.op == " ":
                result.append(split.lines[done])
            done += 1
    return split.joined(result + split.lines[done:])


def _carriage_return(lines: Sequence[str], index: int) -> str:
    """The "\\r" of a line that is put before `index`, if the line above it has one."""
    above = max(0, index - 1)
    return "\r" if above < len(lines) and lines[above].endswith("\r") else ""


def _exact(line: str) -> str:
    return line.removesuffix("\r")


def _plain(line: str) -> str:
    return line.translate(_ASCII).strip()


_PASSES: tuple[Callable[[str], str], ...] = (_exact, str.rstrip, str.strip, _plain)
_PLAIN = len(_PASSES) - 1


def _context_not_found(haystack: _Haystack, context: str, start: int) -> str:
    said = f"the line behind '@@' was not found{_below(start)}:\n{_shown(context)}"
    if context.startswith("-") and context.rstrip().endswith("@@"):
        return f"{said}\n  line numbers mean nothing here: write '@@' alone, or '@@ ' and a whole line of the file"
    return said + _hint(haystack, [context], start)


def _lines_not_found(haystack: _Haystack, chunk: Chunk, start: int) -> str:
    old = _old(chunk.lines)
    where = " at the end of the file" if chunk.is_at_end else _below(start)
    lines = [_shown(line) for line in old[:_SHOWN_LINES]]
    if len(old) > _SHOWN_LINES:
        lines.append(f"    ... and {len(old) - _SHOWN_LINES} more")
    return "\n".join([f"these lines were not found{where}:", *lines]) + _hint(haystack, old, start)


def _below(start: int) -> str:
    return f" below line {start}" if start else ""


def _hint(haystack: _Haystack, wanted: list[str], start: int) -> str:
    found = haystack.find(wanted, 0)
    if found is None:
        nearest = _nearest(haystack, wanted)
    elif found < start:
        nearest = f"they stand at line {found + 1}; chunks must be in the order of the file"
    else:
        nearest = f"they stand at line {found + 1}, and that is not its end"
    return f"\n  {nearest}" if nearest else ""


def _nearest(haystack: _Haystack, wanted: list[str]) -> str:
    keys = haystack.keys(_PLAIN)
    plain = [_plain(line) for line in wanted[:_COMPARED_LINES]]
    start = _most_agreeing(keys, plain)
    if start is None:
        return _most_alike(haystack, keys, plain)
    differs = next((i for i, key in enumerate(plain) if not _has(keys, start + i, key)), None)
    if differs is None:
        return _differs_in_signs(haystack.lines, wanted, start)
    if not 0 <= start + differs < len(keys):
        return f"the nearest place is line {max(0, start) + 1}, but the file ends before\n{_shown(wanted[differs])}"
    return (
        f"the nearest place is line {max(0, start) + 1}, but line {start + differs + 1} is\n"
        f"{_shown(haystack.lines[start + differs])}\n  and not\n{_shown(wanted[differs])}"
    )


def _differs_in_signs(lines: Sequence[str], wanted: Sequence[str], start: int) -> str:
    """Say what differs where the lines are alike but for what the last pass leaves out, as far as was compared."""
    there = enumerate(zip(wanted, lines[start : start + _COMPARED_LINES], strict=False))
    differs = next((i for i, (line, found) in there if line != _exact(found)), None)
    if differs is None:
        return f"the first {_COMPARED_LINES} of them stand at line {start + 1}"
    return f"line {start + differs + 1} is like it but for white space or signs:\n{_shown(lines[start + differs])}"


def _has(keys: Sequence[str], index: int, key: str) -> bool:
    return 0 <= index < len(keys) and keys[index] == key


def _most_agreeing(keys: Sequence[str], plain: Sequence[str]) -> int | None:
    """Return where most of the lines would stand right, counting none that are everywhere."""
    places: dict[str, list[int]] = {key: [] for key in plain if key}
    for index, key in enumerate(keys):
        found = places.get(key)
        if found is not None and len(found) < _OCCURRENCES:
            found.append(index)
    votes = Counter(index - offset for offset, key in enumerate(plain) for index in places.get(key, ()))
    return max(votes, key=lambda start: (votes[start], -start), default=None)


def _most_alike(haystack: _Haystack, keys: Sequence[str], plain: Sequence[str]) -> str:
    """Name the line that is most like the first one that was wanted."""
    from rapidfuzz import fuzz, process

    first = next((key for key in plain if key), None)
    if first is None:
        return ""
    haystack.pause()
    cut = [key[:_COMPARED_CHARS] for key in keys]
    found = process.extractOne(first[:_COMPARED_CHARS], cut, scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS)
    return "" if found is None else f"the nearest is line {found[2] + 1}:\n{_shown(haystack.lines[found[2]])}"


def _shown(line: str) -> str:
    """Show a line of a file or a patch in a message, cut, with nothing that UTF-8 cannot carry."""
    text = line.removesuffix("\r").encode("utf-8", "replace").decode()
    return "    " + (text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…")
