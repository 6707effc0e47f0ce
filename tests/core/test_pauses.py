"""What is done now and then is due at first, then after its pause, and not before."""

import pytest

from core.pauses import Pause


def test_a_turn_is_due_at_first_and_again_when_its_pause_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = Pause(10)
    assert pause.is_over
    instants = iter([100.0, 100.0, 109.9, 110.0])
    monkeypatch.setattr("core.pauses.time.monotonic", lambda: next(instants))
    pause.begin()
    assert [pause.is_over for _ in range(3)] == [False, False, True]
