"""channels, sync, nightly, doctor, forget, status: what a person and a cron job get to see."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from archiver.sources.telegram import gateway, pace
from archiver.sources.telegram.pace import Rate
from tests.cli.desk import Desk, tg_id
from tests.cli.terminal import terminal
from tests.server import rpc, transport
from tests.server.fixtures import Served

BODY = (
    "The harbour council voted on Monday to deepen the northern channel by two metres before the"
    " winter storms, and to move the fish market to the old customs house."
)
NASTY = "\x1b[31mred\x1b]0;owned\x07\x9b2J\u202egnp.exe\u2066"
ACTS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066")


@pytest.fixture
def desk(
    served: Served,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """A person who is logged in; names are asked for as fast as it goes, and nothing is waited."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(pace.POLITE, "contacts.ResolveUsername", Rate(1000, 100, per_run=30))
    monkeypatch.setattr(gateway, "BACKOFF", (0.01, 0.01, 0.01))
    made = Desk(served, tmp_path, capfdbinary)
    monkeypatch.setenv("ARCHIVER_DB", str(made.db))
    monkeypatch.setenv("ARCHIVER_CONFIG", str(tmp_path / "config.toml"))
    return made


# -- channels add ------------------------------------------------------------------------------


def test_channels_are_added_by_name_link_and_number(desk: Desk) -> None:
    one, two, three, four = (desk.channel(name) for name in ("one", "two_2", "three", "four"))
    three.join()
    four.join()
    secret = desk.channel("inner_circle", members_only=True)
    secret.join()
    done = desk.run(
        *("channels", "add", "@One", "https://t.me/two_2/123", f"t.me/c/{three.id}/5"),
        *(str(tg_id(four)), secret.invite()),
    )
    assert done.code == 0, done
    assert done.out.count("is synced from now on") == 5
    assert f"({tg_id(one)})" in done.out
    listed = desk.run("channels", "list", "--synced", "--json")
    assert {each["tg_id"] for each in listed.records} == {
        tg_id(each) for each in (one, two, three, four, secret)
    }
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 15


def test_a_list_of_channels_is_a_file(desk: Desk, tmp_path: Path) -> None:
    for name in ("one", "two", "three", "four"):
        desk.channel(name)
    (tmp_path / "list.txt").write_text("# the press\n@one\n\nhttps://t.me/two\n???\n")
    (tmp_path / "list.csv").write_text("title;link\nThree;t.me/three\nFour;https://t.me/s/four\n")
    done = desk.run("channels", "add", "list.txt", "list.csv")
    assert done.code == 7, done  # a line names no channel
    assert done.out.count("is synced from now on") == 4
    assert "list.txt line 5 names no channel: ???" in done.err
    assert desk.asked()["ResolveUsername"] == 4


def test_a_name_that_is_synced_is_not_asked_for_again(desk: Desk) -> None:
    desk.added("one")
    done = desk.run("channels", "add", "@ONE", "t.me/one", str(tg_id(desk.world.names["one"])))
    assert (done.code, desk.asked()) == (0, {})
    assert done.out.count("@one was added before") == 3


def test_a_name_nobody_has_is_unknown(desk: Desk) -> None:
    done = desk.run("channels", "add", "@nowhere")
    assert done.code == 4
    assert done.err.startswith("archiver: @nowhere: no channel has this name")
    assert done.err.count("\n") == 1


def test_what_cannot_be_added_keeps_nothing_else_from_it(desk: Desk) -> None:
    desk.channel("one")
    desk.world.person("Eve", "eve_v")
    strange = desk.channel("strange", members_only=True)
    done = desk.run("channels", "add", "@nowhere", "@eve_v", strange.invite(), "@one", "t.me/c/77")
    assert done.code == 7
    assert "is synced from now on" in done.out
    for sentence in (
        "no channel has this name",
        "a person, a bot or a small group",
        "archiver never joins by itself",
        "not among your chats",
    ):
        assert sentence in done.err
    assert strange.members == set()
    assert [each["username"] for each in desk.run("channels", "list", "--json").records] == ["one"]


def test_a_channel_that_cannot_be_added_leaves_no_archive(desk: Desk) -> None:
    assert desk.run("channels", "add", "@nowhere").code == 4
    assert list(desk.folder.glob(f"{desk.db.name}*")) == []
    desk.added("one")
    assert desk.run("channels", "add", "@nowhere").code == 4
    assert desk.one("SELECT count(*) FROM channel") == 1


