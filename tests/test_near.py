"""Near copies in a real archive: which collapse, which are linked, which stay apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

import archiver.dedup as verb
from archiver.clusters import Rules
from archiver.dedup import Deduped
from archiver.shelf import Versions
from archiver.store.prints import Decided
from archiver.text.decide import DECISION_VERSION, Thresholds
from archiver.workers import front
from tests.dedup_room import HOUR, START, Room, forward_of, opened
from tests.test_dedup_histories import Killed, Mortal

RULES = Rules(thresholds=Thresholds())

BRIDGE = (
    "The ministry said on Monday that the old bridge over the river will be closed until spring,"
    " because two of its pillars have moved since the flood. Drivers are asked to take the northern"
    " road, where buses will go every ten minutes. The repairs are paid by the region, and the"
    " governor told reporters that the first trains should cross again before the harvest begins."
)
HARVEST = (
    "Farmers in the east expect the best harvest for a decade, although the rains came late and"
    " much of the barley had to be sown twice. Prices on the exchange fell at once, bakers were"
    " pleased, and the union of growers asked for a loan to build new granaries by the canal."
)


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


def near(room: Room, **options: object) -> Deduped:
    done = room.dedup(rules=RULES, **options)
    room.check()
    return done


def together(room: Room, *texts: str, hours: float = 1, own: bool = False) -> bool:
    """Whether these texts, posted one after the other, are one statement."""
    for number, text in enumerate(texts):
        room.post(1 if own else number + 1, number + 1, text, number * hours)
    near(room)
    return len(room.groups()) == 1 and len(next(iter(room.groups()))) == len(texts)


@pytest.mark.parametrize(
    "edited",
    [
        BRIDGE.replace("old bridge", "old stone bridge").replace("asked", "advised"),
        BRIDGE.replace("flood", "flod").replace("governor", "governer"),
        "Bad news for commuters today! " + BRIDGE,
        BRIDGE.rsplit(". ", 1)[0] + ".",
        ". ".join(reversed(BRIDGE.rstrip(".").split(". "))),
        BRIDGE + " We will tell you more tonight.",
    ],
    ids=["words", "typos", "headline", "cut", "moved", "tail"],
)
def test_an_edited_copy_in_another_channel_is_the_same_statement(room: Room, edited: str) -> None:
    assert together(room, BRIDGE, edited)
    rows = room.rows("SELECT id, reason, score, via_post FROM post WHERE reason IS NOT NULL")
    [(post, reason, score, via)] = rows
    assert (reason, sorted((post, via))) == ("near", [1, 2])
    assert 0.5 <= score < 1.0


def test_numbers_may_move_with_the_words_beside_them(room: Room) -> None:
    one = "For the first time since October 2023 the price of a ton of rye is above 14 crowns"
    other = "The price of a ton of rye is above 14 crowns for the first time since October 2023"
    assert together(room, one, other, hours=0.1)


def test_exchanged_numbers_are_another_event(room: Room) -> None:
    text = (
        "Final whistle at the harbour ground tonight: the Otters scored {} and the Ravens scored {}"
    )
    assert not together(room, text.format(3, 0), text.format(0, 3), hours=0.1)


@pytest.mark.parametrize(
    ("hours", "own", "joined"), [(0.5, False, True), (3, False, False), (0.5, True, False)]
)
def test_a_flash_of_a_few_words_is_told_again_at_once_elsewhere(
    room: Room, hours: float, own: bool, joined: bool
) -> None:
    texts = "Barley rose above 104 crowns, dealers say", "Barley above 104 crowns"
    assert together(room, *texts, hours=hours, own=own) is joined


@pytest.mark.parametrize(
    ("second", "hours", "joined"),
    [
        ("Barley broke 104 crowns a ton", 0.2, True),
        ("Barley broke 104 crowns a ton", 0.3, False),
        ("Barley broke 105 crowns a ton", 0.2, False),
        ("Rye broke 104 crowns a ton", 0.2, False),
        ("Barley fell under 104 crowns a ton", 0.2, False),
        ("Barley broke 104 crowns a ton, dealers say", 0.2, True),
        ("Barley dealers bought 104 crowns a ton", 0.2, False),
    ],
)
def test_a_flash_with_the_same_figure_may_be_reworded_within_minutes(
    room: Room, second: str, hours: float, joined: bool
) -> None:
    assert together(room, "Barley rose above 104 crowns a ton", second, hours=hours) is joined


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coastguard off the cape sank 18 rafts", "Coastguard off the cape lost 18 rafts"),
        ("The islands will send the port 30 tugs", "The islands will sell the port 30 tugs"),
        ("Council passes harbour law with 52 votes", "Council blocks harbour law with 52 votes"),
        ("Молния попала в дом 15 на мысу", "Молния попала в школу 15 на мысу"),
        ("Pirates free 11 sailors off the cape", "Pirates hold 11 sailors off the cape"),
        ("Порт передаст островам 31 буксир", "Порт передал островам 31 буксир"),
    ],
)
def test_a_figure_in_common_makes_no_rewording_of_a_flash(room: Room, one: str, other: str) -> None:
    assert not together(room, one, other, hours=0.1)


def test_another_boat_in_the_same_sentence_is_another_event_at_once_too(room: Room) -> None:
    text = "{} waited outside without a word because of fog. More at noon."
    assert not together(room, text.format("The night boat"), text.format("A tug"), hours=0.3)


@pytest.mark.parametrize(
    ("hours", "own", "joined"), [(72, False, True), (192, False, False), (72, True, False)]
)
def test_a_copy_cut_short_may_be_late_in_another_channel(
    room: Room, hours: float, own: bool, joined: bool
) -> None:
    cut = BRIDGE.partition(" where buses")[0]
    assert together(room, BRIDGE, cut, hours=hours, own=own) is joined


@pytest.mark.parametrize(("hours", "joined"), [(3, True), (30, False)])
def test_tomorrow_is_another_day_when_it_is_said_a_day_later(
    room: Room, hours: float, joined: bool
) -> None:
    one = f"Tomorrow is the last day to apply. {BRIDGE}"
    other = one.replace("before the harvest begins", "in autumn")
    assert together(room, one, other, hours=hours) is joined


def test_with_another_deadline_it_is_another_notice_days_later(room: Room) -> None:
    text = "From the 1st{} of November whoever wants to may come to the courses in the old mill{}."
    one = text.format("", " and fill in a form")
    other = text.format(" to the 15th", ", for free, and fill in a form")
    assert not together(room, one, other, hours=160)


@pytest.mark.parametrize(("times", "joined"), [(1, True), (3, False)])
def test_a_comment_as_long_as_a_short_text_leaves_it_the_same(
    room: Room, times: int, joined: bool
) -> None:
    text = (
        "The harbour master says that the ferry to the islands will not sail before Tuesday noon."
    )
    comment = "Somebody tell the bakers on the other side, they have been waiting for flour since. "
    assert together(room, text, comment * times + text, hours=30) is joined


def test_reworded_in_many_places_it_is_no_template(room: Room) -> None:
    one = (
        "The parents' grant for a second child may reach a million crowns next year, according to"
        " the deputy Vera Holm, who is sure that the grant for the first one is guaranteed too."
    )
    other = (
        "The family grant for a second child can reach a million crowns next year, the deputy"
        " Vera Holm says, who is certain that the grant for the first one is guaranteed."
    )
    assert together(room, one, other, hours=3)


def test_another_word_in_a_flash_is_another_flash(room: Room) -> None:
    assert not together(room, "Blasts heard in Harbourtown", "Blasts heard in Milltown", hours=0.2)


@pytest.mark.parametrize(("hours", "joined"), [(5, True), (24 * 40, False)])
def test_with_other_entries_a_list_is_another_issue_a_month_later(
    room: Room, hours: float, joined: bool
) -> None:
    whole = f"{BRIDGE} We will also tell you about the new ferry, the market hall and the school."
    assert together(room, BRIDGE, whole, hours=hours) is joined


@pytest.mark.parametrize(("hours", "joined"), [(19, True), (21, False)])
def test_what_comes_a_day_later_has_to_be_more_alike(
    room: Room, hours: float, joined: bool
) -> None:
    before, _, rest = BRIDGE.partition(" because two of its pillars")
    buses = rest.partition("road, where")[2].partition(" The repairs")[0]
    trains = " The governor says: trains should cross again before the harvest begins."
    buses += trains
    assert together(room, BRIDGE, f"{before} and{buses}", hours=hours) is joined


def test_another_name_spelt_alike_is_another_page_a_week_later(room: Room) -> None:
    text = "{} Hotlines, legal aid, housing, schools, transport, medical help, food and work"
    assert not together(room, text.format("Austria"), text.format("Australia"), hours=168, own=True)


def test_much_cut_short_it_is_a_part(room: Room) -> None:
    assert together(room, f"{BRIDGE} {HARVEST}", BRIDGE.split(" The repairs")[0], hours=0.2)
    assert room.rows("SELECT reason FROM post WHERE id = 2") == [("part",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The lake rose by 12 centimetres over night and stands at 340 now, the harbour says",
         "The lake rose by 9 centimetres over night and stands at 349 now, the harbour says"),
        ("Wanted at once: an experienced driver for the night shift of our depot, housing is free,"
         " call the office from nine to five", "Wanted at once: an experienced cook for the night"
         " shift of our depot, housing is free, call the office from nine to five"),
        ("Oil rose this morning on the exchange in the capital, traders told our reporter again",
         "Oil fell this morning on the exchange in the capital, traders told our reporter again"),
    ],
    ids=["numbers", "job", "verb"],
)  # fmt: skip
def test_a_template_of_one_channel_is_another_event_each_time(
    room: Room, one: str, other: str
) -> None:
    assert not together(room, one, other, hours=24, own=True)


def test_an_earlier_text_with_a_long_comment_is_linked_and_stays_apart(room: Room) -> None:
    assert not together(room, BRIDGE, f"{HARVEST} {HARVEST[::-1]} {BRIDGE}")
    assert room.rows("SELECT relation FROM link") == [("contains",)]


def test_a_digest_is_linked_with_all_its_parts(room: Room) -> None:
    assert not together(room, BRIDGE, HARVEST, f"{HARVEST}\n\n{BRIDGE}")
    assert room.rows("SELECT body_id, other, relation FROM link ORDER BY other") == [
        (3, 1, "contains"),
        (3, 2, "contains"),
    ]


def test_copies_hang_on_leaders_and_never_on_other_copies(room: Room) -> None:
    """Each step is small, the ends are far apart: no chain leads from one to the other."""
    words = BRIDGE.split()
    dice = random.Random(4)
    for number in range(12):
        room.post(number + 1, 1, " ".join(words), number)
        for at in dice.sample(range(len(words)), 4):
            words[at] = f"{words[at][:1]}q{number}x{at}z"
    near(room)
    followers = room.rows("SELECT leader FROM near WHERE relation IS NOT NULL")
    leaders = {body for (body,) in room.rows("SELECT body_id FROM near WHERE relation IS NULL")}
    assert {leader for (leader,) in followers} <= leaders
    assert len(room.groups()) > 1


def test_what_was_decided_tells_its_run_and_version(room: Room) -> None:
    together(room, BRIDGE, BRIDGE + " We will tell you more tonight.")
    assert room.rows("SELECT DISTINCT run_id, version FROM near") == [(room.run, DECISION_VERSION)]
    decided = room.rows("SELECT reason, version FROM decision WHERE reason IS NOT NULL")
    assert decided == [("near", DECISION_VERSION)]


def test_an_edit_of_a_post_is_judged_again(room: Room) -> None:
    room.post(1, 1, BRIDGE)
    room.post(2, 1, HARVEST, 1)
    near(room)
    assert room.groups() == set()
    room.post(2, 1, BRIDGE.replace("flood", "great flood"), 1, edited=START + 2 * HOUR)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_forwards_of_a_near_copy_come_with_it(room: Room) -> None:
    room.post(1, 1, BRIDGE)
    room.post(2, 1, "Bad news today! " + BRIDGE, 1)
    room.post(3, 1, "something else entirely was written here", 2, forward=forward_of((2, 1)))
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1), (3, 1)})}


def corpus(room: Room, posts: int = 60, seed: int = 7) -> None:
    dice = random.Random(seed)
    lexicon = ["".join(dice.choices("abdegiklmnoprstu", k=dice.randint(3, 9))) for _ in range(900)]
    texts: list[str] = []
    for number in range(posts):
        if texts and dice.random() < 0.5:
            words = dice.choice(texts).split()
            for _ in range(dice.randint(0, 3)):
                words[dice.randrange(len(words))] = dice.choice(lexicon)
        else:
            words = dice.choices(lexicon, k=dice.randint(9, 60))
        texts.append(" ".join(words))
        room.post(dice.randint(1, 5), 100 + number, texts[-1], number / 2)


def test_night_by_night_comes_to_what_a_rebuild_finds() -> None:
    with opened() as grown, opened() as whole:
        corpus(whole)
        near(whole)
        corpus(grown, 20)
        near(grown)
        corpus(grown, 45)
        near(grown)
        corpus(grown)
        near(grown)
        assert grown.verdicts() == whole.verdicts()
        assert whole.dedup(rules=RULES, rebuild=True).moved == 0


@pytest.mark.parametrize("transactions", [1, 3, 4, 5, 6, 7, 8])
def test_a_pass_killed_anywhere_is_gone_on_with(
    transactions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened() as room, opened() as whole:
        corpus(whole)
        near(whole)
        monkeypatch.setattr(verb, "MATCHED_AT_ONCE", 17)
        monkeypatch.setattr("archiver.shelf._SAVED_AT_ONCE", 17)
        monkeypatch.setattr(verb, "_JOINED_AT_ONCE", 13)
        corpus(room)
        with suppress(Killed):
            verb.dedup(Mortal(room.store, transactions), room.run, rules=RULES)
        room.check()
        near(room)
        assert room.verdicts() == whole.verdicts()


def test_other_processes_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as room, opened() as whole:
        corpus(whole)
        near(whole)
        corpus(room)
        with front(2, 1_000_000) as pool:
            near(room, front=pool)
        assert room.verdicts() == whole.verdicts()


INDEX = (
    "SELECT body_id, leader, matched, relation, score, posted, date FROM near ORDER BY 1",
    "SELECT * FROM print UNION ALL SELECT * FROM fresh_print ORDER BY 1, 2",
    "SELECT * FROM hot ORDER BY 1",
    "SELECT * FROM link ORDER BY 1, 2",
    "SELECT * FROM form ORDER BY 1",
)


@pytest.mark.parametrize("hottest", [2, 48])
@pytest.mark.parametrize(("batch", "saved"), [(1, 1), (7, 1), (7, 20), (7, 1_000)])
def test_what_waits_to_be_decided_or_written_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch, batch: int, saved: int, hottest: int
) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", hottest)
    with opened() as room, opened() as whole:
        corpus(whole)
        near(whole)
        monkeypatch.setattr(verb, "MATCHED_AT_ONCE", batch)
        monkeypatch.setattr("archiver.shelf._SAVED_AT_ONCE", saved)
        monkeypatch.setattr("archiver.shelf._REMEMBERED", 10)
        corpus(room)
        near(room)
        for rows in INDEX:
            assert room.rows(rows) == whole.rows(rows)
        assert (whole.rows("SELECT count(*) > 9 FROM hot") == [(1,)]) is (hottest == 2)


def test_a_crowd_of_copies_that_wait_is_found_whatever_the_batches_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More bodies wait with one fingerprint than are kept of it; some of them lead in the end."""
    monkeypatch.setattr("archiver.recent._MOST", 3)
    found = []
    for batch in (1, 4, 2_000):
        monkeypatch.setattr(verb, "MATCHED_AT_ONCE", batch)
        with opened() as room:
            corpus(room)
            near(room)
            found.append([room.rows(rows) for rows in INDEX])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("batch", [1, 2_000])
