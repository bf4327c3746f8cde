"""Dumps of copied text."""

import io

import pytest

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Forward, Notice, OriginKind, Source
from archiver.sources import ReadOptions, text_dump

TWO = """Forwarded from Harbour News
The ferry sails at nine.

  Indented, and kept.
Forwarded from Lamp Room
The ferry sails at ten.
"""


def read(data, **options):
    data = data.encode() if isinstance(data, str) else data
    return list(text_dump.read(io.BytesIO(data), ReadOptions(**{"name": "dump.txt"} | options)))


def posts(items):
    return [item[1] for item in items if isinstance(item, tuple)]


def texts(items):
    return [post.text for post in posts(items)]


def test_each_header_line_begins_a_post_and_inner_text_is_kept():
    items = read(TWO)
    assert texts(items) == [
        "The ferry sails at nine.\n\n  Indented, and kept.",
        "The ferry sails at ten.",
    ]
    channel, first = items[0]
    assert channel == Channel(title="dump")
    assert first.forward == Forward(OriginKind.NAME, name="Harbour News")
    assert (first.date, first.entities, first.source) == (None, None, Source.TEXT)


def test_the_channel_is_the_one_named_or_the_file():
    assert read(TWO, channel="@lamp")[0][0] == Channel(username="lamp")
    assert read(TWO, channel="The Lamp")[0][0] == Channel(title="The Lamp")
    assert read(TWO, name="a.b.txt")[0][0] == Channel(title="a.b")


def test_outer_blank_lines_go_and_windows_line_ends_become_plain():
    assert texts(read("Forwarded from A\r\n\r\n one\r\n\r\ntwo \r\n \r\n")) == [" one\n\ntwo "]


def test_a_grown_file_gives_the_old_ids_again_and_a_second_forward_is_a_second_post():
    old = [post.message_id for post in posts(read(TWO + TWO))]
    new = [post.message_id for post in posts(read(TWO + TWO + "Forwarded from C\nNew\n"))]
    assert len(set(old)) == 4
    assert new[:4] == old


def test_the_same_words_from_another_name_are_another_post():
    one, two = posts(read("Forwarded from A\nx\nForwarded from B\nx\n"))
    assert one.message_id != two.message_id


def test_text_above_the_first_header_is_a_post_without_forward_and_told():
    items = read("\nHello\n" + TWO)
    assert posts(items)[0].forward is None
    assert texts(items)[0] == "Hello"
    assert next(item for item in items if isinstance(item, Notice)).message.startswith(
        "the text from line 2 on has no line 'Forwarded from"
    )


def test_a_forward_of_a_picture_has_no_text_and_is_still_a_post():
    assert texts(read("Forwarded from A\nForwarded from B\nx")) == ["", "x"]


def test_a_line_with_no_name_is_text():
    assert texts(read("Forwarded from A\nForwarded from \nx")) == ["Forwarded from \nx"]


@pytest.mark.parametrize("header", text_dump.HEADERS)
def test_headers_of_other_languages_are_known_at_line_starts_only(header):
    items = read(f"{header}Имя\nтекст, {header}Имя\n")
    assert [post.forward.name for post in posts(items)] == ["Имя"]


def test_blank_lines_part_posts_when_asked():
    items = read("one\nmore\n\n\n \nForwarded from A\ntwo\nForwarded from B\n", separator="blank")
    assert texts(items) == ["one\nmore", "two\nForwarded from B"]
    assert [post.forward and post.forward.name for post in posts(items)] == [None, "A"]
    assert len(items) == 2


def test_a_rule_parts_posts_repeated_or_not():
    items = read("one\n\nmore\n---\n\nForwarded from A\ntwo\n------ \nthree --- 4", separator="---")
    assert texts(items) == ["one\n\nmore", "two", "three --- 4"]
    assert posts(items)[1].forward.name == "A"


@pytest.mark.parametrize(
    ("rule", "line", "parts"),
    [
        ("---", "-----", True),
        ("---", "--", False),
        ("---", "--- -", False),
        ("=", "=======", True),
        ("-=", "-=-=-=", True),
        ("-=", "-=-", False),
        ("***", "****  ", True),
    ],
)
def test_a_rule_of_one_character_may_be_longer(rule, line, parts):
    assert len(posts(read(f"one\n{line}\ntwo", separator=rule))) == 1 + parts


def test_a_rule_that_parts_nothing_is_told():
    items = read("one\n\ntwo", separator="***")
    assert [item.message for item in items if isinstance(item, Notice)] == [
        "--separator *** parted nothing: the file is one post"
    ]


def test_an_empty_separator_is_refused():
    with pytest.raises(InputError, match="--separator"):
        read(TWO, separator=" ")


def test_a_guessed_encoding_is_told_and_a_named_one_is_not():
    data = "Forwarded from Порт\nПаром к маяку сегодня задержится на полчаса\n".encode("cp1251")
    guessed, named = read(data), read(data, encoding="cp1251")
    assert guessed[0].message == "read as cp1251; say --encoding if the text looks wrong"
    assert guessed[1:] == named
    assert posts(named)[0].forward.name == "Порт"


def test_an_encoding_that_cannot_be_told_is_an_input_error():
    with pytest.raises(InputError, match=r"dump.txt is not UTF-8; .*--encoding cp1251"):
        read("Forwarded from Fähre\nSpäter, für Schüler".encode("cp1252"))


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_tolerated(name):
    assert read(TWO.encode(name)) == read(TWO)


def test_a_bad_byte_far_into_the_file_costs_one_post():
    filler = "Forwarded from A\nПаром идёт\n" * 3000
    data = filler.encode() + b"Forwarded from B\nok\nbad \xff\nForwarded from C\nlast\n"
    items = read(data)
    (bad,) = [item for item in items if isinstance(item, BadRecord)]
    assert (bad.where, bad.reason) == ("line 6001", "not UTF-8 in line 6003")
    assert texts(items)[-1] == "last"
    assert len(items) == 3002


def test_a_post_too_large_is_a_bad_record_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr(text_dump, "POST_LIMIT", 1 << 20)
    line = "y" * 4000 + "\n"
    for large in ("x" * (2 << 20) + "\n", line * 300):
        items = read(f"Forwarded from A\n{large}Forwarded from B\nnext")
        assert [type(item) for item in items] == [BadRecord, tuple]
        assert items[0].reason == "a post larger than 1 MiB"
        assert len(items[0].raw) <= 200


def test_nothing_but_blank_lines_is_nothing():
    assert read(" \n\n") == []