def test_what_is_no_channel_is_a_slip_and_nothing_is_asked(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("channels", "add", "no such thing!").code == 2
    (tmp_path / "empty.txt").write_text("# nothing yet\n")
    done = desk.run("channels", "add", "empty.txt")
    assert done.code == 9
    assert "names no channel" in done.err
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    assert desk.run("channels", "add", "binary.txt").code == 9
    assert desk.asked() == {}
    assert not desk.db.exists()


def test_a_date_says_what_is_not_wanted(desk: Desk) -> None:
    channel = desk.world.channel("one")
    channel.post_many(400, step=86_400)
    assert desk.run("channels", "add", "@one", "--since", "2025-12-01").code == 0
    assert desk.run("sync").code == 0
    first = desk.one("SELECT min(date) FROM post WHERE date >= 1764547200")
    assert first == desk.one("SELECT date FROM post WHERE date >= 1764547200 ORDER BY date LIMIT 1")
    assert 31 <= desk.one("SELECT count(*) FROM post") <= 200
    few = desk.one("SELECT count(*) FROM post")
    assert desk.run("channels", "add", "@one", "--since", "2025-08-01").code == 0
    assert desk.run("sync").code == 0
    assert few < desk.one("SELECT count(*) FROM post") < 400
    assert "posts from 2025-08-01 00:00Z on" in desk.run("channels", "info", "@one").out
    bad = desk.run("channels", "add", "@one", "--since", "someday")
    assert (bad.code, "someday" in bad.err) == (2, True)


def test_a_name_that_leads_to_another_channel_now_is_refused(desk: Desk) -> None:
    [old] = desk.added("one")
    new = desk.channel("impostor")
    new.take_name("one")
    assert desk.run("sync").code == 0  # the old one is read by its number, nameless now
    done = desk.run("channels", "add", "@one")
    assert done.code == 4
    assert "the two are not mixed" in done.err
    assert str(tg_id(old)) in done.err
    assert str(tg_id(new)) in done.err
    assert "channels add --separate @one" in done.err
    assert desk.run("channels", "add", "--separate", "@one").code == 0
    assert desk.run("sync").code == 0
    counts = dict(desk.rows("SELECT c.tg_id, count(*) FROM post p JOIN channel c ON"
                            " c.id = p.channel_id GROUP BY c.tg_id"))  # fmt: skip
    assert counts == {tg_id(old): 3, tg_id(new): 3}


def test_patience_with_names_ends_the_asking_and_is_remembered(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        desk.channel(name)
    desk.served.server.fail("ResolveUsername", rpc(420, "FLOOD_WAIT_66230"), skip=1)
    done = desk.run("channels", "add", "@one", "@two", "@three")
    assert done.code == 7
    assert "1 channel not asked for yet" in done.err
    assert desk.asked()["ResolveUsername"] == 2
    done = desk.run("channels", "add", "@two")
    assert done.code == 5
    assert "patience" in done.err
    assert desk.asked() == {}


# -- channels list, info, remove -----------------------------------------------------------------


def test_what_is_known_of_a_channel_is_told(desk: Desk) -> None:
    [channel] = desk.added("harbour", posts=150)
    fresh = desk.run("channels", "info", "@harbour").out
    assert "nothing read yet" in fresh
    assert "never" in fresh
    assert desk.run("sync").code == 0
    channel.rename("harbour_today", "Harbour Today")
    channel.delete(3)
    assert desk.run("sync").code == 0
    for name in ("@harbour", "@harbour_today", "Harbour Today", str(tg_id(channel))):
        done = desk.run("channels", "info", name)
        assert done.code == 0, name
    assert "username @harbour " in done.out
    assert "username @harbour_today" in done.out
    assert "added as @harbour" in done.out
    assert "100.0% of the message numbers up to 150" in done.out
    assert "149 archived, 1 deleted since; the server counts 149" in done.out
    [told] = desk.run("channels", "info", "@harbour", "--json").records
    assert told["sync"]["gaps"] == []
    assert told["sync"]["covered_share"] == 1
    assert told["sync"]["server_count"] == 149
    assert {each["name"] for each in told["names"]} >= {"harbour", "harbour_today"}
    unknown = desk.run("channels", "info", "@nowhere")
    assert (unknown.code, unknown.out) == (4, "")


def test_gaps_are_told(desk: Desk) -> None:
    desk.added("harbour", posts=500)
    assert desk.run("sync", "--limit", "2").code == 0
    desk.world.names["harbour"].post_many(300)  # type: ignore[union-attr]
    assert desk.run("sync", "--limit", "4").code == 0
    told = desk.run("channels", "info", "@harbour").out
    assert "Gap         message numbers" in told
    assert " open" in told


def test_a_channel_that_is_removed_keeps_its_posts_and_can_come_back(desk: Desk) -> None:
    desk.added("one", "two")
    assert desk.run("sync").code == 0
    done = desk.run("channels", "remove", "@one")
    assert done.code == 0
    assert "its posts are kept" in done.out
    assert desk.one("SELECT count(*) FROM post") == 6
    synced = desk.run("channels", "list", "--synced", "--json").records
    assert [each["username"] for each in synced] == ["two"]
    desk.world.names["one"].post("Unseen.")  # type: ignore[union-attr]
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 6
    assert desk.run("channels", "remove", "@one").code == 4
    assert desk.run("channels", "add", "@one").code == 0
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 7


# -- sync ----------------------------------------------------------------------------------------


def test_a_sync_says_what_it_did(desk: Desk) -> None:
    one, _two = desk.added("one", "two", posts=120)
    done = desk.run("sync")
    assert done.code == 0
    assert done.out.startswith("Synced 2 channels: 240 new (4 pages)")
    assert sorted(done.err.splitlines()) == [
        f"done         @{name}: 120 new (2 pages)" for name in ("one", "two")
    ]
    one.edit(one.handle(5), "Corrected.")
    one.delete(6)
    one.post("News.")
    done = desk.run("sync", "@one")
    assert done.out.startswith("Synced 1 channel: 1 new, 1 edited, 1 deleted")
    again = desk.run("-q", "sync")
    assert again.out.startswith("Synced 2 channels: nothing new")
    assert again.err == ""


def test_a_sync_for_programs_is_one_object(desk: Desk) -> None:
    [one] = desk.added("one", posts=120)
    [told] = desk.run("sync", "--json").records
    assert told["format_version"] == 1
    assert (told["new"], told["edited"], told["deleted"]) == (120, 0, 0)
    assert (told["stopped"], told["error"], told["failed"]) == (False, None, 0)
    [result] = told["results"]
    assert result == {
        "tg_id": tg_id(one),
        "username": "one",
        "title": "One",
        "outcome": "done",
        "error": None,
        "new": 120,
        "edited": 0,
        "deleted": 0,
        "restored": 0,
        "pages": 2,
        "open_ids": 0,
        "server_count": 120,
    }
    assert told["dedup"]["looked_at"] == 120


def test_budgets_of_pages_leave_the_rest_for_the_next_run(desk: Desk) -> None:
    desk.added("one", "two", posts=500)
    done = desk.run("sync", "--limit", "2")
    assert done.code == 0
    assert "2 channels not at the end yet, 600 message numbers still to be read" in done.out
    assert desk.asked()["GetHistory"] == 4
    assert desk.run("sync", "--pages", "3").code == 0
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 1000


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    desk.added("one", posts=250)
    desk.run("sync", "--limit", "1")

    def everything() -> dict[str, object]:
        names = [name for (name,) in desk.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'posts_fts%'"
            " AND name <> 'member_fts'"
        )]  # fmt: skip
        return {name: desk.rows(f"SELECT * FROM {name}") for name in names}

    before = everything()
    desk.asked()
    done = desk.run("sync", "--dry-run")
    assert done.code == 0
    assert "150 message numbers are not covered; at most 2 pages" in done.out
    assert desk.asked() == {"GetChannels": 1, "GetHistory": 1}
    [told] = desk.run("sync", "--dry-run", "--json").records
    assert (told["open_ids"], told["pages_at_most"], told["server_count"]) == (150, 2, 250)
    assert everything() == before


def test_an_export_session_is_opened_used_and_ended(desk: Desk) -> None:
    desk.added("one", posts=250)
    done = desk.run("sync", "--takeout")
    assert done.code == 0, done
    assert desk.one("SELECT count(*) FROM post") == 250
    calls = desk.served.do(lambda: list(desk.served.server.calls))
    by_name = {call.name.removesuffix("Request"): call.takeout for call in calls}
    assert by_name["GetHistory"] == by_name["FinishTakeoutSession"] == 77_001
    desk.asked()
    assert desk.run("sync").code == 0
    assert "InitTakeoutSession" not in desk.asked()


def test_an_export_that_has_to_be_allowed_first_says_how(desk: Desk) -> None:
    desk.added("one")
    desk.served.server.fail("InitTakeoutSession", rpc(420, "TAKEOUT_INIT_DELAY_86400"))
    done = desk.run("sync", "--takeout")
    assert done.code == 5, done
    assert "allow it, or run this again in 24 h; without --takeout it works at once" in done.err
    assert "GetHistory" not in desk.asked()
    assert desk.run("sync").code == 0


def test_a_full_sweep_reads_everything_again(desk: Desk) -> None:
    [one] = desk.added("one", posts=350)
    assert desk.run("sync").code == 0
    one.delete(20, told=False)
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post WHERE deleted_at IS NOT NULL") == 0
    desk.asked()
    done = desk.run("sync", "--full-sweep")
    assert done.code == 0
    assert "1 deleted" in done.out
    assert desk.asked()["GetHistory"] >= 4


def test_collapsing_can_be_left_to_later(desk: Desk) -> None:
    one, two = desk.added("one", "two")
    one.post(BODY)
    two.post(BODY)
    assert desk.run("sync", "--no-dedup").code == 0
    assert desk.one("SELECT count(*) FROM cluster") == 0
    assert desk.one("SELECT count(*) FROM pending") == 8
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM cluster WHERE posts = 2") >= 1
    assert desk.one("SELECT count(*) FROM pending") == 0


def test_a_date_given_to_a_sync_is_remembered(desk: Desk) -> None:
    channel = desk.world.channel("one")
    channel.post_many(400, step=86_400)
    desk.run("channels", "add", "@one")
    assert desk.run("sync", "--since", "2025-12-01", "@one").code == 0
    assert desk.one("SELECT count(*) FROM post") <= 200
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") <= 200
    assert desk.run("sync", "--since", "nonsense").code == 2


# -- exit codes ----------------------------------------------------------------------------------


def test_nothing_added_and_unknown_channels(desk: Desk) -> None:
    missing = desk.run("sync")
    assert missing.code == 6, "there is no archive yet"
    desk.added("one")
    unknown = desk.run("sync", "@nowhere")
    assert unknown.code == 4
    assert "channels add @nowhere" in unknown.err
    desk.run("channels", "remove", "@one")
    none = desk.run("sync")
    assert (none.code, "channels add" in none.err) == (4, True)


COMMANDS = [("sync",), ("nightly",), ("sync", "--dry-run"), ("channels", "add", "@two")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_login_nothing_is_asked_for_and_a_person_is_told_to_log_in(
    desk: Desk, command: tuple[str, ...]
) -> None:
    desk.added("one")
    desk.channel("two")
    desk.proof.unlink()
    done = desk.run(*command)
    assert done.code == 3
    last = done.err.splitlines()[-1]
    assert last.startswith("archiver: ")
    assert last.endswith("nobody is logged in to Telegram; run `archiver login`.")
    assert desk.asked() == {}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_session_that_was_ended_is_a_matter_for_a_person(
    desk: Desk, command: tuple[str, ...]
) -> None:
    desk.added("one")
    desk.channel("two")
    desk.served.do(lambda: desk.served.server.revoke(401, "SESSION_REVOKED"))
    done = desk.run(*command)
    assert done.code == 3
    assert "run `archiver login`" in done.err
    assert "Traceback" not in done.err


def test_a_session_that_ends_in_the_middle_keeps_the_pages(desk: Desk) -> None:
    desk.added("one", posts=300)
    desk.served.server.fail("GetHistory", rpc(401, "AUTH_KEY_UNREGISTERED"), skip=1, times=None)
    done = desk.run("sync")
    assert done.code == 3
    assert "100 new" in done.out
    assert desk.one("SELECT count(*) FROM post") == 100
    assert desk.rows("SELECT lo, hi FROM coverage") == [(201, 300)]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (rpc(406, "AUTH_KEY_DUPLICATED"), "used from two places at once"),
        (transport(404), "does not know the key of this session"),
    ],
)
@pytest.mark.parametrize("method", ["GetConfig", "GetHistory"])
def test_a_key_that_is_no_good_leaves_the_session_file_alone(
    desk: Desk, fault: object, sentence: str, method: str
) -> None:
    desk.added("one")
    before = desk.proof.read_bytes()
    desk.served.server.fail(method, fault, times=None)  # type: ignore[arg-type]
    done = desk.run("sync")
    assert done.code == 3
    assert sentence in done.err
    assert desk.proof.read_bytes() == before
    assert [each.name for each in desk.proof.parent.iterdir() if each.suffix != ".lock"] == [
        desk.proof.name
    ]