@pytest.mark.parametrize(("hottest", "alone"), [(2, True), (48, False)])
def test_what_turned_hot_a_moment_ago_leads_nowhere(
    room: Room, monkeypatch: pytest.MonkeyPatch, batch: int, hottest: int, alone: bool
) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", hottest)
    monkeypatch.setattr(verb, "MATCHED_AT_ONCE", batch)
    for number, day in enumerate(["Monday", "Tuesday", "Friday"]):
        room.post(1, number + 1, BRIDGE.replace("Monday", day), number / 10)
    room.post(2, 1, BRIDGE.replace("Monday", "Sunday"), 0.5)
    near(room)
    assert (room.groups() == set()) is alone


def test_pairs_judged_ahead_are_judged_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "MATCHED_AT_ONCE", 7)
    monkeypatch.setattr("archiver.shelf._REMEMBERED", 10)
    with opened() as room, opened() as whole:
        corpus(whole)
        near(whole)
        corpus(room)
        with front(2, 1_000_000) as pool:
            near(room, front=pool)
            for rows in INDEX:
                assert room.rows(rows) == whole.rows(rows)
            # What is found now, another process found.
            monkeypatch.setattr("archiver.near.judge", lambda *_: None)
            assert room.dedup(rules=RULES, rebuild=True, front=pool).near > 4


