"""Searching real archives: what is found, in which order, and what is shown of it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.errors import QueryError, StoreError
from archiver.store import checking, index
from archiver.store.reading import open_reading
from archiver.store.saved import reached
from archiver.store.search import How, count, search
from archiver.text import limited
from archiver.text.cuts import Cut
from archiver.text.query import parse
from archiver.text.snippet import spans
from tests.store.searchroom import NOW, Room, day


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    yield room
    room.close()


@pytest.fixture
def world(room: Room) -> Room:
    """Two channels and a few posts of spring 2024."""
    room.channel(1, "MFA_Russia", "МИД России", -1001)
    room.channel(2, "rybar", "Рыбарь", -1002)
    first = room.post("Новые санкции против банков", channel=1, date="2024-03-01", views=100)
    room.post(
        "Отмена санкций невозможна",
        channel=2,
        date="2024-04-01",
        views=101,
        media_kind="photo",
        author="Анна Редактор",
    )
    room.post("Закон о банках", channel=1, date="2024-04-02", fwd_name="Агентство Новостей")
    room.post("Законченная история", channel=2, date="2024-05-01", fwd_channel=1)
    room.cluster(first)
    room.db.execute("UPDATE cluster SET copies = 3")
    return room


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("санкции", [2, 1]),
        ("=санкции", [1]),
        ('"новые санкции"', [1]),
        ('"санкции новые"', []),
        ("закон", [3]),
        ("законы", [3]),
        ("закон*", [4, 3]),
        ("санкции -отмена", [1]),
        ("санкции OR закон", [3, 2, 1]),
        ("(санкции OR закон) банки", [3, 1]),
        ("санкции chan:@mfa_russia", [1]),
        ("chan:MFA_RUSSIA", [3, 1]),
        ("chan:mfa*", [3, 1]),
        ('chan:"мид россии"', [3, 1]),
        ("chan:россии", [3, 1]),
        ("chan:https://t.me/rybar/55", [4, 2]),
        ("chan:t.me/s/rybar", [4, 2]),
        ("chan:-1002", [4, 2]),
        ("chan:rybar chan:mfa*", [4, 3, 2, 1]),
        ("-chan:rybar санкции", [1]),
        ("-санкции chan:rybar", [4]),
        ("fwd:@mfa_russia", [4]),
        ('fwd:"агентство новостей"', [3]),
        ("fwd:агент*", [3]),
        ("fwd:*", [4, 3]),
        ("санкции date:2024-03", [1]),
        ("санкции date:2024-04..", [2]),
        ("date:2024-04", [3, 2]),
        ("-санкции date:2024-04", [3]),
        ("-(санкции OR закон) date:2024", [4]),
        ("нетникогда", []),
        ('"санкции банков"~1', [1]),
        ('"санкции банков"~0', []),
        ("lang:ru", [3, 2, 1]),
        ("lang:en", []),
        ("закон OR date:2024-03", [3, 1]),
        ("санкции -date:2024-03", [2]),
        ("санкции -(закон OR date:2024-03)", [2]),
        ("date:2024 -(закон OR date:2024-03)", [4, 2]),
        ("views:>100", [2]),
        ("views:..100", [1]),
        ("-views:>100 date:2024", [4, 3, 1]),
        ("санкции views:<=100", [1]),
        ("закон OR views:>100", [3, 2]),
        ("copies:>0", [1]),
        ("copies:0 санкции", [2]),
        ("copies:0..5 санкции", [2, 1]),
        ("copies:<0", []),
        ("cluster:1", [1]),
        ("cluster:99", []),
        ("id:3", [3]),
        ("id:#3 id:@rybar/2", [3, 2]),
        ("id:t.me/rybar/4", [4]),
        ("id:99999999999999999999999", []),
        ("added:1970", [4, 3, 2, 1]),
        ("added:2024", []),
        ("has:forward", [4, 3]),
        ("has:photo", [2]),
        ("has:media -has:photo", []),
        ("has:reply", []),
        ("from:редактор", [2]),
        ('from:"Анна Редактор"', [2]),
        ("from:ред*", [2]),
        ("/банк[аио]/", [3, 1]),
        ("/^Новые/", [1]),
        ("санкции /банков$/", [1]),
        ("/новые санкции против/", [1]),
        ("/новые санкции/ -/банков/", []),
        ("закон OR /отмена/", [3, 2]),
        ("-/санкц/ date:2024", [4, 3]),
        ("санкции 😀", [2, 1]),
    ],
)
def test_a_query_finds_its_posts_newest_first(world: Room, text: str, posts: list[int]) -> None:
    assert world.found(text) == posts
    assert world.count(text) == world.count(text, every=True) == len(posts)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Ёлка", "елки"),
        ("п’ять хвилин", "п'ять"),
        ("у Харкові", "Харків"),
        ("закони", "законів"),
        ("Санкт-Петербурга", "Санкт-Петербург"),
        ("مُحَمَّد", "محمد"),
        ("العقوبات", "عقوبات"),
        ("می‌خواهم", "میخواهم"),
        ("今天天气很好", "天气"),
        ("ガラス", "ｶﾞﾗｽ"),
        ("sanctioned banks", "sanctions bank"),
        ("курс 3.5 и 12:30", "3.5 12:30"),
        ("the ministry bought 1,200 tents", "1200"),
        ("купили 1 200 палаток", "1200 палатки"),
        ("1.200 Zelte", "1,200"),
        ("1200 tents", "1,200"),
        ("1200 tents", "1.200-tent"),
        ("2 350 000 hryvnias", "2350000"),
        ("https://example.org/news/1", "https://example.org/news"),
        ("#война @rybar", "@rybar #война"),
    ],
)
def test_words_are_found_however_they_are_written(room: Room, stored: str, asked: str) -> None:
    post = room.post(stored)
    room.post("другое")
    [hit] = room.hits(asked)
    assert hit.post_id == post
    assert spans(hit.text, hit.marks)


def test_other_figures_are_other_words(room: Room) -> None:
    """Neither the parts of a figure beside others, nor what is asked for as it stands."""
    parted = room.post("1,200 tents")
    joined = room.post("1200 tents")
    room.post("1,201 tents and 200 more, 11,200 in all, 12,00 and 1 tent of 200")
    assert room.found("1200") == [joined, parted]
    assert room.found("=1200") == [joined]
    assert room.found('"1,200"') == [parted]
    assert room.found("tents -1200") == [3]


def test_a_statement_stands_once_where_its_newest_matching_post_stands(room: Room) -> None:
    original = room.post("санкции введены", channel=1, date="2024-01-01")
    alone = room.post("санкции отдельно", channel=2, date="2024-02-01")
    copy = room.post("санкции введены снова", channel=3, date="2024-03-01")
    room.cluster(original, copy)
    assert room.found("санкции") == [original, alone]
    assert room.found("санкции", every=True) == [copy, alone, original]
    assert (room.count("санкции"), room.count("санкции", every=True)) == (2, 3)
    hit = room.hits("санкции")[0]
    assert (hit.text, hit.date, hit.matched) == ("санкции введены", day("2024-01-01"), copy)
    assert (hit.matched_date, hit.copies, hit.channels) == (day("2024-03-01"), 1, 2)


def test_all_conditions_must_hold_for_one_member(room: Room) -> None:
    original = room.post("санкции", channel=1, date="2024-01-01")
    copy = room.post("санкции и банки", channel=2, date="2024-03-01")
    room.cluster(original, copy)
    assert room.found("банки chan:channel1") == []
    assert room.found("санкции chan:channel1 date:2024-03") == []
    assert room.found("санкции chan:channel2 date:2024-03") == [original]


def test_the_first_to_say_it_is_named_even_if_another_post_is_shown(room: Room) -> None:
    early = room.post("заявление", channel=4, date="2024-01-01")
    full = room.post("заявление полностью", channel=5, date="2024-01-02")
    room.cluster(full, early)
    [hit] = room.hits("заявление")
    assert (hit.post_id, hit.username) == (full, "channel5")
    assert (hit.first_username, hit.first_date) == ("channel4", day("2024-01-01"))


def test_deleted_posts_and_service_messages_are_left_out(room: Room) -> None:
    kept = room.post("слово один", date="2024-01-01")
    gone = room.post("слово два", date="2024-01-02")
    room.post("слово три", date="2024-01-03", kind=1)
    room.change(gone, deleted_at=1)
    for text in ("слово", "date:2024", "chan:channel1"):
        assert room.found(text) == [kept]
        assert room.count(text) == room.count(text, every=True) == 1


def test_a_statement_whose_canonical_is_deleted_is_shown_as_deleted(room: Room) -> None:
    original = room.post("слово", date="2024-01-01")
    copy = room.post("слово", channel=2, date="2024-01-02")
    room.cluster(original, copy)
    room.change(original, deleted_at=1)
    [hit] = room.hits("слово")
    assert (hit.post_id, hit.deleted, hit.matched) == (original, True, copy)


def test_undated_posts_come_last_and_no_date_finds_them(room: Room) -> None:
    undated = [room.post("слово", date=None), room.post("слово", date=None)]
    ancient = room.post("слово", date="2001-01-01")
    recent = room.post("слово", date="2024-01-01")
    assert room.found("слово") == [recent, ancient, *reversed(undated)]
    assert room.found("слово date:..2024") == [recent, ancient]
    assert room.found("слово date:..2012") == [ancient]
    assert room.found("date:..2012") == [ancient]


def test_a_post_pushed_out_of_its_full_minute_is_found_by_its_date(room: Room) -> None:
    minute = (day("2024-01-01T23:59") - day("2013-01-01")) // 60
    pushed = room.post("слово", date="2024-01-01T23:59:30", sort_key=(minute + 2) << 6)
    later = room.post("слово", date="2024-01-02T00:00:10", sort_key=((minute + 1) << 6) + 3)
    room.db.execute("INSERT INTO index_state VALUES ('max_overflow', 2)")
    assert room.found("слово date:2024-01-01") == [pushed]
    assert room.found("слово date:2024-01-02") == [later]
    assert room.found("слово") == [later, pushed]


def test_the_seconds_of_a_range_count(room: Room) -> None:
    posts = [room.post("слово", date=f"2024-01-01T10:00:{s:02}") for s in (5, 30, 55)]
    at = day("2024-01-01T10:00:00")
    assert room.found(f"слово date:@{at + 30}") == [posts[1]]
    assert room.found(f"слово date:@{at + 30}..") == [posts[2], posts[1]]
    assert room.found(f"слово date:..@{at + 30}") == [posts[1], posts[0]]


def test_the_limit_counts_statements(room: Room) -> None:
    copies = [room.post("слово", channel=n % 3 + 1, date="2024-03-01") for n in range(10)]
    room.cluster(*copies)
    others = [room.post("слово", date=f"2024-01-0{n}") for n in range(1, 6)]
    assert room.found("слово", limit=3) == [copies[0], others[4], others[3]]
    assert len(room.found("слово", limit=None)) == 6
    assert room.found("слово", limit=0) == []


def test_cuts_and_marks_come_with_a_hit(room: Room) -> None:
    room.post("тело санкций тело санкций", cuts=[[12, 25, "repeat"]])
    [hit] = room.hits("санкции")
    assert hit.cuts == (Cut(12, 25, "repeat"),)
    assert hit.marks.words >= {"санкции", "санкций"}


def test_former_names_and_aliases_still_find_a_channel(world: Room) -> None:
    world.db.executemany(
        "INSERT INTO channel_name VALUES (2, ?, ?, ?, 0, 0)",
        [("username", "OldName", "oldname"), ("title", "Старое Имя", "старое имя"),
         ("alias", "@dump", "@dump")],
    )  # fmt: skip
    for name in ("@oldname", "OldName", '"старое имя"', "@dump", "oldn*"):
        assert world.found(f"chan:{name}") == [4, 2]


def test_an_unknown_channel_is_refused_with_names_like_it(world: Room) -> None:
    with pytest.raises(QueryError, match="did you mean @MFA_Russia") as caught:
        world.found("слово chan:mfa_rusia")
    assert caught.value.position == 11
    with pytest.raises(QueryError, match="no channel called"):
        world.found("fwd:@nobody_at_all")


class TestEarlierWordings:
    """What --versions adds: deleted posts, and texts as they were."""

    @pytest.fixture
    def room(self, room: Room) -> Room:
        changed = room.post("паром идет в одиннадцать", channel=1, media_kind="photo")
        gone = room.post("паром сгорел", channel=2, date="2024-05-02")
        room.post("паром стоит", channel=2, date="2024-05-03", fwd_channel=1)
        room.change(gone, deleted_at=5)
        for text in ("паром идет в девять", "баржа идет в девять"):
            room.db.execute(
                "INSERT INTO revision(post_id, text, source, seen, run_id) VALUES (?, ?, 2, 0, 1)",
                (changed, text),
            )
        index.add_revisions(room.db)
        return room

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("девять", [(1, 2)]),
            ("баржа", [(1, 2)]),
            ('"паром идет в девять"', [(1, 1)]),
            ("паром", [(3, None), (2, None), (1, None)]),
            ("девять chan:@channel1", [(1, 2)]),
            ("девять chan:@channel2", []),
            ("девять has:photo -баржа", [(1, 1)]),
            ("девять date:2024-05-01", [(1, 2)]),
            ("девять date:2023", []),
            ("девять OR сгорел", [(2, None), (1, 2)]),
            ("(девять OR сгорел) -has:photo", [(2, None)]),
            ("/в девя/", [(1, 2)]),
            ("девять -fwd:*", [(1, 2)]),
            ("девять views:>5", []),
        ],
    )
    def test_are_found_with_the_filters_of_their_post(
        self, room: Room, text: str, found: list[tuple[int, int | None]]
    ) -> None:
        db = open_reading(room.path)
        how = How(versions=True)
        hits = search(db, parse(text, now=NOW), how=how)
        assert [(hit.matched, hit.version) for hit in hits] == found
        assert count(db, parse(text, now=NOW), how=how) == len(found)
        for sort in ("oldest", "relevance", "views"):
            hits = search(db, parse(text, now=NOW), how=How(versions=True, sort=sort))
            assert {hit.matched for hit in hits} == {post for post, _ in found}
        db.close()

    def test_are_not_found_without_being_asked_for(self, room: Room) -> None:
        assert room.found("девять") == []
        assert room.found("сгорел") == []
        assert room.found("сгорел has:deleted") == [2]
        assert room.found("has:deleted") == [2]
        assert room.found("паром -has:deleted") == [3, 1]


def test_posts_that_wait_to_be_indexed_are_no_drift_and_news_later(room: Room) -> None:
    room.post("паром")
    seen = reached(room.db)
    late = room.post("паром снова")
    row = room.row(late)
    index.remove(room.db, [row])
    index.add_later(room.db, [row.sort_key])
    assert room.found("паром") == [1]
    assert reached(room.db) == seen
    index.add_waiting(room.db)
    news = search(room.db, parse("паром", now=NOW), how=How(seen=seen))
    assert [hit.matched for hit in news] == [2]
    assert checking.check(room.db) == []


@pytest.mark.parametrize("portion", [2, 3, 7, 100])
def test_an_expression_finds_the_same_in_several_processes(
    room: Room, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    from archiver.store import scan

    monkeypatch.setattr(scan, "PORTION", portion)
    posts = [room.post(f"судно {n}", date=f"2024-01-{n + 1:02}", views=n) for n in range(12)]
    undated = room.post("судно 13", date=None)
    room.cluster(posts[0], posts[10])
    assert room.found("/судно 1?[0-4]$/", limit=None) == [
        posts[11],
        posts[0],
        posts[4],
        posts[3],
        posts[2],
        posts[1],
        undated,
    ]
    assert room.found("/судно [13]$/ views:>1", every=True) == [posts[3]]
    assert room.found("/судно \\d/ -/1/", limit=2) == [posts[9], posts[8]]
    assert room.count("/судно \\d+/", every=True) == 13
    assert room.count("/судно \\d+/") == 12


def test_a_scan_goes_on_alone_where_its_processes_cannot_begin(room: Room) -> None:
    """A program read from standard input is nothing that another process could import."""
    for number in range(12):
        room.post(f"судно {number}")
    program = (
        "import sys; from pathlib import Path; from archiver.store import reading, scan\n"
        "scan.PORTION = 2\n"
        "db = reading.open_reading(Path(sys.argv[1]))\n"
        "print(sum(map(len, scan.scan(db, 'судно .'))))"
    )
    command = [sys.executable, "-", str(room.path)]
    done = subprocess.run(command, input=program.encode(), capture_output=True, timeout=60)
    assert done.stdout == b"12\n"


NASTY = st.lists(
    st.sampled_from(
        ["(", ")", '"', "-", "=", "*", " OR ", " AND ", " NOT ", "санкции", "a", "今天", "😀", " ",
         ":", "chan:rybar", "fwd:", "date:2024", "7d..", "NEAR(", "/", "/с.н/", "/[/", "~3",
         "views:>1", "has:deleted", "lang:ru", "link:a.b", "user:@x", "tag:#ж", "from:", "id:1",
         "copies:<3", "cluster:1", "added:7d", "^", "+", "{text}", "'", "\\",
         "\x00", "ʼ", "text:", "posts_fts", "--", ";", "c1", "\ud800", "مُ"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(NASTY, st.text(st.characters(exclude_categories=()), max_size=50)))
def test_whatever_is_typed_is_searched_for_or_refused(world: Room, text: str) -> None:
    position = 0
    try:
        search(world.db, parse(text, now=NOW))
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(text)


def test_nested_queries_stay_within_what_fts5_can_read(world: Room) -> None:
    inner = "банки"
    for level in range(12):
        inner = f"(санкции OR новые -{inner} -отмена)" if level % 2 else f"(банки {inner} закон*)"
    assert isinstance(world.found(inner), list)
    assert world.found(" OR ".join(f"слово{n}" for n in range(254)) + " OR санкции") == [2, 1]
    assert world.found("санкции " + " ".join(f"-слово{n}" for n in range(250))) == [2, 1]


def test_three_thousand_copies_are_one_line(room: Room) -> None:
    room.db.execute("BEGIN")
    older = room.post("слово старое", date="2024-01-01")
    copies = [room.post("слово", channel=n % 9 + 1, date="2024-05-01") for n in range(60)]
    room.cluster(*copies)
    room.db.execute("COMMIT")
    assert room.found("слово") == [copies[0], older]


class TestOpening:
    def refused(self, path: Path) -> str:
        with pytest.raises(StoreError) as caught:
            open_reading(path)
        return str(caught.value)

    def test_an_archive_opens_for_reading_only(self, room: Room) -> None:
        db = open_reading(room.path)
        with pytest.raises(sqlite3.OperationalError):
            db.execute("DELETE FROM post")
        db.close()

    def test_odd_names_are_no_hindrance(self, tmp_path: Path) -> None:
        room = Room(tmp_path / "архив #1 100%?mode=rw&x.db")
        room.post("слово")
        assert room.found("слово") == [1]
        room.close()

    def test_a_missing_or_empty_file_says_how_to_make_one(self, tmp_path: Path) -> None:
        assert "archiver import" in self.refused(tmp_path / "none.db")
        (tmp_path / "empty.db").touch()
        assert "no archive" in self.refused(tmp_path / "empty.db")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert "is a folder" in self.refused(tmp_path)

    def test_other_files_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("no database " * 100)
        assert "nor any SQLite database" in self.refused(tmp_path / "a.txt")
        db = sqlite3.connect(tmp_path / "b.db")
        db.execute("CREATE TABLE t(a)")
        db.close()
        assert "of another program" in self.refused(tmp_path / "b.db")

    def test_other_versions_are_refused_with_what_to_do(self, room: Room) -> None:
        room.db.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "install that version" in self.refused(room.path)
        room.db.execute("UPDATE alembic_version SET version_num = '0000'")
        assert "archiver dedup" in self.refused(room.path)

    def test_an_index_of_another_version_is_refused(self, room: Room) -> None:
        room.db.execute("UPDATE index_state SET value = 0 WHERE name = 'fold_version'")
        assert "archiver dedup" in self.refused(room.path)
        room.db.execute("UPDATE index_state SET value = 99 WHERE name = 'fold_version'")
        assert "install that version" in self.refused(room.path)

    def test_a_damaged_file_is_told(self, room: Room) -> None:
        room.close()
        data = bytearray(room.path.read_bytes())
        data[100:4096] = b"\xff" * (4096 - 100)
        room.path.write_bytes(data)
        assert "damaged" in self.refused(room.path)

    def test_a_read_only_disk_is_read_as_it_is(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.post("слово")
        real = sqlite3.connect

        def no_shared_memory(name: str, *, uri: bool) -> sqlite3.Connection:
            if "immutable" not in name:
                error = sqlite3.OperationalError("unable to open database file")
                error.sqlite_errorname = "SQLITE_CANTOPEN"  # type: ignore[misc]
                raise error
            return real(name, uri=uri)

        monkeypatch.setattr(sqlite3, "connect", no_shared_memory)
        db = open_reading(room.path)
        assert db.execute("SELECT count(*) FROM post").fetchone() == (1,)
        db.close()


def test_a_process_that_searches_imports_nothing_slow(room: Room) -> None:
    room.post("санкции")
    code = (
        "import sys; from pathlib import Path; from archiver.store.reading import open_reading;"
        "from archiver.store.search import search; from archiver.text.query import parse;"
        "import archiver.text.snippet, archiver.text.safe;"
        "print(len(search(open_reading(Path(sys.argv[1])), parse('санкций', now=0))));"
        "slow = {'sqlalchemy', 'telethon', 'alembic', 'rich', 'rapidfuzz', 'numpy', 'difflib',"
        " 'asyncio', 'click'}; print(sorted(slow & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code, str(room.path)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.split("\n")[:2] == ["1", "[]"]


@pytest.mark.parametrize("text", ["/(.*a){25}b/", "закон OR /(.*a){25}b/"])
def test_an_expression_without_an_end_is_named(
    world: Room, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited, "TICK", 0.05)
    world.post("a" * 60, channel=1)
    with pytest.raises(QueryError, match="more than a second"):
        world.found(text)
    assert world.found("закон OR /отмена/") == [3, 2]
