"""Merging limits is commutative and only tightens."""

from hypothesis import given
from hypothesis import strategies as st

from policy.limits import Limits

_FIELDS = {name: getattr(Limits(), name) for name in Limits.model_fields}


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    names = draw(st.sets(st.sampled_from(sorted(_FIELDS))))
    return Limits(**{name: draw(st.integers(10, 150)) for name in names})


def _values(one: Limits) -> dict[str, object]:
    return one.model_dump()


@given(limits(), limits())
def test_tightening_never_loosens(one: Limits, other: Limits) -> None:
    """Only tightens: no field of the result is above either's."""
    merged = one.tightened(other)
    for name in _FIELDS:
        assert getattr(merged, name) <= getattr(one, name)
        if name in other.model_fields_set:
            assert getattr(merged, name) <= getattr(other, name)


@given(limits(), limits())
def test_tightening_is_commutative_over_what_was_set(one: Limits, other: Limits) -> None:
    """Both orders, started from the defaults, end at the same limits."""
    base = Limits()
    assert _values(base.tightened(one).tightened(other)) == _values(base.tightened(other).tightened(one))


@given(limits())
def test_only_fields_that_were_set_count(one: Limits) -> None:
    """A field nobody set changes nothing, even where the default is tighter."""
    loose = Limits(wall_time_s=100, tool_calls=1000)
    merged = loose.tightened(one)
    if "wall_time_s" not in one.model_fields_set:
        assert merged.wall_time_s == 100
    assert loose.loosened_by(merged) == []
