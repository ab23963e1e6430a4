"""What a patch comes to, worked out hunk by hunk on the files as they would be by then; nothing is written.

All hunks are looked at even when one fails, so that a model learns of every problem at once.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from harness.errors import CallError
from harness.tools.builtin.changes import Change
from harness.tools.builtin.places import MAX_FILE_BYTES, Place, Places
from harness.tools.builtin.workspace import shown
from policy.patch import AddFile, DeleteFile, Diff, Hunk, MatchError, Mismatch, UpdateFile, apply_chunks, render_diff

MAX_DIFF_CHARS = 65_536
"""Characters of diff in one result; what is longer is cut, and says so."""

MAX_HELD_BYTES = 64 * 1024**2
"""Bytes of all the files that one patch may read."""

Kind = Literal["added", "updated", "deleted", "moved"]


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a hunk leads.

    Attributes:
        hunk: The hunk.
        number: Which one of the patch, from 1.
        entry: The path itself: what deleting and moving take away.
        content: Where its content stands, behind a link if the path is one.
        move_to: Where it goes, or None.
    """

    hunk: Hunk
    number: int
    entry: Place
    content: Place
    move_to: Place | None = None

    def places(self) -> Iterator[Place]:
        """Everything that is read, written or removed; what is read must be allowed to be written, too."""
        yield self.content
        if self.move_to is not None:
            yield self.entry
            yield self.move_to


def targets_of(places: Places, hunks: Iterable[Hunk]) -> list[Targets]:
    """Find where every hunk leads.

    Raises:
        DeniedError, CallError: as `Places.resolve`.
    """
    return [_targets(places, hunk, number) for number, hunk in enumerate(hunks, 1)]


def _targets(places: Places, hunk: Hunk, number: int) -> Targets:
    entry = places.resolve(hunk.path, follow=False)
    content = entry if isinstance(hunk, DeleteFile) else places.resolve(hunk.path)
    has_move = isinstance(hunk, UpdateFile) and hunk.move_to is not None
    move_to = places.resolve(str(hunk.move_to)) if has_move and isinstance(hunk, UpdateFile) else None
    return Targets(hunk, number, entry, content, None if move_to and move_to.path == content.path else move_to)


@dataclass(slots=True, eq=False)
class File:
    """A file as it stands, and as the patch would leave it.

    Attributes:
        place: Where.
        before: What lstat(2) says of it, None if nothing stands there.
        old: Its content, None if there is none, or it is no regular file, or too large.
        exists: Whether it exists after the hunks so far.
        content: What it holds then.
        mode: Its permissions then, None for those of any new file.
        origin: The file whose content it carries on: itself, the one that was moved here, or None if it is new.
        is_written: Whether a hunk wrote it.
    """

    place: Place
    before: os.stat_result | None
    old: bytes | None
    exists: bool
    content: bytes | None
    mode: int | None
    origin: File | None = None
    is_written: bool = False

    def write(self, content: bytes, *, mode: int | None, origin: File | None) -> None:
        """Give it a content."""
        self.exists, self.is_written = True, True
        self.content, self.mode, self.origin = content, mode, origin

    def remove(self) -> None:
        """Take it away."""
        self.exists, self.is_written = False, False
        self.content, self.mode, self.origin = None, None, None

    def is_a(self, test: Callable[[int], bool]) -> bool:
        """Say whether what stood there is of a type, by a test of the `stat` module."""
        return self.before is not None and not self.is_written and test(self.before.st_mode)


