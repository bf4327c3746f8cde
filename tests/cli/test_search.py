"""Searching as a person or a program does: formats, pages, numbers, neighbours, saved searches."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archiver.cli import formats, run
from archiver.cli.asking import FORMATS
from archiver.cli.manual import search_manual
from archiver.cli.search import command
from archiver.store.store import Store
from archiver.text.fields import FIELDS, HAS
from tests.newsroom import Newsroom

ROOT = Path(__file__).resolve().parents[2]


class Said(NamedTuple):
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Its JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Ask = Callable[..., Said]
Later = Callable[[str, str], None]


@pytest.fixture
def world(room: Newsroom) -> Newsroom:
    """Four channels on a ferry: an original, its copies, an edited post, answers, a forward."""
    first = room.post("harbour", "The ferry sails at dawn from the old pier, weather permitting.")
    room.post("pier", "The ferry sails at dawn from the old pier, weather permitting.")
    room.forward("quay", "harbour", first)
    changed = room.post("dock", "Tickets for the ferry cost nine crowns this spring.", views=70)
    room.edit("dock", changed, "Tickets for the ferry cost eleven crowns from now on.")
    room.post("dock", "Eleven is too much, say the fishermen of the island.", reply_to=1, views=900)
    room.post("dock", "Порт закрыт из-за шторма, паром не пойдет до утра.", views=20)
    from archiver.cli.dedup import deduplicate
    from archiver.cli.session import Session
    from archiver.config import Config

    deduplicate(Session(Config(), quiet=True), room.store, room.run)
    return room


@pytest.fixture
def ask(
    world: Newsroom, db: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Ask:
    """Run the program on that world: `ask("search", "ferry")`."""
    world.store.close()
    monkeypatch.setenv("ARCHIVER_DB", str(db))

    def asked(*words: str) -> Said:
        code = run(list(words))
        return Said(code, *capfd.readouterr())

    return asked


@pytest.fixture
def later(db: Path) -> Later:
    """Another run posts something an hour later: `later("harbour", "The ferry is back.")`."""

    def posted(name: str, text: str) -> None:
        with Store.open(db) as store:
            room = Newsroom(store)
            room.clock += 3600
            room._last[name] = 100
            room.post(name, text)

    return posted


def test_every_format_tells_the_same_results(ask: Ask) -> None:
    lines = ask("search", "ferry", "--format", "jsonl").records
    [whole] = ask("search", "ferry", "--format", "json").records
    rows = list(csv.DictReader(io.StringIO(ask("search", "ferry", "--format", "csv").out)))
    ids = ask("search", "ferry", "--format", "ids").out.split()
    links = ask("search", "ferry", "--format", "links").out.split()
    texts = ask("search", "ferry", "--format", "text0").out.split("\0")[:-1]
    assert [hit["url"] for hit in lines] == links
    assert [hit["url"] for hit in lines] == ["https://t.me/dock/1", "https://t.me/harbour/1"]
    assert [hit["post_id"] for hit in lines] == [int(each) for each in ids]
    assert [str(hit["post_id"]) for hit in lines] == [row["post_id"] for row in rows]
    assert [hit["body"] for hit in lines] == texts
    assert [hit | {"cursor": None} for hit in whole["results"]] == lines
    assert (whole["format_version"], whole["query"], whole["cursor"]) == (1, "ferry", None)
    assert tuple(rows[0]) == formats.CSV_COLUMNS
    assert ask("search", "ferry", "--json").records == lines


def test_a_result_says_all_of_these(ask: Ask) -> None:
    """The stable interface: a key that goes, or means another thing, is another version."""
    hit = ask("search", "dawn", "--json").records[0]
    assert set(hit) == {
        "format_version", "post_id", "url", "channel", "username", "channel_id", "message_id",
        "date", "author", "forwarded_from", "text", "body", "snippet", "hits", "edited", "deleted",
        "media", "views", "version", "matched", "cluster", "copies", "channels", "first", "cursor",
        "said_since",
    }  # fmt: skip
    assert hit["format_version"] == 1
    assert [hit["snippet"][a:b] for a, b in hit["hits"]] == ["dawn"]


def test_what_is_told_to_programs_is_described(ask: Ask) -> None:
    described = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
    hit = ask("search", "dawn", "--json", "--context", "1", "--thread").records[0]
    for name in (*hit, *formats.CSV_COLUMNS, *FORMATS):
        assert f"`{name}`" in described, name


def test_another_version_of_the_formats_is_refused(ask: Ask) -> None:
    assert ask("search", "ferry", "--json", "--format-version", "1").code == 0
    refused = ask("search", "ferry", "--json", "--format-version", "2")
    assert (refused.code, refused.out) == (2, "")


def test_a_text_that_is_a_formula_is_text_in_csv(ask: Ask, later: Later) -> None:
    later("mole", "=HYPERLINK(1) lantern")
    [row] = csv.DictReader(io.StringIO(ask("search", "lantern", "--format", "csv").out))
    assert row["body"] == "'=HYPERLINK(1) lantern"


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance", "views", "copies"])
@pytest.mark.parametrize("every", [[], ["--all"]])
def test_pages_fit_together_whatever_is_archived_between(
    ask: Ask, later: Later, sort: str, every: list[str]
) -> None:
    asked = ["search", "date:2025 -nothing", "--sort", sort, "--json", *every]
    whole = [hit["post_id"] for hit in ask(*asked).records]
    assert len(whole) == (6 if every else 4)
    seen: list[int] = []
    cursor: list[str] = []
    while len(seen) < 10:
        page = ask(*asked, "--limit", "1", *cursor).records
        seen += [hit["post_id"] for hit in page]
        if page[-1]["cursor"] is None:
            break
        cursor = ["--cursor", page[-1]["cursor"]]
        later("dock", f"Something else, the {len(seen)}th.")
        if len(seen) == 1:
            later("pier", "The ferry sails at dawn from the old pier, weather permitting.")
    assert seen == whole


def test_a_place_of_another_search_is_refused(ask: Ask) -> None:
    [hit] = ask("search", "date:2025", "--limit", "1", "--json").records
    for words in (["ferry"], ["date:2025", "--all"], ["date:2025", "--sort", "oldest"]):
        assert ask("search", *words, "--cursor", hit["cursor"]).code == 2
    assert ask("search", "date:2025", "--cursor", "nonsense").code == 2
    told = ask("search", "date:2025", "--limit", "1")
    assert f"--cursor {hit['cursor']}" in told.err


def test_numbers(ask: Ask) -> None:
    assert ask("search", "ferry", "--count").out == "2\n"
    assert ask("search", "ferry", "--count", "--all").out == "4\n"
    assert ask("search", "ferry", "--count", "--originals-only").out == "2\n"
    assert ask("search", "ferry", "--count", "--json").records == [
        {"format_version": 1, "count": 2}
    ]
    nothing = ask("search", "submarine", "--count")
    assert (nothing.code, nothing.out) == (1, "0\n")


def test_originals_only_are_first_posts_and_no_forwards(ask: Ask) -> None:
    found = ask("search", "ferry", "--originals-only", "--json").records
    assert [hit["username"] for hit in found] == ["dock", "harbour"]
    assert ask("search", "ferry chan:@quay", "--originals-only").code == 1


def test_counted_by_channel_and_month(ask: Ask) -> None:
    found = ask("search", "date:2025", "--by", "channel", "--json").records
    assert [(each["value"], each["count"]) for each in found] == [
        ("@dock", 3), ("@harbour", 1), ("@pier", 1), ("@quay", 1),
    ]  # fmt: skip
    table = ask("search", "date:2025", "--by", "month").out
    assert table.startswith("2025-01  4  █")
    assert ask("search", "date:2025", "--by", "month", "--format", "csv").out.splitlines()[0] == (
        "value,label,count"
    )
    assert ask("search", "submarine", "--by", "day").code == 1
    assert ask("search", "ferry", "--by", "day", "--format", "ids").code == 2


def test_channels_without_a_name_are_counted_by_their_number(
    ask: Ask, db: Path, world: Newsroom
) -> None:
    number = world.channel("dock").tg_id
    with closing(sqlite3.connect(db)) as raw, raw:
        unnamed = "UPDATE channel SET title = '', title_key = NULL, username = NULL,"
        raw.execute(f"{unnamed} username_key = NULL WHERE username = 'dock'")
        raw.execute(f"{unnamed} username_key = NULL, tg_id = NULL WHERE username = 'pier'")
        [(own,)] = raw.execute("SELECT id FROM channel WHERE tg_id IS NULL")
        raw.execute("DELETE FROM channel_name")
    by = ("search", "date:2025", "--by", "channel")
    found = [(each["value"], each["label"]) for each in ask(*by, "--json").records]
    assert found[:1] == [(str(number), f"channel {number}")]
    assert (str(own), f"channel {own}") in found
    assert f"{number},channel {number},3" in ask(*by, "--format", "csv").out
    assert ask(*by).out.startswith(f"channel {number}  3  █")
    for value, _ in found:
        assert ask("search", f"chan:{value}", "--all").code == 0
    assert ask("search", "date:2025", f"chan:{number}", "--count").out == "3\n"


def test_a_plot_is_a_picture_of_the_numbers(ask: Ask, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    target = tmp_path / "p.svg"
    assert ask("search", "ferry", "--by", "channel", "--plot", str(target)).code == 0
    texts = set(ElementTree.fromstring(target.read_text(encoding="utf-8")).itertext())
    assert {"ferry, by channel", "Harbour", "Dock", "Pier", "Quay"} <= texts
    assert ask("search", "ferry", "--plot", str(target)).code == 2
    done = ask("search", "ferry", "--by", "channel", "--plot", str(tmp_path / "p.png"))
    assert (done.code, done.out, (tmp_path / "p.png").exists()) == (2, "", False)
    assert "name a .svg" in done.err


def test_earlier_wordings_are_found_and_marked_as_such(ask: Ask) -> None:
    assert ask("search", "nine crowns").code == 1
    [hit] = ask("search", "nine crowns", "--versions", "--json").records
    assert "nine crowns" in hit["text"]
    assert hit["version"]["id"] == 1
    assert "an earlier version" in ask("search", "nine crowns", "--versions").out
    assert ask("search", "nine crowns chan:@harbour", "--versions").code == 1
    [now] = ask("search", "tickets", "--versions", "--json").records
    assert (now["version"], "eleven" in now["text"]) == (None, True)
    assert ask("search", "nine OR dawn", "--versions", "--count").out == "2\n"


def test_neighbours_and_threads(ask: Ask) -> None:
    told = ask("search", "fishermen", "--context", "1").out.splitlines()
    assert "Tickets" in told[0]
    assert "Порт" in told[-1]
    [hit] = ask("search", "tickets", "--json", "--context", "2", "--thread").records
    assert [post["url"] for post in hit["context"]["after"]] == [
        "https://t.me/dock/2", "https://t.me/dock/3",
    ]  # fmt: skip
    assert [post["url"] for post in hit["thread"]["below"]] == ["https://t.me/dock/2"]
    [answer] = ask("search", "fishermen", "--json", "--thread").records
    assert [post["url"] for post in answer["thread"]["above"]] == ["https://t.me/dock/1"]


def test_a_word_that_no_post_holds_is_told_with_what_looks_like_it(ask: Ask) -> None:
    assert "No post holds ferrry; did you mean ferry?" in ask("search", "ferrry dawn").err


def test_what_was_meant_is_shown_as_posts_write_it(ask: Ask, later: Later) -> None:
    later("dock", "Das Ministerium bestätigt es, der Hafen bestätigt es.")
    told = ask("search", "bestätigtt")
    assert "No post holds bestätigtt; did you mean bestätigt?" in told.err


def test_a_time_that_lost_its_date_is_told(ask: Ask) -> None:
    told = ask("search", "date:2031-11-27", "13:22")
    assert told.code == 1
    assert (
        '13:22 was looked for as words; quote it together with its date: date:"2031-11-27 13:22".'
        in told.err
    )
    assert "quote" not in ask("search", "date:2031-11-27", "zeppelin").err


def test_a_figure_that_is_written_otherwise_is_held(ask: Ask, later: Later) -> None:
    later("dock", "The ferry carries 1,200 people.")
    said = ask("search", "1200 zeppelin")
    assert "No post holds zeppelin" in said.err
    assert "1200" not in said.err
    assert "did you mean" not in ask("search", "zzzzzz").err
    assert ask("search", "ferrry", "--json").err == ""


def test_the_copy_that_was_found_is_told_where_another_post_is_shown(ask: Ask) -> None:
    [hit] = ask("search", "dawn", "--json").records
    told = ask("search", "dawn").out.splitlines()
    assert hit["matched"]["post_id"] != hit["post_id"]
    when = hit["matched"]["date"][:16].replace("T", " ")
    assert told[2].endswith(f"matched {when}Z @quay/1")
    assert len(told[2]) < 80
    assert "matched" not in ask("search", "dawn", "--all").out
    assert "matched" not in ask("search", "dawn chan:@harbour").out


def test_where_only_the_copy_has_the_words_its_text_is_shown(
    world: Newsroom, db: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = (
        "The harbour council voted on Monday to deepen the northern channel by two metres before"
        " winter storms, and to move the fish market to the customs house next to the lighthouse"
    )
    from archiver.cli.dedup import deduplicate
    from archiver.cli.session import Session
    from archiver.config import Config

    world.post("mill", f"{said}.")
    world.post("tower", f"{said}. Applause.")
    deduplicate(Session(Config(), quiet=True), world.store, world.run)
    world.store.close()
    monkeypatch.setenv("ARCHIVER_DB", str(db))

    def ask(*words: str) -> str:
        assert run(["search", *words]) == 0
        return capfd.readouterr().out

    told = ask("applause").splitlines()
    assert "@mill" in told[0]
    assert "**Applause**." in told[1]
    assert told[2].endswith("@tower/1 (its text)")
    assert "(its text)" not in ask("council")
    assert "(its text)" not in ask("chan:@tower")
    hit = json.loads(ask("applause", "--json"))
    assert (hit["url"], hit["hits"]) == ("https://t.me/mill/1", [])
    its = hit["matched"]
    assert its["url"] == "https://t.me/tower/1"
    assert [its["snippet"][a:b] for a, b in its["hits"]] == ["Applause"]
    [row] = csv.DictReader(io.StringIO(ask("applause", "--format", "csv")))
    assert [row[f"matched_{name}"] for name in ("post_id", "url", "date")] == [
        str(its["post_id"]), its["url"], its["date"],
    ]  # fmt: skip


def test_a_name_that_is_no_saved_search_is_said_to_be_none(ask: Ask) -> None:
    ask("saved", "add", "boats", "submarine")
    assert "No saved search is called nosaved:" in ask("search", "@nosaved").err
    assert "No saved search" not in ask("search", "@boats").err
    assert "No saved search" not in ask("search", "submarine").err


def test_a_field_misspelt_is_2_and_shows_the_place(ask: Ask) -> None:
    told = ask("search", "ferry", "chann:dock")
    assert (told.code, told.out) == (2, "")
    assert "no field `chann`; did you mean chan:?" in told.err


def test_what_is_new_in_a_saved_search_is_told_once(ask: Ask, later: Later) -> None:
    assert ask("saved", "add", "Boats", "ferry OR паром").code == 0
    assert ask("search", "@boats", "--count").out == "3\n"
    assert ask("search", "@boats chan:@dock", "--count").out == "2\n"
    assert ask("search", "@boats", "--new").code == 1
    later("harbour", "The ferry is back.")
    assert ask("search", "@boats", "--new", "--count").out == "1\n"
    [hit] = ask("search", "@boats", "--new", "--json").records
    assert hit["text"] == "The ferry is back."
    told = ask("search", "@boats", "--new")
    assert (told.code, told.out, told.err) == (1, "", "Nothing new.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["ferry", "--new"],
        ["@boats ferry", "--new"],
        ["@nobody", "--new"],
        ["@boats", "--new", "--limit", "3"],
    ],
)
def test_new_asks_for_one_saved_search(ask: Ask, words: list[str]) -> None:
    ask("saved", "add", "boats", "ferry")
    assert ask("search", *words).code == 2


def test_saved_searches_are_listed_changed_and_removed(ask: Ask) -> None:
    assert "No searches" in ask("saved", "check").err
    ask("saved", "add", "boats", "ferry")
    assert "Changed @boats" in ask("saved", "add", "@Boats", "ferry -dawn").err
    [listed] = ask("saved", "list", "--json").records
    assert (listed["name"], listed["query"], listed["asked"]) == ("boats", "ferry -dawn", None)
    assert "@boats" in ask("saved", "list").out
    assert ask("saved", "remove", "boats").code == 0
    assert ask("saved", "remove", "boats").code == 2
    for name, words in (("a b", "x"), ("", "x"), ("ok", "(x"), ("self", "…")):
        assert ask("saved", "add", name, words).code == 2


def test_a_saved_search_cannot_ask_for_itself(ask: Ask) -> None:
    told = ask("saved", "add", "y", "@Y")
    assert (told.code, told.out) == (2, "")
    assert "@y would ask for itself (@y -> @y);" in told.err
    assert ask("saved", "add", "a1", "@a2 OR ferry").code == 0
    assert ask("saved", "add", "a3", "@a1").code == 0
    told = ask("saved", "add", "a2", "-(storm @a3) dawn")
    assert told.code == 2
    assert "(@a2 -> @a3 -> @a1 -> @a2)" in told.err
    assert ask("saved", "add", "a2", '"a2" OR dawn').code == 0
    assert [each["name"] for each in ask("saved", "list", "--json").records] == ["a1", "a2", "a3"]


def test_who_said_it_first_is_named_unless_it_is_the_channel_of_the_result(
    ask: Ask, db: Path
) -> None:
    """The statement is shown by a later post of another channel, then by one of the same."""
    for channel, first in (("quay", "first @harbour 2025-01-01 12:01Z"), ("harbour", "first 2025")):
        with closing(sqlite3.connect(db)) as raw, raw:
            raw.execute(
                "UPDATE cluster SET canonical = (SELECT p.id FROM post p JOIN channel c"
                " ON c.id = p.channel_id WHERE c.username = ? AND p.cluster_id = cluster.id)",
                (channel,),
            )
            raw.execute(
                "UPDATE post SET date = date + 60 WHERE id = (SELECT canonical FROM cluster)"
            )
        head = ask("search", "dawn").out.splitlines()[0]
        assert f"@{channel}  +2 copies in 2 channels, {first}" in head


def test_check_hands_what_is_new_to_a_command_as_json(
    ask: Ask, later: Later, tmp_path: Path
) -> None:
    ask("saved", "add", "boats", "ferry")
    ask("saved", "add", "storms", "storm")
    later("harbour", "The ferry is back.")
    keep = f"{sys.executable} -c 'import sys; open(sys.argv[1], \"a\").write(sys.stdin.read())'"
    news = tmp_path / "news.json"
    assert ask("saved", "check", "--exec", f"{keep} {news}").code == 0
    [told] = [json.loads(line) for line in news.read_text(encoding="utf-8").splitlines()]
    assert (told["saved"], told["query"], len(told["results"])) == ("boats", "ferry", 1)
    assert told["results"][0]["text"] == "The ferry is back."
    assert ask("saved", "check", "--exec", f"{keep} {news}").code == 0
    assert len(news.read_text(encoding="utf-8").splitlines()) == 1


def test_what_a_command_failed_on_is_told_again(ask: Ask, later: Later) -> None:
    ask("saved", "add", "boats", "ferry")
    later("harbour", "The ferry is back.")
    failed = ask("saved", "check", "--exec", "false")
    assert failed.code == 7
    assert "@boats" in failed.err
    told = ask("saved", "check")
    assert told.code == 0
    assert "@boats: 1 new result\n" in told.out
    assert ask("saved", "check", "--json").out == ""


@pytest.mark.parametrize("program", ["/nowhere/at/all --now", "no-such-program", "'", ""])
def test_a_command_that_is_not_there_is_said_before_there_is_any_news(
    ask: Ask, later: Later, program: str
) -> None:
    ask("saved", "add", "boats", "ferry")
    told = ask("saved", "check", "--exec", program)
    assert told.code == 2
    assert f"{program!r} cannot be run" in told.err
    later("harbour", "The ferry is back.")
    assert ask("saved", "check", "--exec", program).code == 2
    assert "@boats: 1 new result\n" in ask("saved", "check").out


def test_a_saved_search_that_cannot_be_asked_any_more_leaves_the_others_alone(
    ask: Ask, later: Later, db: Path
) -> None:
    ask("saved", "add", "boats", "ferry")
    ask("saved", "add", "broken", "ferry chan:@harbour")
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE saved_search SET query = 'ferry chan:@gone' WHERE name = 'broken'")
    later("harbour", "The ferry is back.")
    told = ask("saved", "check")
    assert told.code == 7
    assert "@boats: 1 new result" in told.out
    assert "@broken: no channel called" in told.err


def test_a_watch_works_while_another_holds_the_archive(ask: Ask, db: Path) -> None:
    ask("saved", "add", "boats", "ferry")
    with Store.open(db):
        assert ask("search", "@boats", "--new").code == 1
        assert ask("saved", "check").code == 0


def test_the_first_result_opens_in_the_browser(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    assert ask("search", "tickets", "--open").code == 0
    assert opened.read_text() == "https://t.me/dock/1\n"


def test_a_damaged_index_is_reported_and_rebuilt(ask: Ask, db: Path) -> None:
    assert ask("index", "check").code == 0
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE posts_fts_data SET block = x'00ff00ff' WHERE id > 10")
    assert ask("search", "ferry").code == 6
    checked = ask("index", "check", "--json")
    assert checked.code == 6
    assert "damaged" in checked.records[0]["findings"][0]
    assert ask("index", "check", "--repair").code == 0
    assert ask("search", "ferry", "--count").out == "2\n"
    assert ask("index", "check").code == 0


def test_an_index_that_lags_behind_is_noticed_by_the_next_search(ask: Ask, db: Path) -> None:
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE post SET sort_key = sort_key + 1 WHERE id = 6")
    told = ask("search", "ferry")
    assert told.code == 6
    assert "archiver index rebuild" in told.err
    assert ask("index", "rebuild").code == 0
    assert ask("search", "ferry", "--count").out == "2\n"
    assert ask("index", "optimize").code == 0


def test_help(ask: Ask) -> None:
    assert ask("help", "search").out.startswith("ARCHIVER SEARCH")
    assert "Usage: archiver saved" in ask("help", "saved").out
    assert ask("help").out.startswith("Usage: archiver")
    assert ask("help", "nothing").code == 2


@pytest.mark.parametrize(
    ("typed", "endings"),
    [
        (["search", "ch"], ["chan:"]),
        (["search", "ferry -has:ph"], ["ferry -has:photo"]),
        (["search", "-has:ph"], ["-has:photo"]),
        (["search", "chan:@ha"], ["chan:@harbour"]),
        (["search", "(chan:HA"], ["(chan:harbour"]),
        (["search", "@bo"], ["@boats"]),
        (["search", "--sort", "rel"], ["relevance"]),
        (["search", "chan:@nobody"], []),
        (["saved", "remove", "b"], ["boats"]),
        (["comp"], ["completion"]),
    ],
)
def test_words_complete(ask: Ask, typed: list[str], endings: list[str]) -> None:
    ask("saved", "add", "boats", "ferry")
    told = ask("completion", "words", "--", *typed)
    assert [line.split("\t")[0] for line in told.out.splitlines()] == endings


def test_a_completion_without_an_archive_is_silent(ask: Ask, tmp_path: Path) -> None:
    told = ask("completion", "words", "--", "search", "--db", str(tmp_path / "no"), "chan:x")
    assert (told.code, told.out, told.err) == (0, "", "")


@pytest.mark.parametrize(
    ("line", "pieces", "endings"),
    [
        ("chan:@har", ["chan", ":@", "har"], "@harbour,"),
        ("ferry --by ", ["ferry", "--by", ""], "channel,day,week,month,year,lang,fwd,"),
        (
            "chan:x --sort=",
            ["chan", ":", "x", "--sort", "="],
            "newest,oldest,relevance,views,copies,",
        ),
        ("--sort=rel", ["--sort", "=", "rel"], "relevance,"),
    ],
)
def test_bash_completes_though_it_splits_words_at_colons(
    ask: Ask, db: Path, line: str, pieces: list[str], endings: str
) -> None:
    """What bash calls the word is "" behind a blank, and one piece of it behind a colon."""
    words = " ".join(map(shlex.quote, ["archiver", "search", *pieces]))
    last = {"har": "@har"}.get(pieces[-1], pieces[-1])
    script = f"""
        eval "$(archiver completion bash)"
        COMP_LINE={shlex.quote(f"archiver search {line}")}; COMP_POINT=${{#COMP_LINE}}
        COMP_WORDS=({words}); COMP_CWORD={len(pieces) + 1}
        complete() {{ :; }}; compopt() {{ :; }}
        _archiver_completion archiver {shlex.quote(last)} ""
        printf '%s,' "${{COMPREPLY[@]}}"
    """
    assert shutil.which("bash")
    folder = db.parent / "bin"
    folder.mkdir()
    program = folder / "archiver"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m archiver "$@"\n')
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", script], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout == endings, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_can_read_its_script(ask: Ask, shell: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell} here")
    script = ask("completion", shell).out
    done = subprocess.run([found, "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_language_and_its_manual_agree() -> None:
    manual = search_manual()
    for name in FIELDS:
        assert f"{name}:" in manual
    for name in HAS:
        assert f" {name} " in manual
    plain = {"words", "--db", "--json", "--tz", "--format-version"}
    for option in command.params:
        for name in option.opts:
            assert name in manual or name in plain, name
    assert max(map(len, manual.splitlines())) <= 100


@pytest.mark.parametrize(
    ("words", "name", "times"),
    [
        (("search", "ferry", "--sort", "oldest", "--sort", "views"), "--sort", "twice"),
        (("search", "--limit=1", "ferry", "--limit", "1", "--limit", "2"), "--limit", "3 times"),
        (("channels", "similar", "--fewest", "1", "--fewest", "2"), "--fewest", "twice"),
        (("dedup", "--dry-run", "undo", "1", "--db", "a", "--db", "b"), "--db", "twice"),
    ],
)
def test_an_option_of_one_value_is_given_once(
    ask: Ask, words: tuple[str, ...], name: str, times: str
) -> None:
    said = ask(*words)
    assert (said.code, said.out) == (2, "")
    assert f"{name} is given {times}; say it once." in said.err


def test_a_flag_may_stand_there_twice(ask: Ask) -> None:
    assert ask("search", "ferry", "--json", "--json") == ask("search", "ferry", "--json")