def test_one_channel_that_cannot_be_read_alone_is_unknown_among_others_incomplete(
    desk: Desk,
) -> None:
    one, _two = desk.added("one", "two")
    assert desk.run("sync").code == 0
    one.go_private()
    done = desk.run("sync")
    assert done.code == 7
    assert "is private now" in done.err
    assert desk.run("sync", str(tg_id(one))).code == 4
    one.come_back()
    assert desk.run("sync").code == 0


def test_a_wait_before_the_first_page_is_nothing_done_and_after_it_not_everything(
    desk: Desk,
) -> None:
    desk.added("one", posts=300)
    desk.served.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3600"))
    done = desk.run("sync")
    assert done.code == 5
    assert "patience with messages.GetHistory" in done.err
    desk.asked()
    done = desk.run("sync")
    assert done.code == 5
    assert "GetHistory" not in desk.asked()
    desk.change("DELETE FROM flood_wait")
    desk.served.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3600"), skip=1)
    assert desk.run("sync").code == 7


@pytest.mark.parametrize("fault", [rpc(420, "FLOOD_WAIT_3600"), rpc(500, "INTERNAL")])
def test_a_probe_of_the_login_that_fails_is_no_lost_login(desk: Desk, fault: object) -> None:
    desk.added("one")
    desk.served.server.fail("GetUsers", fault, times=None)  # type: ignore[arg-type]
    done = desk.run("sync")
    assert done.code == 5
    assert "archiver login" not in done.err