class Plan:
    """The files that a patch touches.

    Args:
        places: Where they are.
        pause: Called between pieces of work; raises to end it.
    """

    def __init__(self, places: Places, pause: Callable[[], object]) -> None:
        self._places = places
        self._pause = pause
        self._files: dict[str, File] = {}
        self._failed: set[str] = set()
        self._held = 0
        self.problems: list[str] = []

    def add(self, target: Targets) -> None:
        """Work out one hunk. What is wrong with it is kept in `problems`, and later hunks of the file are left out."""
        path = target.content.path
        if path in self._failed:
            return
        try:
            self._apply(target)
        except MatchError as error:
            self._failed.add(path)
            self.problems += [_told(target, f", {_in_chunk(item)}") for item in error.mismatches]
        except CallError as error:
            if error.code == "tool.timeout":
                raise
            self._failed.add(path)
            hint = f"; {error.hint}" if error.hint else ""
            self.problems.append(_told(target, f": {error.message}{hint}"))

    def changes(self) -> list[Change]:
        """What is to be written and removed."""
        return [
            Change(file.place, file.before, file.content, file.mode)
            for file in self._files.values()
            if (file.is_written and file.content != file.old) or (file.before is not None and not file.exists)
        ]

    def report(self) -> tuple[list[dict[str, object]], str]:
        """Tell the changes as the tool returns them, and the diff of them all."""
        told: list[dict[str, object]] = []
        diffs: list[str] = []
        room = MAX_DIFF_CHARS
        moved = {file.origin for file in self._files.values() if file.is_written and file.origin is not file}
        for file in self._files.values():
            kind = _kind(file)
            if kind is None or (kind == "deleted" and file in moved):
                continue
            self._pause()
            diff = _diff(file, kind, room)
            room = max(0, room - len(diff.text))
            diffs.append(diff.text)
            told.append(_change(file, kind, diff))
        return told, "".join(diffs)

    def _apply(self, target: Targets) -> None:
        hunk = target.hunk
        if isinstance(hunk, AddFile):
            file = self._room_for(self._content_place(target))
            content = "".join(f"{line}\n" for line in hunk.lines).encode()
            file.write(content, mode=file.mode, origin=file.origin)
        elif isinstance(hunk, DeleteFile):
            self._existing(target.entry).remove()
        else:
            self._update(target, hunk)

    def _update(self, target: Targets, hunk: UpdateFile) -> None:
        source = self._existing(self._content_place(target))
        content = self._updated(source, hunk)
        if target.move_to is None:
            if content == source.content:
                raise CallError("tool.failed", "the chunks change nothing: what they add is what they remove")
            source.write(content, mode=source.mode, origin=source.origin)
            return
        mode, origin = source.mode, source.origin
        gone = self._existing(target.entry)
        if gone is not source:  # a link: it goes, the file it leads to stays
            gone.old, origin = source.old, gone
        self._room_for(target.move_to).write(content, mode=mode, origin=origin)
        gone.remove()

    def _updated(self, source: File, hunk: UpdateFile) -> bytes:
        if source.content is None:
            raise CallError(
                "tool.failed", f"{shown(hunk.path)} is larger than {MAX_FILE_BYTES:,} bytes, the most that is changed"
            )
        if not hunk.chunks:
            return source.content
        if b"\0" in source.content:
            raise CallError("tool.failed", f"{shown(hunk.path)} is a binary file, not text")
        text = source.content.decode("utf-8", "surrogateescape")
        return apply_chunks(text, hunk.chunks, pause=self._pause).encode("utf-8", "surrogateescape")

    def _content_place(self, target: Targets) -> Place:
        """Where the content stands by now: a link may be gone, or have become a file."""
        entry = self._files.get(target.entry.path)
        return target.content if entry is None or (entry.is_a(stat.S_ISLNK) and entry.exists) else target.entry

    def _existing(self, place: Place) -> File:
        file = self._file(place)
        if not file.exists:
            raise self._places.missing(place) if file.before is None else _gone(place)
        return _checked(file)

    def _room_for(self, place: Place) -> File:
        file = _checked(self._file(place))
        inside = place.path + "/"
        for other in self._files.values():
            if other.exists and other.is_written and other is not file:
                if other.place.path.startswith(inside):
                    raise CallError("tool.failed", f"{shown(place.asked)} is a folder by then, not a file")
                if place.path.startswith(other.place.path + "/"):
                    raise CallError("tool.failed", f"{shown(other.place.asked)} is a file by then, not a folder")
        return file

    def _file(self, place: Place) -> File:
        if place.path not in self._files:
            self._files[place.path] = self._opened(place)
        return self._files[place.path]

    def _opened(self, place: Place) -> File:
        self._pause()
        found = self._places.read(place)
        if found is None:
            return File(place, None, None, exists=False, content=None, mode=None)
        self._held += len(found.content or b"")
        if self._held > MAX_HELD_BYTES:
            raise CallError("tool.failed", f"the files of one patch may not be larger than {MAX_HELD_BYTES:,} bytes")
        mode = stat.S_IMODE(found.status.st_mode) if found.is_file else None
        file = File(place, found.status, found.content, exists=True, content=found.content, mode=mode)
        file.origin = file
        return file


def _checked(file: File) -> File:
    """The file, if it is one that hunks may touch."""
    if file.is_a(stat.S_ISDIR):
        raise CallError("tool.failed", f"{shown(file.place.asked)} is a folder, not a file")
    if file.is_a(_is_other):
        raise CallError("tool.failed", f"{shown(file.place.asked)} is a pipe, socket or device; only files are changed")
    return file


def _is_other(mode: int) -> bool:
    return not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode))


def _gone(place: Place) -> CallError:
    return CallError("tool.failed", f"an earlier hunk removed {shown(place.asked)}")


def _kind(file: File) -> Kind | None:
    if not file.exists:
        return None if file.before is None else "deleted"
    if not file.is_written:
        return None
    if file.origin is not None and file.origin is not file:
        return "moved"
    return "added" if file.before is None else "updated"


def _diff(file: File, kind: Kind, room: int) -> Diff:
    origin = file.origin if kind == "moved" and file.origin is not None else file
    old_name = "/dev/null" if kind == "added" else f"a/{origin.place.shown}"
    new_name = "/dev/null" if kind == "deleted" else f"b/{file.place.shown}"
    old = b"" if kind == "added" else origin.old
    new = b"" if kind == "deleted" else file.content
    if old is None or new is None or b"\0" in old or b"\0" in new:
        return Diff(f"Binary files {old_name} and {new_name} differ\n", 0, 0)
    before, after = old.decode("utf-8", "replace"), new.decode("utf-8", "replace")
    return render_diff(before, after, old_name=old_name, new_name=new_name, max_chars=room)


def _change(file: File, kind: Kind, diff: Diff) -> dict[str, object]:
    told: dict[str, object] = {"path": file.place.shown, "kind": kind, "added": diff.added, "removed": diff.removed}
    if kind == "moved" and file.origin is not None:
        told["from"] = file.origin.place.shown
    return told


def _in_chunk(item: Mismatch) -> str:
    return f"chunk {item.chunk} at line {item.at} of the patch: {item.message}"


def _told(target: Targets, what: str) -> str:
    hunk = target.hunk
    kind = "add" if isinstance(hunk, AddFile) else "delete" if isinstance(hunk, DeleteFile) else "update"
    return f"hunk {target.number} ({kind} {shown(hunk.path)}){what}"
