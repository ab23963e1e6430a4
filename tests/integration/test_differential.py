"""Every snippet of the corpus, through plain CPython and through the harness: same value, output and exception."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from harness import Harness
from tests.corpus.observed import Observed
from tests.corpus.plain_python import PlainPython
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
    assert Observed.of(outcome) == expected


@pytest.mark.parametrize("problem", PROBLEMS, ids=_named)
async def test_algorithms_code_runs_unchanged(problem: Snippet, harness: Harness, plain_python: PlainPython) -> None:
    expected = plain_python.run(problem.source)
    assert expected.error_type is None, "the solution itself is wrong"
    outcome = await harness.run(problem.source)
    assert outcome.error is None
    assert Observed.of(outcome) == expected


def test_the_corpus_is_broad() -> None:
    assert len(SNIPPETS) >= 320
    assert len(PROBLEMS) >= 40