def test_an_archive_from_before_near_copies_is_looked_at_anew(room: Room) -> None:
    room.post(1, 1, BRIDGE)
    room.post(2, 1, "Bad news today! " + BRIDGE, 1)
    room.dedup()
    assert room.groups() == set()
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_boilerplate_leaves_the_index(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", 3)
    dice = random.Random(2)
    for number in range(8):
        own = " ".join("".join(dice.choices("abcdefghi", k=6)) for _ in range(40))
        room.post(
            1, number + 1, f"As every day we greet our readers all over the world {own}", number
        )
    near(room)
    assert room.rows("SELECT count(*) > 0 FROM hot") == [(1,)]
    prints = "SELECT hash FROM print UNION ALL SELECT hash FROM fresh_print"
    most = f"SELECT max(n) FROM (SELECT count(*) n FROM ({prints}) GROUP BY hash)"
    assert room.rows(most) <= [(3,)]


def test_a_denial_joins_no_statement_whose_longer_version_it_is_near_to(room: Room) -> None:
    said = (
        "The harbour council will now sign the contract for the new northern breakwater with the"
        " shipyard of Brandt, its speaker said after a night of talks in the old customs house"
    )
    comment = (
        " Fishermen asked for it since the storms of last winter, when nine boats sank at their"
        " moorings, and the price has doubled twice"
    )
    denied = said.replace("will now sign", "will not sign").replace("its speaker", "the speaker")
    denied = denied.replace("a night", "one night").replace("old customs", "former customs")
    room.post(1, 1, said, 0)
    room.post(2, 2, said + comment, 0.5)
    room.post(3, 3, denied + comment, 1)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 2)})}
    assert room.rows("SELECT relation FROM link") == [("opposite",)]