def test_a_server_that_cannot_be_reached_is_nothing_done(desk: Desk) -> None:
    desk.added("one", posts=300)
    desk.served.server.close_listener()
    desk.served.server.kick()
    done = desk.run("sync")
    assert done.code == 5
    assert "check the network" in done.err
    desk.served.server.open_listener()
    desk.served.server.fail("GetHistory", rpc(500, "INTERNAL"), times=None)
    assert desk.run("sync").code == 5, "nothing was read"
    desk.served.server.heal()
    desk.served.server.fail("GetHistory", rpc(500, "INTERNAL"), skip=1, times=None)
    done = desk.run("sync")
    assert done.code == 7, "a page was"
    assert desk.one("SELECT count(*) FROM post") == 100


def test_what_is_no_archive_is_left_alone(desk: Desk) -> None:
    desk.db.write_bytes(b"not a database, but somebody's file" * 100)
    before = desk.db.read_bytes()
    for command in (("sync",), ("nightly",), ("channels", "add", "@one"), ("forget", "x", "--yes")):
        done = desk.run(*command)
        assert done.code == 6, command
    assert desk.db.read_bytes() == before
    assert desk.asked() == {}


@pytest.mark.parametrize("command", [("sync",), ("nightly",)], ids=" ".join)
@pytest.mark.parametrize("held", ["archive", "session"])
def test_a_second_run_says_who_holds_the_lock_and_touches_nothing(
    desk: Desk, command: tuple[str, ...], held: str
) -> None:
    desk.added("one")
    path = desk.db if held == "archive" else desk.proof
    place = path.with_name(path.name + ".lock")
    before, stamp = desk.proof.read_bytes(), desk.proof.stat().st_mtime_ns
    with FileLock(place):
        place.write_text("process 4711, sync")
        if held == "session":  # the other run has it open: not even its first bytes are read
            desk.proof.write_bytes(b"in the middle of a write")
        done = desk.run(*command)
        assert done.code == 8
        assert f"another run holds {path} (process 4711, sync)" in done.err
        skipped = desk.run(*command, "--if-locked", "skip")
        assert skipped.code == 0
        assert "process 4711" in skipped.err
        assert skipped.out == ""
        if held == "session":
            before, stamp = b"in the middle of a write", desk.proof.stat().st_mtime_ns
    assert (desk.proof.read_bytes(), desk.proof.stat().st_mtime_ns) == (before, stamp)
    assert desk.asked() == {}


