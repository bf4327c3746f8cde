"""Answers are read message by message, with the bytes of each, up to one that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from archiver.sources.telegram.history import (
    DifferenceAnswer,
    DifferenceRequest,
    Garbled,
    HistoryAnswer,
    HistoryRequest,
    message_of,
)
from tests.server import raw, unknown
from tests.sources.telegram.messages import DATE, HARBOUR, channel, message, service

DICE = types.MessageMediaDice(3, "🎲")
QUERY = functions.messages.GetHistoryRequest(types.InputPeerSelf(), 0, None, 0, 100, 0, 0, 0)


def broken(made: Any, part: Any) -> Any:
    """A message in which the constructor of a part is one of a layer to come."""
    whole, inner = bytes(made), bytes(part)
    assert whole.count(inner) == 1
    return raw(whole.replace(inner, unknown(inner[4:])))


def page(*messages: Any, **more: Any) -> types.messages.ChannelMessages:
    told: dict[str, Any] = {"topics": [], "chats": [channel()], "users": []}
    return types.messages.ChannelMessages(90, 3, list(messages), **(told | more))


def read(answer: Any, request: Any = HistoryRequest) -> Any:
    return request(QUERY).read_result(BinaryReader(bytes(answer)))


def history(answer: Any) -> HistoryAnswer:
    found = read(answer)
    assert isinstance(found, HistoryAnswer)
    return found


def test_a_page_is_what_telethon_reads_with_the_bytes_of_each_message():
    messages = [message(9, media=DICE), service(types.MessageActionPinMessage()), message(7)]
    for made in (page(*messages), page(*messages, offset_id_offset=5, inexact=True)):
        usual = BinaryReader(bytes(made)).tgread_object()
        found = history(made)
        assert (found.pts, found.count, found.unreadable) == (90, 3, None)
        assert [one.message.to_dict() for one in found.messages] == [
            one.to_dict() for one in usual.messages
        ]
        assert [one.raw for one in found.messages] == [bytes(one) for one in messages]
        assert [one.title for one in found.chats] == ["Harbour"]


def test_an_empty_page():
    found = history(page())
    assert (found.messages, found.unreadable) == ((), None)


def test_what_precedes_an_unreadable_message_is_kept():
    bad = broken(message(8, "Fares rise.", media=DICE), DICE)
    found = history(page(message(9), bad, message(7)))
    assert [one.message.id for one in found.messages] == [9]
    assert found.chats == ()
    assert found.unreadable is not None
    assert found.unreadable.position == 1
    assert found.unreadable.raw.startswith(bytes(bad))
    assert found.unreadable.message_id == 8
    assert (found.unreadable.date, found.unreadable.text) == (DATE, "Fares rise.")


def test_a_forward_header_that_cannot_be_read_hides_date_and_text_but_not_the_id():
    header = types.MessageFwdHeader(DATE - 9, from_name="Somebody")
    found = history(page(broken(message(8, fwd_from=header, from_rank="Captain"), header)))
    assert found.unreadable is not None
    assert (found.unreadable.message_id, found.unreadable.position) == (8, 0)
    assert (found.unreadable.date, found.unreadable.text) == (None, "")


def test_a_forward_header_that_can_be_read_is_not_taken_for_the_message():
    header = types.MessageFwdHeader(DATE - 9, from_name="Somebody", channel_post=3)
    made = message(8, "Fares rise.", fwd_from=header, from_rank="Captain", media=DICE)
    found = history(page(broken(made, DICE))).unreadable
    assert found is not None
    assert (found.message_id, found.date, found.text) == (8, DATE, "Fares rise.")


def test_an_unreadable_action():
    action = types.MessageActionChatEditTitle("Quay")
    found = history(page(broken(service(action), action))).unreadable
    assert found is not None
    assert (found.message_id, found.date, found.text) == (8, DATE, "")


def test_an_unknown_message_has_no_id():
    found = history(page(raw(unknown()), message(7))).unreadable
    assert found is not None
    assert (found.position, found.message_id, found.date) == (0, None, None)
    assert found.raw.startswith(unknown())


def test_an_unreadable_chat_costs_names_only():
    found = history(page(message(9), chats=[raw(unknown()), channel()]))
    assert [one.message.id for one in found.messages] == [9]
    assert (found.unreadable, found.chats) == (None, ())


def test_other_answers_are_as_telethon_reads_them():
    same = types.messages.MessagesNotModified(3)
    assert read(same).to_dict() == same.to_dict()
    empty = types.updates.ChannelDifferenceEmpty(7, final=True)
    assert read(empty, DifferenceRequest).to_dict() == empty.to_dict()


@pytest.mark.parametrize("request_", [HistoryRequest, DifferenceRequest])
def test_an_answer_that_cannot_be_read_is_no_error(request_: Any):
    assert read(raw(unknown()), request_) == Garbled(unknown())
    assert read(raw(b""), request_) == Garbled(b"")


def test_on_the_wire_it_is_a_request_without_updates():
    assert bytes(HistoryRequest(QUERY)) == bytes(functions.InvokeWithoutUpdatesRequest(QUERY))


# -- differences -----------------------------------------------------------------------------


def difference(*messages: Any, updates: Any = (), **more: Any) -> Any:
    told: dict[str, Any] = {"chats": [channel()], "users": [], "final": True}
    return types.updates.ChannelDifference(91, list(messages), list(updates), **(told | more))


def test_a_difference_keeps_the_bytes_of_messages_inside_updates():
    new, edited = message(9), message(7, "Ten, not nine.", edit_date=DATE + 60)
    gone = types.UpdateDeleteChannelMessages(HARBOUR, [3, 4], 91, 2)
    updates = [types.UpdateEditChannelMessage(edited, 90, 1), gone]
    for more in ({}, {"timeout": 30}, {"final": False}):
        found = read(difference(new, updates=updates, **more), DifferenceRequest)
        assert isinstance(found, DifferenceAnswer)
        assert (found.pts, found.final) == (91, more.get("final", True))
        assert [one.raw for one in found.messages] == [bytes(new)]
        kept = message_of(found.updates[0])
        assert (kept.raw, kept.message.message) == (bytes(edited), "Ten, not nine.")
        assert found.updates[1].message.messages == [3, 4]
        assert [one.title for one in found.chats] == ["Harbour"]


def test_an_unreadable_difference_is_garbled_as_a_whole():
    bad = broken(message(8, media=DICE), DICE)
    assert isinstance(read(difference(message(9), bad), DifferenceRequest), Garbled)


# -- anything --------------------------------------------------------------------------------

EDIT = types.UpdateEditChannelMessage(message(7), 90, 1)
WHOLE = (
    bytes(page(message(9, media=DICE), message(8, entities=[types.MessageEntityBold(0, 3)]))),
    bytes(difference(message(9), updates=[EDIT])),
)


@given(st.sampled_from(WHOLE), st.integers(4, 400), st.binary(max_size=8), st.booleans())
def test_no_bytes_at_all_are_an_error(whole: bytes, at: int, noise: bytes, cut: bool):
    data = whole[:at] + noise + (b"" if cut else whole[at + len(noise) :])
    for request in (HistoryRequest, DifferenceRequest):
        assert read(raw(data), request) is not None