LIGHT = (
    "The keeper of the lighthouse on the northern cape asks skippers to stay clear of the reef"
    " since his lamp burns only in the first half of the night"
)
OVERHEARD = f"Heard at the harbour this morning from two pilots who came in late. {LIGHT}"
OVERHEARD_ON = (
    f"{OVERHEARD}. We called him twice and he said the mechanics are waiting for parts that come by"
    " ship"
)


@pytest.mark.parametrize("nights", [True, False])
def test_what_grew_twice_is_a_copy_of_what_grew_once(
    room: Room, monkeypatch: pytest.MonkeyPatch, nights: bool
) -> None:
    """The first one is in it, and half of it is new; the fingerprints lead to that one alone."""
    monkeypatch.setattr("archiver.shelf._SAVED_AT_ONCE", 1)
    for number, text in enumerate((LIGHT, OVERHEARD, OVERHEARD_ON), 1):
        room.post(number, number, text, number)
        if nights:
            near(room)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 2), (3, 3)})}
    assert room.rows("SELECT count(DISTINCT leader), max(posted) FROM near") == [(1, 1)]


def test_a_version_that_is_sure_counts_more_than_a_statement_that_is_not(room: Room) -> None:
    reworded = OVERHEARD_ON.replace("at the harbour this", "at Sandholm harbour this")
    reworded = reworded.replace("lighthouse on the northern cape asks", "beacon on a cape begs")
    reworded = reworded.replace("stay clear of the reef since his", "keep off that reef as its")
    reworded = reworded.replace("called him twice", "rang him again")
    for number, text in enumerate((LIGHT, OVERHEARD, reworded, OVERHEARD_ON), 1):
        room.post(number, number, text, number)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 2), (4, 4)})}


def test_versions_are_the_latest_whether_they_are_written_or_not(room: Room) -> None:
    for number in range(1, 13):
        room.post(number, number, f"{LIGHT}, {'and so on ' * 3 * number}", 13 - number)
    near(room)
    with room.store.transaction() as conn:
        (leader,) = room.rows("SELECT DISTINCT leader FROM near")[0]
        written = Versions().latest(conn, leader)
        waiting = Versions()
        waiting.written[leader] = []
        for row in room.rows(
            "SELECT body_id, leader, matched, relation, score, posted, date, channel_id FROM near"
        ):
            waiting.add(Decided(*row))
        assert waiting.latest(conn, leader) == written
    dates = dict(room.rows("SELECT body_id, date FROM near WHERE posted AND matched IS NOT NULL"))
    assert written == sorted(dates, key=dates.__getitem__)[-8:]
