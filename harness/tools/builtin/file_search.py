"""`file_search`: files whose path is like a query."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from pydantic import BaseModel, ConfigDict, Field

from harness.tools.binding import Tool
from harness.tools.builtin.gitignore import compiled_glob
from harness.tools.builtin.patience import Patience, in_thread
from harness.tools.builtin.walk import Walk
from harness.tools.builtin.workspace import Workspace

_BUDGET_S = 10.0
_MIN_SCORE = 60.0

Score = Callable[[str], float]


class FileSearch(BaseModel):
    """Arguments of `file_search`."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(
        min_length=1,
        max_length=200,
        description="Part of a path, typing errors allowed ('harnes/regstry'), or a glob ('**/*.py').",
    )
    path: str = Field(".", description="Folder to search in, below the workspace root.")
    limit: int = Field(20, ge=1, le=1_000, description="How many files to return at most.")
    gitignore: bool = Field(True, description="Leave out .git and what .gitignore files leave out.")


def file_search_tool(workspace: Workspace) -> Tool:
    """Make the tool `file_search`.

    It returns `{"matches", "searched", "truncated"}`: the matches, best first, each `{"path", "score"}` with the path
    below the workspace root and a score up to 100; how many files were looked at; and whether there may be more.
    A query with `*`, `?` or `[` is a glob, which matches as a line of a `.gitignore` does; its matches all score
    100 and are sorted by path. Secret files are not found, links not followed.

    Errors: `policy.forbidden`; `tool.failed` for a missing folder; `tool.invalid_arguments` for an impossible glob.
    """

    async def handle(arguments: FileSearch) -> object:
        return await in_thread(lambda patience: _search(workspace, arguments, patience), budget_s=_BUDGET_S)

    return Tool(
        name="file_search",
        description=(
            "Find files of the workspace by a part of their path, or by a glob. Returns a dict with matches (a list "
            "of dicts with path and score, best first), searched (how many files) and truncated."
        ),
        parameters=FileSearch,
        handler=handle,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {
        "matches": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "score": {"type": "number"}},
                "required": ["path", "score"],
            },
        },
        "searched": {"type": "integer"},
        "truncated": {"type": "boolean"},
    },
    "required": ["matches", "searched", "truncated"],
}


def _search(workspace: Workspace, arguments: FileSearch, patience: Patience) -> dict[str, object]:
    walk = Walk(workspace, patience, gitignore=arguments.gitignore)
    score = _score_of(arguments.query)
    searched = 0

    def scored() -> Iterator[tuple[float, int, str]]:
        nonlocal searched
        with workspace.open_folder(arguments.path) as opened:
            above = len("".join(f"{part}/" for part in opened.parts))
            for entry in walk.entries(opened):
                if entry.type == "file" and entry.is_utf8():
                    searched += 1
                    path = entry.path
                    if (points := score(path[above:])) >= _MIN_SCORE:
                        yield -points, len(path), path

    best = heapq.nsmallest(arguments.limit + 1, scored())
    return {
        "matches": [{"path": path, "score": round(-points, 1)} for points, _, path in best[: arguments.limit]],
        "searched": searched,
        "truncated": len(best) > arguments.limit or walk.cut_by is not None,
    }


def _score_of(query: str) -> Score:
    return _glob_score(query) if any(sign in query for sign in "*?[") else _likeness(query.strip())


def _glob_score(glob: str) -> Score:
    compiled = compiled_glob(glob)
    return lambda path: 100.0 if compiled.matches(path.split("/")) else 0.0


def _likeness(query: str) -> Score:
    """Score how much a path is like the query: the best stretch of it, of its name, and letters in order.

    The three agree on what a person means by "like": a part of the path, a name with a slip, initials.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import LCSseq

    wanted = query.casefold()

    def score(path: str) -> float:
        folded = path.casefold()
        name = folded.rpartition("/")[2]
        in_order = 100.0 * LCSseq.similarity(wanted, folded) / len(wanted) if wanted else 0.0
        of_name = fuzz.ratio(wanted, name) if "/" not in wanted else fuzz.ratio(wanted, folded)
        stretch = fuzz.partial_ratio if len(wanted) <= len(folded) else fuzz.ratio
        return 0.6 * stretch(wanted, folded) + 0.25 * in_order + 0.15 * of_name

    return score
