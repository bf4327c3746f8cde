"""The full-text index and the lexicon, in real files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import StoreError
from archiver.store import checking, index, lexicon, rebuilding
from archiver.store.meta import IndexRow, meta_tokens
from archiver.text.fold import FOLD_VERSION
from archiver.text.stem import stems
from tests.store.searchroom import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    yield room
    room.close()


def matched(room: Room, expression: str) -> list[int]:
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid"
    return [key for (key,) in room.db.execute(sql, (expression,))]


def test_filters_are_words_of_the_meta_column() -> None:
    row = IndexRow(64, "текст", 12, 1, 7, "Some Ёлка 今天", "web_page", True, True, True)
    assert meta_tokens(row) == "c12 f f7 nsome nелка n今 n天 h hwebpage k1 x e r"
    assert meta_tokens(IndexRow(64, "текст", 3)) == "c3"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("#Новости_Дня и #c#d", "tновостидня tc td"),
        ("@Some_News, x@mail.example a/@no", "usome·news"),
        ("https://www.News.example.org:80/a?b и http://x/", "w wnews·example·org wexample·org wx"),
        ("смотри t.me/navy/7", "w wt·me"),
        ("без ничего", ""),
    ],
)
def test_tags_mentions_and_hosts_are_filters(text: str, tokens: str) -> None:
    assert meta_tokens(IndexRow(64, text, 3), lang="") == f"c3 {tokens}".strip()


def test_links_behind_words_and_signatures_are_filters() -> None:
    entities = '[{"type":"text_link","offset":0,"length":3,"url":"https://a.example/b"}]'
    row = IndexRow(64, "тут", 3, author="Анна К.", entities=entities)
    assert meta_tokens(row) == "c3 aанна aк w wa·example"


def test_a_post_is_found_by_its_words_and_filters(room: Room) -> None:
    room.post("Ёлка и П’ять", channel=3, fwd_name="Агентство Новостей", media_kind="photo")
    for expression in ('text:"елка"', 'text:"пять"', 'meta:"c3"', 'meta:"nагентство nновостей"',
                       'meta:"f"', 'meta:"hphoto"'):  # fmt: skip
        assert len(matched(room, expression)) == 1
    assert not matched(room, 'text:"c3"')
    assert not matched(room, 'meta:"елка"')


def test_a_post_taken_out_leaves_nothing(room: Room) -> None:
    first = room.post("первое слово")
    second = room.post("второе слово")
    index.remove(room.db, [room.row(second), room.row(first)])
    assert matched(room, 'text:"слово" OR text:"первое" OR meta:"c1"') == []
    assert room.db.execute("SELECT count(*) FROM posts_fts_docsize").fetchone() == (0,)


def test_a_changed_post_is_found_by_its_new_words_only(room: Room) -> None:
    post = room.post("старое")
    room.change(post, text="новое", deleted_at=5)
    assert not matched(room, 'text:"старое"')
    assert len(matched(room, 'text:"новое" AND meta:"x"')) == 1
    assert checking.check(room.db) == []


def test_rows_in_any_order_are_indexed(room: Room) -> None:
    index.add(room.db, [IndexRow(key, "слово", 1) for key in (640, -64, 64, -(1 << 62))])
    assert matched(room, '"слово"') == [-(1 << 62), -64, 64, 640]


def test_every_word_that_begins_so_is_told_or_nothing_is(room: Room) -> None:
    """Stems that are longer, shorter, missing; a word of two alphabets, one of 50 letters."""
    words = "миг миг29 мига мигали мигрант мигрантами мігрант обмиг ми " + "миг" * 17
    room.post(words)
    expected = {word for word in words.split() if word.startswith("миг")}
    assert set(lexicon.forms_beginning(room.db, "миг", 64) or ()) == expected
    assert set(lexicon.forms_beginning(room.db, "мигран", 64) or ()) == {"мигрант", "мигрантами"}
    assert lexicon.forms_beginning(room.db, "миг", 3) is None
    assert lexicon.forms_beginning(room.db, "ми", 64) is None
    assert lexicon.forms_beginning(room.db, "sanc", 64) is None


@given(st.text(alphabet="абвгдеийлмностухыьяіїєґ", min_size=3, max_size=40))
def test_a_cyrillic_stem_is_a_beginning_of_its_word(word: str) -> None:
    """On this rests that a prefix finds all its words in the lexicon: one stem at least is one."""
    assert word.startswith(stems(word)[0])


def test_the_lexicon_leads_from_a_form_to_the_others(room: Room) -> None:
    room.post("санкций санкциями sanctions 2024 今")
    forms = lexicon.forms_of(room.db, "санкции")
    assert forms[0] == "санкции"
    assert set(forms) == {"санкции", "санкций", "санкциями"}
    assert lexicon.forms_of(room.db, "sanction") == ("sanction", "sanctions")
    assert lexicon.forms_of(room.db, "2024") == ("2024",)
    assert room.db.execute("SELECT count(*) FROM lexicon").fetchone() == (3,)


def test_the_forms_of_a_word_are_bounded_and_the_word_itself_comes_first(room: Room) -> None:
    rows = [("слов", f"слов{'а' * n}") for n in range(200)]
    room.db.executemany("INSERT INTO lexicon VALUES (?, ?)", rows)
    forms = lexicon.forms_of(room.db, "слово", 10)
    assert len(forms) == 10
    assert forms[0] == "слово"


def test_forms_of_a_batch_that_was_rolled_back_are_learnt_again(room: Room) -> None:
    room.db.execute("BEGIN")
    index.add(room.db, [IndexRow(64, "неслыханное", 1)])
    room.db.execute("ROLLBACK")
    assert room.db.execute("SELECT count(*) FROM lexicon").fetchone() == (0,)
    index.add(room.db, [IndexRow(64, "неслыханное", 1)])
    assert room.db.execute("SELECT form FROM lexicon").fetchall() == [("неслыханное",)]


def test_a_word_is_new_once_and_again_only_after_others_took_its_place() -> None:
    known = lexicon.Known(slots=1 << 16)  # in which no two of a few meet
    assert known.learn(["маяк", "паром"], 0) == ["маяк", "паром"]
    assert known.learn(["паром", "маяк"], 0) == []
    assert known.learn(["маяк"], 5) == ["маяк"]  # in another language
    many = [f"слово{number}" for number in range(400_000)]
    assert known.learn(many, 0) == many
    assert known.learn(["паром", "маяк"], 0) == ["паром", "маяк"]


def test_two_words_of_one_place_are_known_both_and_the_last_met_longest() -> None:
    known, place = lexicon.Known(slots=64), hash("маяк") & 63
    alike = [word for word in map(str, range(9_999)) if hash(word) & 63 == place][:2]
    assert known.learn(["маяк", alike[0]], 0) == ["маяк", alike[0]]
    assert known.learn([alike[0], "маяк"], 0) == []
    assert known.learn([alike[1]], 0) == [alike[1]]
    assert known.learn(["маяк"], 0) == []
    assert known.learn([alike[0]], 0) == [alike[0]]


def test_two_archives_in_one_process_learn_each_for_itself(room: Room, tmp_path: Path) -> None:
    other = Room(tmp_path / "b.db")
    for place in (room, other, room, other):
        place.post("одинаковое слово")
    assert [len(lexicon.forms_of(r.db, "слова")) for r in (room, other)] == [2, 2]
    other.close()


def test_a_rebuild_makes_the_same_index(room: Room) -> None:
    posts = [room.post(f"слово{n} общее", date="2024-01-01", fwd_name="Имя") for n in range(20)]
    room.change(posts[3], deleted_at=1)
    room.post("без даты", date=None)
    before = [matched(room, e) for e in ('"общее"', 'meta:"x"', 'meta:"nимя"', '"слово7"')]
    lexicon = room.db.execute("SELECT * FROM lexicon").fetchall()
    seen: list[int] = []
    assert rebuilding.rebuild(room.db, seen.append) == 21
    assert [matched(room, e) for e in ('"общее"', 'meta:"x"', 'meta:"nимя"', '"слово7"')] == before
    assert room.db.execute("SELECT * FROM lexicon").fetchall() == lexicon
    assert seen == [21]
    assert checking.check(room.db) == []


def test_an_index_of_older_folding_is_made_anew_before_the_first_write(room: Room) -> None:
    room.post("слово")
    room.db.execute("UPDATE index_state SET value = 0 WHERE name = 'fold_version'")
    room.db.execute("DELETE FROM lexicon")
    assert index.ensure_current(room.db)
    assert index.version(room.db) == FOLD_VERSION
    assert lexicon.forms_of(room.db, "слова") == ("слова", "слово")
    assert not index.ensure_current(room.db)


def test_an_index_of_a_newer_program_is_left_alone(room: Room) -> None:
    room.db.execute("UPDATE index_state SET value = 99 WHERE name = 'fold_version'")
    with pytest.raises(StoreError, match="newer version"):
        index.ensure_current(room.db)


def test_bulk_work_is_found_before_and_after_merging(room: Room) -> None:
    with index.bulk(room.db):
        for number in range(5):
            index.add(room.db, [IndexRow(64 + number, "слово", 1)])
    assert len(matched(room, '"слово"')) == 5
    index.optimize(room.db)
    assert len(matched(room, '"слово"')) == 5


def test_the_check_finds_what_is_missing_and_what_is_too_much(room: Room) -> None:
    kept, lost = room.post("первое слово"), room.post("второе слово")
    index.remove(room.db, [room.row(lost)])
    index.add(room.db, [IndexRow(99, "лишнее", 1)])
    told = " / ".join(checking.check(room.db))
    assert "1 posts are missing from the index" in told
    assert "1 index rows have no post" in told
    assert f"sort_key {room.row(lost).sort_key} is not found" in told
    assert f"sort_key {room.row(kept).sort_key} " not in told
    assert "the word лишнее leads to a post that does not hold it" in told


def test_the_check_finds_the_ghosts_of_a_wrong_removal(room: Room) -> None:
    post = room.post("истинные слова")
    row = room.row(post)
    index.remove(room.db, [row._replace(text="другие слова")])
    index.add(room.db, [row._replace(text="новое")])
    room.db.execute("UPDATE post SET text = 'новое' WHERE id = ?", (post,))
    assert any("истинные" in finding for finding in checking.check(room.db))


def test_the_check_tells_a_damaged_index(room: Room) -> None:
    for number in range(50):
        room.post(f"слово{number} " * 20)
    room.db.execute("UPDATE posts_fts_data SET block = x'00ff00ff00ff' WHERE id > 10")
    path = room.path
    room.close()
    db = sqlite3.connect(path)
    assert any("damaged" in finding for finding in checking.check(db))
    db.close()


def test_the_check_tells_words_that_another_stemmer_put_elsewhere(room: Room) -> None:
    room.post(" ".join(f"слово{n}" for n in range(40)) + " паромами ferries häuser كتاب 7")
    assert checking.check(room.db) == []
    room.db.execute("UPDATE lexicon SET stem = 'паромам' WHERE form = 'паромами'")
    room.db.execute("UPDATE index_state SET value = 20201 WHERE name = 'stemmer'")
    told = " / ".join(checking.check(room.db, sample=1))
    assert "1 words stand under stems that this version of PyStemmer does not make" in told
    assert rebuilding.rebuild(room.db)
    assert checking.check(room.db) == []
    assert lexicon.misplaced(room.db, 1) == 0
