"""The targets of `make fuzz`, with their seeds, with what once made them raise, and with a few changes of either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.hostile_worker import broken_bytes
from tests.corpus.long_runs import longer
from tests.fuzz import TARGETS
from tests.fuzz.targets import BY_NAME

FUZZ = Path(__file__).parents[1] / "fuzz"
INPUTS = {
    name: [*sorted((FUZZ / "seeds" / name).iterdir()), *sorted((FUZZ / "found").glob(f"{name}-*"))] for name in TARGETS
}


def test_every_target_is_run_by_make_fuzz_with_seeds_and_words() -> None:
    makefile = (FUZZ.parents[1] / "Makefile").read_text()
    named = re.search(r"^FUZZ_TARGETS := (.*)$", makefile, re.MULTILINE)
    assert named is not None
    assert tuple(named[1].split()) == TARGETS == tuple(BY_NAME)
    for name in TARGETS:
        assert (FUZZ / f"{name}.dict").stat().st_size
        assert INPUTS[name]


def test_every_input_that_was_found_belongs_to_a_target() -> None:
    known = {path for paths in INPUTS.values() for path in paths}
    assert set((FUZZ / "found").iterdir()) <= known


@pytest.mark.parametrize("name", TARGETS)
def test_no_seed_and_nothing_that_was_found_breaks_a_promise(name: str) -> None:
    for path in INPUTS[name]:
        BY_NAME[name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@longer(25)
@given(data=st.data())
def test_no_changed_seed_breaks_a_promise(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from([path for path in INPUTS[name] if path.stat().st_size < 4000]))
    BY_NAME[name](data.draw(broken_bytes(seed.read_bytes())))
