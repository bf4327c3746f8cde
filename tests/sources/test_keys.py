"""Marked and synthetic ids."""

from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Channel, OriginKind
from archiver.sources.keys import (
    Occurrences,
    channel_key,
    channel_named,
    marked,
    marked_channel,
    peer,
    synthetic_id,
)


def test_marked_ids_are_telegrams():
    assert marked(OriginKind.CHANNEL, 1234567890) == -1001234567890
    assert marked(OriginKind.CHAT, 123) == -123
    assert marked(OriginKind.USER, 123) == 123


def test_a_written_channel_id_is_marked_once():
    assert marked_channel(1234567890) == -1001234567890
    assert marked_channel(-1001234567890) == -1001234567890


def test_peers_are_read_in_the_new_form_and_the_old():
    assert peer("channel1234567890") == (OriginKind.CHANNEL, -1001234567890)
    assert peer("user77") == (OriginKind.USER, 77)
    assert peer("chat77") == (OriginKind.CHAT, -77)
    assert peer((2 << 32) + 1198529751) == (OriginKind.CHANNEL, -1001198529751)
    assert peer((1 << 32) + 20370985) == (OriginKind.USER, 20370985)
    assert peer(20370985) == (OriginKind.USER, 20370985)
    assert peer("nobody") is None
    assert peer(-5) is None


@given(st.text(), st.text(), st.integers(1, 1 << 40))
def test_synthetic_ids_are_negative_and_safe_in_json(text, name, nth):
    assert -(1 << 52) < synthetic_id(text, name, nth) < 0


def test_synthetic_ids_never_change():
    """Archives hold them: another value here means every dump is imported a second time."""
    assert synthetic_id("text") == -3157320915617034
    assert synthetic_id("text", "name", 2) == -2346842937817211


def test_forward_name_and_text_do_not_run_into_each_other():
    parts = [("c", "d"), ("", "cd"), ("cd", ""), ("1:c", "d")]
    assert len({synthetic_id(*part) for part in parts}) == len(parts)


def test_the_same_words_again_are_another_post_and_counted_alike_in_another_run():
    def run():
        with Occurrences() as seen:
            return [seen.id_of("c", text) for text in ("a", "b", "a", "a")]

    first = run()
    assert len(set(first)) == 4
    assert first == run()
    assert first[0] == synthetic_id("a")
    assert first[3] == synthetic_id("a", "", 3)


def test_channels_of_one_file_are_counted_apart():
    with Occurrences() as seen:
        ids = [seen.id_of(channel, "same") for channel in ("a", "b", "a")]
    assert ids == [synthetic_id("same"), synthetic_id("same"), synthetic_id("same", "", 2)]


def test_a_username_in_any_case_is_one_channel_a_title_is_kept_as_it_is():
    assert channel_key(channel_named("@Harbour")) == channel_key(Channel(username="hARBOUR"))
    assert channel_named(" Harbour News ") == Channel(title="Harbour News")
    assert channel_named("@") == Channel(title="@")
    assert channel_key(Channel("x", "y", -1005)) == "-1005"
