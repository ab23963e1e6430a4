"""A signal stops the innermost of what goes on, once."""

from __future__ import annotations

import signal

from harness.cli.running import Switch


def test_a_signal_stops_the_innermost_alone() -> None:
    switch, stopped = Switch(), list[str]()
    with switch.stops(lambda: stopped.append("outer")):
        with switch.stops(lambda: stopped.append("inner")):
            switch.throw(signal.SIGINT)
            assert stopped == ["inner"]
        switch.throw(signal.SIGINT)
    assert stopped == ["inner", "outer"]


def test_a_signal_while_nothing_goes_on_is_remembered_and_stops_what_begins() -> None:
    switch, stopped = Switch(), list[str]()
    switch.throw(signal.SIGINT)
    assert switch.thrown
    with switch.stops(lambda: stopped.append("later")):
        assert stopped == ["later"]


def test_what_has_ended_is_not_stopped() -> None:
    switch, stopped = Switch(), list[str]()
    with switch.stops(lambda: stopped.append("ended")):
        pass
    switch.throw(signal.SIGTERM)
    assert stopped == []


def test_ctrl_c_can_be_taken_back_and_sigterm_cannot() -> None:
    switch = Switch()
    switch.throw(signal.SIGINT)
    switch.take_back()
    assert not switch.thrown
    switch.throw(signal.SIGTERM)
    switch.take_back()
    assert switch.thrown