def test_an_unreadable_post_is_said_and_makes_a_run_incomplete(desk: Desk) -> None:
    [one] = desk.added("one", posts=150)
    before = one.stored(70).data
    one.garble(one.handle(70))
    done = desk.run("sync")
    assert done.code == 7
    assert "a newer one may read it" in done.err
    assert desk.one("SELECT count(*) FROM post") == 149
    assert desk.one("SELECT count(*) FROM event WHERE kind = 'unreadable'") >= 1
    assert "1 open" in desk.run("channels", "info", "@one").out
    one.garble(one.handle(70), before)
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 150


def test_another_account_than_the_archives_is_refused(desk: Desk) -> None:
    desk.added("one")
    desk.settings(desk.world.account("Eve", phone="15550199"))
    done = desk.run("sync")
    assert done.code == 3
    assert "synced as Ada" in done.err
    assert desk.asked() == {}


def test_a_session_that_others_can_read_is_refused(desk: Desk) -> None:
    desk.added("one")
    desk.proof.chmod(0o644)
    done = desk.run("sync")
    assert done.code == 2
    assert f"chmod 600 {desk.proof}" in done.err
    assert desk.asked() == {}


# -- nightly -------------------------------------------------------------------------------------


def test_a_night_syncs_collapses_and_says_so_once(desk: Desk) -> None:
    one, two = desk.added("one", "two")
    one.post(BODY)
    two.post(BODY)
    done = desk.run("nightly")
    assert done.code == 0
    assert done.out.startswith("Synced 2 channels: 8 new")
    assert "Looked at 8 posts" in done.out
    [told] = desk.run("nightly", "--json").records
    assert (told["outcome"], told["steps"]["sync"]["new"]) == ("done", 0)
    runs = desk.rows("SELECT command, status FROM run WHERE command = 'nightly'")
    assert runs == [("nightly", "done")] * 2


