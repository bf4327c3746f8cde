"""The search language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import QueryError
from archiver.text.query import parse
from archiver.text.tree import (
    Amount,
    And,
    Chan,
    Date,
    Fwd,
    Ids,
    Near,
    Node,
    Not,
    Or,
    Query,
    Regex,
    Tagged,
    Term,
)

NOW = int(datetime(2024, 3, 31, 12, tzinfo=UTC).timestamp())


def read(text: str) -> Query:
    return parse(text, now=NOW)


def word(text: str) -> Term:
    return Term((text,))


def stamp(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("санкции", word("санкции")),
        ("a b", And((word("a"), word("b")))),
        ("a b a", And((word("a"), word("b")))),
        ("a A", word("a")),
        ("a AND b", And((word("a"), word("b")))),
        ("a and b", And((word("a"), word("and"), word("b")))),
        ("a OR b c", Or((word("a"), And((word("b"), word("c")))))),
        ("(a OR b) c", And((Or((word("a"), word("b"))), word("c")))),
        ("a -b", And((word("a"), Not(word("b"))))),
        ("a NOT b", And((word("a"), Not(word("b"))))),
        ("NOT NOT a", word("a")),
        ("(-a -b) c", And((Not(word("a")), Not(word("b")), word("c")))),
        ("a - b — c", And((word("a"), word("b"), word("c")))),
        ('"Точная фраза"', Term(("точная", "фраза"), exact=True)),
        ("=закон", Term(("закон",), exact=True)),
        ('="a b"', Term(("a", "b"), exact=True)),
        ("сан*", Term(("сан",), prefix=True)),
        ("Санкт-Петербург", Term(("санкт", "петербург"))),
        ("今天*", Term(("今", "天"))),
        ("12:30", Term(("12", "30"))),
        ("http://x.org/a", Term(("http", "x", "org", "a"))),
        ("Путин: война", And((word("путин"), word("война")))),
        ("Chan: x", And((word("chan"), word("x")))),
        ("😀 a", word("a")),
        ("😀 OR a", word("a")),
        ("(😀) a -😀", word("a")),
        ("chan:@mfa", Chan((("@mfa", 5),))),
        ('chan:"МИД России" chan:x', Chan((("МИД России", 5), ("x", 23)))),
        ("fwd:x", Fwd((("x", 4),))),
        ("-fwd:x a", And((Not(Fwd((("x", 5),))), word("a")))),
        ("a AND (b OR c)", And((word("a"), Or((word("b"), word("c")))))),
        ('"a b"~5', Near((("a",), ("b",)), 5)),
        ('"今天 a-b"~0', Near((("今", "天"), ("a", "b")), 0)),
        ('"a"~5', Term(("a",), exact=True)),
        ('"a b"~x', And((Term(("a", "b"), exact=True), word("x")))),
        ("/ab+c/", Regex("ab+c", ())),
        (r"/ a\/b, /", Term(("a", "b"))),
        (r"/a\/b/", Regex("a/b", ())),
        ("(/a b/)", Regex("a b", ())),
        ("-/a/ b", And((Not(Regex("a", ())), word("b")))),
        ("и/или /etc/hosts", And((Term(("и", "или")), Term(("etc", "hosts"))))),
        ("from:Editor", Tagged("from", ("Editor",))),
        ("lang:RU lang:uk", Tagged("lang", ("ru", "uk"))),
        ("has:photo has:link", And((Tagged("has", ("photo",)), Tagged("has", ("link",))))),
        ("link:https://www.Example.org/a?b", Tagged("link", ("Example.org",))),
        ("tag:#Порт user:@Pier_1", And((Tagged("tag", ("Порт",)), Tagged("user", ("Pier_1",))))),
        ("views:>1k", Amount("views", 1001, None)),
        ("views:<=2M copies:5", And((Amount("views", None, 2_000_000), Amount("copies", 5, 5)))),
        ("copies:2..", Amount("copies", 2, None)),
        ("id:8 id:#9", Ids("id", (("8", 3), ("#9", 8)))),
        ("cluster:3", Ids("cluster", (("3", 8),))),
        ("added:2024-01-01", Date(1704067200, 1704153600, added=True)),
        ("(chan:a x) chan:b", And((Chan((("a", 6),)), word("x"), Chan((("b", 16),))))),
        ("a OR date:2024-01-01", Or((word("a"), Date(1704067200, 1704153600)))),
        ("a -date:2024-01-01", And((word("a"), Not(Date(1704067200, 1704153600))))),
        ("@nobody a", And((word("nobody"), word("a")))),
    ],
)
def test_a_text_becomes_a_tree(text: str, tree: Node) -> None:
    assert read(text).root == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("😀 …", 0),
        ("-a", 0),
        ("NOT a", 0),
        ("a (b", 2),
        ("a b)", 3),
        ('a "b', 2),
        ("a OR", 4),
        ("OR a", 0),
        ("a AND", 5),
        ("a OR -b", 0),
        ("()", 1),
        ("a NOT", 5),
        ("chan:", 5),
        ("x chan: y", 7),
        ('chan:"x', 5),
        ("date:", 5),
        ("date:soon", 5),
        ("date:2024-13", 5),
        ("date:2024-02-30", 5),
        ("date:..", 5),
        ("date:2024..2023", 5),
        ("date:2024..05", 5),
        ("date:7d..05", 5),
        ("date:0000", 5),
        ("date:9999", 5),
        ("date:2024-03-05T24", 5),
        ("date:2024-03-05T", 5),
        ("date:2024-03T14", 5),
        ("date:2024-03-05T14:60", 5),
        ("date:2024-03-05T14+99:00", 5),
        ("date:2024-03-05T14..12", 5),
        ("date:T14", 5),
        ("date:99999y", 5),
        ('"a b"~500', 6),
        ("a /[/", 2),
        ("views:many", 6),
        ("views:..", 6),
        ("views:9..5", 6),
        ("copies:>x", 7),
        ("cluster:x", 8),
        ("has:wings", 4),
        ("lang:elvish", 5),
        ("added:soon", 6),
        ("link:", 5),
        ("from:", 5),
        ("(" * 10_000, 12),
        ("(" * 4_999 + "a" + ")" * 4_999, 12),
        ("слово " * 300, 0),
        ("x" * 20_000, 0),
    ],
)
def test_what_cannot_be_searched_for_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        read(text)
    assert caught.value.position == position
    assert caught.value.query == text
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2023-12", "2023-12-01", "2024-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2023..2024-02", "2023-01-01", "2024-03-01"),
        ("2024-02..", "2024-02-01", None),
        ("..2024-02-03", None, "2024-02-04"),
        ("2024-03..05-01", "2024-03-01", "2024-05-02"),
        ("2024-03..05", "2024-03-01", "2024-06-01"),
        ("2024-03-05..09", "2024-03-05", "2024-03-10"),
        ("2024-03-05T14", "2024-03-05T14:00", "2024-03-05T15:00"),
        ("2024-03-05T9:07", "2024-03-05T09:07", "2024-03-05T09:08"),
        ('"2024-03-05 14:30"', "2024-03-05T14:30", "2024-03-05T14:31"),
        ('"2024-03-05 14:30Z"', "2024-03-05T14:30", "2024-03-05T14:31"),
        ("2024-03-05T23:30+03:00", "2024-03-05T20:30", "2024-03-05T20:31"),
        ("2024-03-05T14-0330", "2024-03-05T17:30", "2024-03-05T18:30"),
        ("2024-03-05T14..", "2024-03-05T14:00", None),
        ("..2024-03-05T14:30", None, "2024-03-05T14:31"),
        ("2024-03-05T14..16", "2024-03-05T14:00", "2024-03-05T17:00"),
        ("2024-03-05T14:30..T16:10", "2024-03-05T14:30", "2024-03-05T16:11"),
        ("2024-03-05T14..2024-03-06", "2024-03-05T14:00", "2024-03-07"),
        ("2024-03-05T22..03-06T03", "2024-03-05T22:00", "2024-03-06T04:00"),
        ("2024-03-05..09T12", "2024-03-05", "2024-03-09T13:00"),
        ("2024-03-05T14..1h", "2024-03-05T14:00", "2024-03-31T11:00"),
        ("today", "2024-03-31", "2024-04-01"),
        ("yesterday", "2024-03-30", "2024-03-31"),
        ("yesterday..today", "2024-03-30", "2024-04-01"),
        ("24h", "2024-03-30T12:00", None),
        ("7d", "2024-03-24T12:00", None),
        ("2w..7d", "2024-03-17T12:00", "2024-03-24T12:00"),
        ("1M", "2024-02-29T12:00", None),
        ("13M", "2023-02-28T12:00", None),
        ("1y..", "2023-03-31T12:00", None),
        ("@1700000000..@1700000009", "2023-11-14T22:13:20", "2023-11-14T22:13:30"),
    ],
)
def test_dates_are_half_open_intervals(value: str, since: str | None, until: str | None) -> None:
    query = read(f"a date:{value}")
    assert query.since == (since and stamp(since))
    assert query.until == (until and stamp(until))
    assert query.root == word("a")


def test_days_are_those_of_the_zone_and_may_have_23_hours() -> None:
    query = parse("date:2024-03-31", now=NOW, zone=ZoneInfo("Europe/Berlin"))
    assert query.root is None
    assert query.since == stamp("2024-03-30T23:00")
    assert query.until == stamp("2024-03-31T22:00")


def test_hours_are_those_of_the_zone_and_may_come_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    query = parse("date:2024-07-01T14:30", now=NOW, zone=berlin)
    assert (query.since, query.until) == (stamp("2024-07-01T12:30"), stamp("2024-07-01T12:31"))
    query = parse("date:2024-07-01T14:30Z", now=NOW, zone=berlin)
    assert query.since == stamp("2024-07-01T14:30")
    query = parse("date:2024-10-27T02", now=NOW, zone=berlin)
    assert (query.since, query.until) == (stamp("2024-10-27T00:00"), stamp("2024-10-27T02:00"))


def test_several_dates_narrow_each_other() -> None:
    query = read("a date:2023.. date:..2024-02")
    assert (query.since, query.until) == (stamp("2023-01-01"), stamp("2024-03-01"))


def test_an_exclusion_may_stand_with_a_date_or_a_channel() -> None:
    assert read("-a date:2024").root == Not(word("a"))
    assert read("-a chan:x").root == And((Not(word("a")), Chan((("x", 8),))))


SAVED = {
    "mine": "a OR b date:2024",
    "deep": "@mine c",
    "broken": "a (",
    "loop": "@loop a",
    "empty": "…",
}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("@mine", "a OR b date:2024"),
        ("@Mine x", "(a OR b date:2024) x"),
        ("@deep", "(a OR b date:2024) c"),
        ("-@deep x", "-((a OR b date:2024) c) x"),
        ("@loop", "loop a"),
        ("@mine, x", "mine x"),
        ("@others", "others"),
    ],
)
def test_a_saved_search_stands_as_if_in_parentheses(text: str, same: str) -> None:
    found = parse(text, now=NOW, saved=SAVED)
    expected = parse(same, now=NOW)
    assert (found.root, found.since) == (expected.root, expected.since)


@pytest.mark.parametrize("text", ["x @broken", "x @empty"])
def test_a_saved_search_that_cannot_be_read_is_told_at_its_name(text: str) -> None:
    with pytest.raises(QueryError, match="saved search") as caught:
        parse(text, now=NOW, saved=SAVED)
    assert caught.value.position == 2


def test_saved_searches_inside_each_other_have_an_end() -> None:
    many = {f"s{n}": f"@s{n + 1} a{n}" for n in range(30)}
    with pytest.raises(QueryError, match="inside each other"):
        parse("@s0", now=NOW, saved=many)


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("chann:Mash ferry", 0, "chan"),
        ("ferry -channel:mash", 7, "chan"),
        ("(chanel:mash)", 1, "chan"),
        ('chann:"Harbour Ministry"', 0, "chan"),
        ("title:foo", 0, "chan"),
        ("is:undated", 0, "has"),
        ("author:x", 0, "from"),
        ("langauge:ru", 0, "lang"),
        ("forward:x", 0, "fwd"),
        ("view:>5", 0, "views"),
        ("Date:2024", 0, "date"),
    ],
)
def test_what_is_nearly_a_field_is_refused_at_its_place(text: str, place: int, meant: str) -> None:
    with pytest.raises(QueryError, match=rf"did you mean {meant}:\? Quote it") as caught:
        read(text)
    assert caught.value.position == place


@pytest.mark.parametrize(
    "text",
    [
        "12:30", "Note: ferry", "note:ferry", "https://t.me/x/1", "tg://resolve", "channel: ferry",
        "Title:ferry", "data:image/png", "re:x", "паром:да", '"chann:mash"', "=chann:mash", "::",
        'said:"no"', "form: x", "channel:", "chan.x:y",
    ],
)  # fmt: skip
def test_other_words_with_a_colon_are_words(text: str) -> None:
    read(text + " ferry")


NASTY = st.lists(
    st.sampled_from(
        ["(", ")", '"', "-", "=", "*", "OR", "AND", "NOT", "a", "б", "今", "😀", " ", ":", "chan:",
         "fwd:", "date:", "2024", "..", "7d", "NEAR", "/", "[", "~5", "views:", ">", "has:",
         "photo", "link:", "id:", "from:", "user:", "tag:", "lang:", "added:", "copies:", "@x",
         "cluster:", "chann:", "is:", "^", "+", "{", "}", "'", "\\", "\x00", "ʼ"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(NASTY, st.text(max_size=60)))
def test_any_text_is_understood_or_refused(text: str) -> None:
    outcome: Query | QueryError
    try:
        outcome = parse(text, now=NOW, saved={"x": "a OR date:2024"})
    except QueryError as error:
        outcome = error
    if isinstance(outcome, Query):
        assert outcome.root is not None or (outcome.since, outcome.until) != (None, None)
    else:
        assert 0 <= outcome.position <= len(text)
        assert str(outcome)
