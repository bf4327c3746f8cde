"""How often Telegram is asked: bursts, rates, floods and the way back, in told seconds."""

from __future__ import annotations

import pytest

from archiver.sources.telegram.pace import POLITE, SLOWEST, Pace

HISTORY = "messages.GetHistory"


def due(pace: Pace, method: str, times: int, now: float = 0.0) -> list[float]:
    """When each of so many requests, all wanted at `now`, may go."""
    return [round(now + pace.reserve(method, now), 3) for _ in range(times)]


def test_a_burst_goes_at_once_and_then_one_a_second() -> None:
    assert due(Pace.polite(), HISTORY, 13) == [0.0] * 10 + [1.0, 2.0, 3.0]


def test_the_rate_of_history_can_be_set() -> None:
    assert due(Pace.polite(history_per_minute=6), HISTORY, 12)[-2:] == [10.0, 20.0]


def test_a_quiet_time_fills_the_burst_and_no_more() -> None:
    pace = Pace.polite()
    due(pace, HISTORY, 10)
    assert due(pace, HISTORY, 12, now=3600.0) == [3600.0] * 10 + [3601.0, 3602.0]


def test_methods_do_not_share() -> None:
    pace = Pace.polite()
    due(pace, HISTORY, 10)
    assert due(pace, "channels.GetMessages", 12)[-3:] == [0.0, 5.0, 10.0]
    assert due(pace, "updates.GetChannelDifference", 11)[-1] == 0.5


def test_names_are_looked_up_seldom_and_only_so_many_a_run() -> None:
    pace = Pace.polite()
    assert due(pace, "contacts.ResolveUsername", 3) == [0.0, 10.0, 20.0]
    assert not pace.exhausted("contacts.ResolveUsername")
    due(pace, "contacts.ResolveUsername", 27)
    assert pace.exhausted("contacts.ResolveUsername")


def test_a_flood_pauses_and_halves() -> None:
    pace = Pace.polite()
    pace.flood(HISTORY, 100.0, until=105.0)
    assert pace.paused_until(HISTORY) == 105.0
    assert pace.speed(HISTORY) == 0.5
    later = due(pace, HISTORY, 3, now=105.0)
    assert later[0] == 105.0
    assert later[1:] == [pytest.approx(107.0, abs=0.1), pytest.approx(109.0, abs=0.1)]


def test_speed_comes_back_by_a_tenth_a_minute() -> None:
    pace = Pace.polite()
    pace.flood(HISTORY, 0.0, until=0.0)
    pace.reserve(HISTORY, 60.0)
    assert pace.speed(HISTORY) == pytest.approx(0.6)
    pace.reserve(HISTORY, 3600.0)
    assert pace.speed(HISTORY) == 1.0


def test_many_floods_never_stop_a_method_for_good() -> None:
    pace = Pace.polite()
    for _ in range(20):
        pace.flood(HISTORY, 0.0, until=1.0)
    assert pace.speed(HISTORY) == SLOWEST


def test_a_shorter_flood_does_not_end_a_longer_one() -> None:
    pace = Pace.polite()
    pace.flood(HISTORY, 0.0, until=100.0)
    pace.flood(HISTORY, 1.0, until=5.0)
    assert pace.paused_until(HISTORY) == 100.0


def test_a_clock_set_back_gives_nothing_and_takes_nothing() -> None:
    pace = Pace.polite()
    due(pace, HISTORY, 10, now=1000.0)
    assert due(pace, HISTORY, 1, now=400.0) == [401.0]


def test_unlimited_is_without_waits_but_for_the_servers_own() -> None:
    pace = Pace.unlimited()
    assert due(pace, "contacts.ResolveUsername", 100) == [0.0] * 100
    assert not pace.exhausted("contacts.ResolveUsername")
    pace.flood(HISTORY, 0.0, until=9.0)
    assert pace.paused_until(HISTORY) == 9.0


def test_every_rate_can_be_kept() -> None:
    assert all(rate.per_second > 0 and rate.burst >= 1 for rate in POLITE.values())