def test_a_night_without_a_login_still_collapses_what_is_there(desk: Desk) -> None:
    one, two = desk.added("one", "two")
    one.post(BODY)
    two.post(BODY)
    assert desk.run("sync", "--no-dedup").code == 0
    desk.proof.unlink()
    done = desk.run("nightly")
    assert done.code == 3
    assert desk.one("SELECT count(*) FROM pending") == 0
    assert desk.one("SELECT status FROM run ORDER BY id DESC LIMIT 1") == "failed"
    [told] = desk.run("nightly", "--json").records
    assert told["outcome"] == "failed"
    assert "archiver login" in told["steps"]["sync"]["error"]


def test_a_night_in_which_a_channel_fails_is_incomplete(desk: Desk) -> None:
    _one, two = desk.added("one", "two")
    two.ban()
    done = desk.run("nightly")
    assert done.code == 7
    assert desk.one("SELECT count(*) FROM post") == 3
    assert desk.one("SELECT status FROM run ORDER BY id DESC LIMIT 1") == "incomplete"


# -- doctor --------------------------------------------------------------------------------------


def test_a_healthy_installation_has_nothing_wrong(desk: Desk) -> None:
    desk.added("one")
    assert desk.run("sync").code == 0
    done = desk.run("doctor")
    assert done.code == 0, done.out
    assert "WRONG" not in done.out
    assert "layer 229" in done.out or "layer " in done.out
    assert "1 of 1 up to date" in done.out
    assert "sound, coverage in order" in done.out
    told = desk.run("doctor", "--json").records
    assert {each["level"] for each in told} <= {"fine", "note"}
    assert desk.asked().keys() == {"GetChannels", "GetFullChannel", "GetHistory"}, "all offline"


def test_the_doctor_names_what_is_wrong_and_what_to_do(desk: Desk) -> None:
    desk.added("one")
    assert desk.run("sync").code == 0
    desk.proof.chmod(0o644)
    done = desk.run("doctor")
    assert done.code == 6
    assert f"chmod go-rwx {desk.proof}" in done.out
    desk.proof.chmod(0o600)
    desk.proof.parent.chmod(0o755)
    assert desk.run("doctor").code == 6
    desk.proof.parent.chmod(0o700)
    assert desk.run("doctor").code == 0


def test_the_doctor_misses_the_commands_of_the_settings(desk: Desk) -> None:
    desk.added("one")
    assert desk.run("sync").code == 0
    desk.settings(more='\n[nightly]\nsaved_exec = "/nowhere/tell me"\non_failure = "true"\n')
    done = desk.run("doctor")
    assert done.code == 6
    assert "saved_exec: '/nowhere/tell me' cannot be run: there is no program" in done.out
    assert "on_failure" not in done.out


def test_the_doctor_sees_damaged_coverage(desk: Desk) -> None:
    desk.added("one")
    assert desk.run("sync").code == 0
    desk.change("INSERT INTO coverage VALUES (1, 2, 9)")
    done = desk.run("doctor")
    assert done.code == 6
    assert "WRONG  coverage: channel 1: 2..9 touches the interval before it" in done.out


def test_the_doctor_sees_a_clock_that_was_set_back(desk: Desk) -> None:
    desk.added("one")
    desk.change("UPDATE run SET started = started + 86400")
    done = desk.run("doctor")
    assert done.code == 6
    assert "minutes behind the last run" in done.out


