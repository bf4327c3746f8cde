"""Tables of posts."""

import io

import pytest

from archiver.errors import ConfigError, InputError
from archiver.model import ASSUMED_ZONE, BadRecord, Channel, Forward, Notice, OriginKind, Source
from archiver.sources import ReadOptions, columns, csv_table
from archiver.sources.detect import detect

NOON = 1741087205


def items(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    told = {"name": "harbour.csv"} | options
    return list(csv_table.read(io.BytesIO(data), ReadOptions(**told)))


def one(text, **options):
    [(channel, post)] = items(text, **options)
    return channel, post


def test_a_row_is_a_post():
    channel, post = one(
        'id,date,text,views,forwards,author\n7,2025-03-04 11:20:05+00:00,"The ferry, ""Ann"",\nsails.",120,3.0,nan\n'
    )
    assert channel == Channel("harbour")
    assert (post.message_id, post.date, post.text) == (7, NOON, 'The ferry, "Ann",\nsails.')
    assert (post.views, post.forwards, post.author, post.source) == (120, 3, None, Source.TEXT)
    assert post.entities is None


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separators_and_names_in_use_are_recognised(sign):
    header = sign.join(["Message ID", "message", "Published At"])
    text = f"{header}\r\n7{sign}Nine.{sign}2025-03-04T11:20:05Z\r\n"
    assert detect(text.encode(), "x.csv") is csv_table
    _, post = one(text)
    assert (post.message_id, post.text, post.date) == (7, "Nine.", NOON)


DATES = ["1741087205", "1741087205.0", "1741087205000", "2025-03-04T13:20:05+02:00", "2025-03-04 11:20:05 UTC"]  # fmt: skip


@pytest.mark.parametrize("written", DATES)
def test_dates(written):
    assert one(f"id,date,text\n1,{written},x\n")[1].date == NOON


def test_times_without_an_offset_are_read_in_the_zone_that_is_said():
    from archiver.config import zone

    for written in ("2025-03-04 13:20:05", "04.03.2025 13:20:05"):
        table = f"id,date,text\n1,{written},x\n"
        (_, post), notice = items(table)
        assert (post.date, post.details) == (NOON + 7200, {ASSUMED_ZONE: "UTC"})
        assert isinstance(notice, Notice)
        assert one(table, timezone=zone("Europe/Kyiv"))[1].date == NOON


CHANNELS = [
    ("channel", "@harbour", Channel(username="harbour")),
    ("channel", "https://t.me/harbour", Channel(username="harbour")),
    ("channel", "-1001900000101", Channel(tg_id=-1001900000101)),
    ("channel_id", "1900000101", Channel(tg_id=-1001900000101)),
    ("channel", "Harbour and Bay News", Channel("Harbour and Bay News")),
    ("channel_title", "Harbour", Channel("Harbour")),
    ("url", "https://t.me/s/harbour/7", Channel(username="harbour")),
    ("channel", "", Channel("harbour")),
]


@pytest.mark.parametrize(("column", "cell", "channel"), CHANNELS)
def test_the_channel_is_in_a_column_or_the_file_is_called_so(column, cell, channel):
    assert one(f"id,text,{column}\n1,x,{cell}\n")[0] == channel


def test_an_address_gives_channel_and_number():
    channel, post = one("text,url\nx,https://t.me/harbour/7\n")
    assert (channel.username, post.message_id) == ("harbour", 7)


def test_columns_can_be_said():
    table = "no,what,when\n7,Nine.,1741087205\n"
    assert detect(table.encode(), "x.csv") is None
    said = columns.parse("id=no, text=What,date=when")
    _, post = one(table, columns=said)
    assert (post.message_id, post.text, post.date) == (7, "Nine.", NOON)
    with pytest.raises(InputError, match="--columns text=NAME"):
        items(table)
    with pytest.raises(ConfigError, match="no column 'zzz'; the file has no, what, when"):
        items(table, columns={"id": "zzz"})
    with pytest.raises(ConfigError, match="takes FIELD=COLUMN"):
        columns.parse("size=no")


def test_forwards():
    table = "id,text,forwarded_from,forwarded_from_id\n1,x,@bay,7\n2,x,Bay News,\n"
    first, second = [post.forward for _, post in items(table)]
    assert first == Forward(OriginKind.CHANNEL, None, "bay", 7, name="bay")
    assert second == Forward(OriginKind.NAME, name="Bay News")


def test_rows_without_a_number_get_one_that_stays():
    table = "date,text\n1741087205,x\n1741087206,x\n"
    first, second = [post.message_id for _, post in items(table)]
    assert first < 0
    assert second < 0
    assert first != second
    assert [p.message_id for _, p in items(table)] == [first, second]


def test_a_row_that_cannot_be_read_costs_no_other():
    table = 'id,date,text\n1,1741087205,a\nx,1741087205,b\n3,03/04/2025,c\n4\n5,1741087205,"' + "y" * 200_000 + '"\n6,1741087205,f\n'  # fmt: skip
    found = items(table)
    assert [post.message_id for _, post in (i for i in found if isinstance(i, tuple))] == [1, 4, 6]
    bad = [each for each in found if isinstance(each, BadRecord)]
    assert [each.where for each in bad][:2] == ["line 3", "line 4"]
    assert "not a whole number" in bad[0].reason
    assert "is no date" in bad[1].reason


def test_a_counter_that_is_no_number_costs_the_cell_and_not_the_post():
    table = (
        "id,date,text,views,replies\n1,1741087205,a,1.2K,\n2,1741087206,b,7,x\n3,1741087207,c,-,1\n"
    )
    *posts, views, replies = items(table)
    assert [(p.message_id, p.views, p.replies) for _, p in posts] == [
        (1, None, None), (2, 7, None), (3, None, 1)
    ]  # fmt: skip
    assert "views: 2 cells, the first '1.2K', are no whole number" in views.message
    assert "replies: the cell 'x' is no whole number" in replies.message


def test_other_encodings():
    text = (
        "id,date,text\n" + "1,1741087205,Сьогодні пором до маяка вирушає о дев'ятій годині ранку\n"
    )
    assert "пором" in items(text.encode("utf-16"))[0][1].text
    assert "пором" in items(text.encode("cp1251"), encoding="cp1251")[0][1].text
    assert "пором" in items(b"\xef\xbb\xbf" + text.encode())[0][1].text


def test_a_quote_that_is_never_closed_is_told_with_the_line_it_begins_in():
    rows = "".join(f"{n},1741087205,Nine.\n" for n in range(3, 9))
    first, broken = items(f'id,date,text\n1,1741087205,"a\nb"\n2,1741087205,"The ferry\n{rows}')
    assert first[1].text == "a\nb"
    assert isinstance(broken, BadRecord)
    assert broken.where == "line 4"
    assert "never closed" in broken.reason
    assert items('id,date,text\n1,1741087205,"a"')[0][1].text == "a"


@pytest.mark.parametrize("sign", [",", "\t"])
def test_rows_that_a_stray_quote_swallowed_are_told(sign):
    rows = [[str(n), "1741087205", "Nine."] for n in range(30)]
    rows[2][2], rows[9][2], rows[12][2] = '"Nine.', '"The ferry"', '"a\nb"'
    table = "\n".join(sign.join(row) for row in [["id", "date", "text"], *rows])
    found = items(table)
    assert [each[1].message_id for each in found if isinstance(each, tuple)] == [0, 1, *range(10, 30)]  # fmt: skip
    [broken] = [each for each in found if isinstance(each, BadRecord)]
    assert (broken.where, broken.reason) == (
        "line 4",
        "a quote that begins here swallowed the next 7 rows",
    )


@pytest.mark.parametrize("text", ["a, b, c\n" * 30, "1, 2, 3\n" * 30, "\n" * 30])
def test_long_texts_of_many_lines_are_texts(text):
    assert one(f'id,date,text\n1,1741087205,"{text}"\n')[1].text == text
    listed = "".join(f"{n}, of ferries\n" for n in range(9))
    assert one(f'id,text\n1,"{listed}"\n')[1].text == listed


def test_blank_lines_between_rows_are_nothing():
    found = items("id,date,text\n\n1,1741087205,a\n\n\n2,1741087205,b\n\n")
    assert [post.message_id for _, post in found] == [1, 2]
