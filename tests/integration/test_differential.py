"""Every snippet of the corpus, through plain CPython and through the harness: same value, same output, same exception."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from harness import Harness, Outcome

from tests.corpus.plain_python import Observed, PlainPython
from tests.corpus.snippets import ALGORITHMS, DIFFERENTIAL, Snippet, read_snippets

SNIPPETS = read_snippets(DIFFERENTIAL)
PROBLEMS = read_snippets(ALGORITHMS)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    async with Harness() as running:
        yield running


@pytest.fixture(scope="module")
def plain_python() -> Iterator[PlainPython]:
    with PlainPython() as reference:
        yield reference


def observed(outcome: Outcome) -> Observed:
    """The part of an outcome that plain CPython has too."""
    if outcome.error is None:
        return Observed(outcome.value, outcome.logs)
    kind = outcome.error.details.get("exception", outcome.error.code)
    message = outcome.error.message.removeprefix(f"{kind}: ") if outcome.error.message != kind else ""
    frames = outcome.error.details.get("traceback")
    assert isinstance(frames, list)
    return Observed(None, outcome.logs, str(kind), message, [f"{f['line']} {f['function']}" for f in frames])


def _named(snippet: Snippet) -> str:
    return snippet.name


@pytest.mark.parametrize("snippet", [s for s in SNIPPETS if s.runs_here()], ids=_named)
async def test_a_snippet_does_the_same_in_the_harness_as_in_plain_python(
    snippet: Snippet, harness: Harness, plain_python: PlainPython
) -> None:
    expected = plain_python.run(snippet.source)
    assert expected.error_type == snippet.raises, "the snippet itself is wrong"
    outcome = await harness.run(snippet.source)
    assert outcome.diagnostics == ()
    assert observed(outcome) == expected


@pytest.mark.parametrize("problem", PROBLEMS, ids=_named)
async def test_algorithms_code_runs_unchanged(problem: Snippet, harness: Harness, plain_python: PlainPython) -> None:
    expected = plain_python.run(problem.source)
    assert expected.error_type is None, "the solution itself is wrong"
    outcome = await harness.run(problem.source)
    assert outcome.error is None
    assert observed(outcome) == expected


def test_the_corpus_is_broad() -> None:
    assert len(SNIPPETS) >= 320
    assert len(PROBLEMS) >= 40