def test_the_doctor_sees_what_is_damaged(desk: Desk) -> None:
    desk.added("one")
    with closing(sqlite3.connect(desk.db)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO pending VALUES (4711)")
        db.execute("INSERT INTO raw_post VALUES (4711, 229, x'00')")
    done = desk.run("doctor")
    assert done.code == 6
    assert "a row of raw_post points to nothing in post" in done.out


def test_the_doctor_notes_what_may_go_wrong(desk: Desk) -> None:
    """Notes only: none of it is a failure of the installation."""
    one, two = desk.added("one", "two", posts=300)
    assert desk.run("sync").code == 0
    three = desk.channel("three", 300)
    desk.run("channels", "add", "@three")
    desk.run("sync", "@three", "--limit", "1")
    two.ban()
    desk.run("sync", "@two")
    desk.change("UPDATE channel_sync SET succeeded = succeeded - 500000 WHERE added_as = '@one'")
    user = desk.world.me.id
    soon = int(time.time()) + 3000
    desk.change("INSERT INTO flood_wait VALUES (?, 'messages.GetHistory', ?)", user, soon)
    desk.proof.unlink()
    with FileLock(desk.db.with_name(desk.db.name + ".lock")) as lock:
        Path(lock.lock_file).write_text("process 4711, sync")
        done = desk.run("doctor")
    assert done.code == 0, done.out
    for sentence in (
        "last complete 5 days ago",
        "private for 0 days",
        "never read to its end; 200 message numbers open",
        "messages.GetHistory may not be asked for another 50 minutes",
        "log in with `archiver login`",
        "held by process 4711, sync",
    ):
        assert sentence in done.out, done.out
    assert (one.username, three.username) == ("one", "three")


def test_the_doctor_without_an_archive(desk: Desk) -> None:
    done = desk.run("doctor")
    assert done.code == 0
    assert "no archive at" in done.out
    assert not desk.db.exists()


def test_the_doctor_asks_telegram_when_told_to(desk: Desk) -> None:
    desk.added("one")
    done = desk.run("doctor", "--online")
    assert done.code == 0, done.out
    assert f"logged in as Ada ({desk.world.me.id})" in done.out
    assert "s from Telegram's" in done.out
    desk.served.server.time_shift = 250.0
    done = desk.run("doctor", "--online")
    assert done.code == 6
    assert "behind Telegram's" in done.out
    desk.served.server.time_shift = 0.0
    desk.settings(desk.world.account("Eve", phone="15550199"))
    done = desk.run("doctor", "--online")
    assert done.code == 6
    assert "but the archive is synced as Ada" in done.out
    desk.served.do(lambda: desk.served.server.revoke())
    done = desk.run("doctor", "--online")
    assert done.code == 6
    assert "archiver login" in done.out


# -- forget --------------------------------------------------------------------------------------


def test_what_is_forgotten_is_nowhere_in_the_file(desk: Desk) -> None:
    secret, other = desk.added("secret", "other", posts=0)
    secret.post_many(398, lambda number: f"The marionette of Zanzibar, {number * number}.")
    other.post_many(3)
    post = secret.post("The xylophone of Zanzibar was a kaleidoscope.")
    secret.post("Ein Flusspferdchen im Wasserfall", reply_to=None)
    other.post("Nothing of it.")
    assert desk.run("sync").code == 0
    secret.edit(post, "The xylophone of Zanzibar was a marionette.")
    assert desk.run("sync").code == 0
    words = (b"xylophone", b"anzibar", b"kaleidoscop", b"marionett", b"lusspferdchen")

    def files() -> bytes:
        return b"".join(p.read_bytes() for p in desk.folder.glob("archive.sqlite*"))

    assert all(word in files().lower() for word in words)
    refused = desk.run("forget", "@secret")
    assert refused.code == 2
    assert "--yes" in refused.err
    done = desk.run("forget", "@secret", "--yes")
    assert done.code == 0
    assert "Erased 400 posts and 1 version" in done.out
    left = files().lower()
    assert [word for word in words if word in left] == []
    assert desk.one("PRAGMA freelist_count") == 0, "the file was rewritten, not only emptied"
    assert desk.one("SELECT count(*) FROM post") == 4
    assert desk.one("PRAGMA integrity_check") == "ok"
    for word in ("xylophone", "marionette", "Flusspferdchen"):
        assert desk.run("search", word).code == 1
    assert desk.run("search", "Nothing").code == 0
    assert desk.rows("SELECT message FROM event WHERE kind = 'forgotten'") == [
        ("400 posts and 1 versions were erased on request",)
    ]
    synced = desk.run("channels", "list", "--synced", "--json").records
    assert [each["username"] for each in synced] == ["other"]
    assert desk.run("sync").code == 0
    assert desk.one("SELECT count(*) FROM post") == 4, "it is not fetched again"
    assert desk.run("forget", "@nobody", "--yes").code == 4


def test_copies_in_other_channels_stay_and_are_grouped_anew(desk: Desk) -> None:
    channels = desk.added("one", "two", "three", posts=0)
    first = channels[0].post(BODY)
    for each in channels[1:]:
        each.forward(first)
    assert desk.run("sync").code == 0
    assert desk.rows("SELECT posts, copies FROM cluster") == [(3, 2)]
    assert desk.run("forget", "@one", "--yes").code == 0
    assert desk.rows("SELECT posts, copies FROM cluster") == [(2, 1)]
    assert desk.one("SELECT count(*) FROM post WHERE cluster_id IS NOT NULL") == 2
    done = desk.run("search", "customs house", "--json")
    assert (done.code, len(done.records)) == (0, 1)
    assert desk.run("forget", "@two", "--yes").code == 0
    assert desk.rows("SELECT * FROM cluster") == []
    assert desk.one("SELECT count(*) FROM pending") == 0


# -- status, and what strangers call themselves ----------------------------------------------------


def test_status_says_how_the_channels_are(desk: Desk) -> None:
    desk.added("one", posts=5)
    assert "1 not complete yet" in desk.run("status").out
    assert desk.run("sync").code == 0
    told = desk.run("status")
    assert told.code == 0
    assert "Media       described, not downloaded" in told.out
    assert "Synced      1 channel, each complete since" in told.out
    assert "sync: done, 5 new" in told.out
    desk.served.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3600"), times=None)
    desk.world.names["one"].post("News.")  # type: ignore[union-attr]
    desk.run("sync")
    assert "1 with an error (`archiver doctor` names them)" in desk.run("status").out


def test_hostile_titles_and_texts_never_act_on_a_terminal(desk: Desk) -> None:
    [one] = desk.added("one", posts=150)
    two = desk.world.channel("two", title=f"Two {NASTY}")
    post = two.post(f"ferry {NASTY}", post_author=NASTY)
    one.forward(post)
    one.rename(title=f"One {NASTY}")
    nameless = desk.world.channel(title=f"Three {NASTY}", members_only=True)
    nameless.join()
    nameless.post(f"Between us {NASTY}")
    added = desk.run("channels", "add", "@two", nameless.invite())
    said = [added, desk.run("sync"), desk.run("sync", "--dry-run")]
    assert "Three" in said[0].out
    assert "Three" in said[1].err
    assert "Three" in said[2].out
    nameless.leave()
    two.ban()
    one.garble(one.handle(100))
    commands = [
        ("sync", "--full-sweep"), ("nightly",), ("sync", "--dry-run"), ("channels", "list"),
        ("channels", "list", "--all", "--synced"), ("channels", "info", "@one"),
        ("channels", "info", "@two"), ("doctor",), ("status",), ("search", "ferry"),
        ("show", "@two/1"), ("sync", NASTY), ("channels", "add", NASTY),
        ("channels", "info", NASTY), ("channels", "remove", "@one"),
        ("forget", "@two", "--yes"),
    ]  # fmt: skip
    said += [desk.run(*each) for each in commands]
    for each in said:
        assert not [mark for mark in ACTS if mark in each.all], each
        assert "Traceback" not in each.err
    assert any("One" in each.all for each in said)


def test_a_bar_with_a_hostile_title_is_harmless_too(desk: Desk, tmp_path: Path) -> None:
    channel = desk.world.channel("one", title=f"One {NASTY}[bold]x[/bold]")
    channel.post_many(600)
    assert desk.run("channels", "add", "@one").code == 0
    channel.drop_name()
    desk.served.server.latency = 0.02
    with terminal("sync", cwd=tmp_path) as t:
        code, out = t.finish()
    assert code == 0
    assert "600 new" in out
    assert "owned" in t.seen or "Channels" in t.seen
    for mark in ("\x07", "\x9b", "\u202e", "\u2066", "\x1b]0;", "\x1b[31m"):
        assert mark not in t.seen


def test_a_deleted_post_is_found_and_exported_as_one(desk: Desk) -> None:
    [channel] = desk.added("harbour")
    desk.run("sync")
    channel.delete(2)
    desk.run("sync")
    assert "deleted" in desk.run("search", "has:deleted").out
    [record] = desk.run("export", "has:deleted").records
    assert record["id"] == 2
    assert record["deleted"].endswith("Z")
    assert record["deleted_evidence"] in ("difference", "by id")
