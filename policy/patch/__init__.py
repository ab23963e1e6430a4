"""Patches in the apply_patch format: read them, put their chunks into a text, show a change as a diff. Values only."""

from policy.patch.diff import Diff, render_diff
from policy.patch.grammar import AddFile, Chunk, DeleteFile, Hunk, Patch, PatchError, UpdateFile, parse_patch
from policy.patch.matching import MatchError, Mismatch, apply_chunks, describe_nearest

__all__ = [
    "AddFile",
    "Chunk",
    "DeleteFile",
    "Diff",
    "Hunk",
    "MatchError",
    "Mismatch",
    "Patch",
    "PatchError",
    "UpdateFile",
    "apply_chunks",
    "describe_nearest",
    "parse_patch",
    "render_diff",
]
