"""Folding and stemming: what a search and the index agree on."""

from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text import fold as module
from archiver.text import letters
from archiver.text import stem as stemming
from archiver.text.fold import fold, fold_loosely, fold_text, places, tokens
from archiver.text.stem import languages, reading, shared, stem_all, stems


def read(form: str) -> tuple[str, ...]:
    """The stems of a word in English, Arabic or whatever its Cyrillic letters tell."""
    return stems(form, "en" if form.isascii() else "ar")


SCRIPTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("абвіїєґйёЁИи\u0306\u0308\u0301'’ʼ‘`-_ aéßİﬁ\u200b\u200c\u200d\u00ad"),
        st.sampled_from("كکيیىةهأإآاـَُِّ٠٣今日がカﾞｶー한ก็ำ😀1️⃣\ufe0f\u20e3№½ﷺ \t\n.,"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ёлка ЁЛКА елка", "елка елка елка"),
        ("п'ять п’ять пʼять п‘ять п`ять пять", "пять пять пять пять пять пять"),
        ("'quoted' ‘слово’ don't rock'n'roll a''b", "quoted слово dont rocknroll a b"),
        ("йод йод Київ Київ ґанок ўсё", "йод йод київ київ ґанок ўсе"),
        ("за́мок замо́к", "замок замок"),
        ("Café São Łódź İstanbul Straße Đakovo", "cafe sao lodz istanbul strasse dakovo"),
        ("مُحَمَّد مـحـمـد", "محمد محمد"),
        ("كتاب کتاب مدرسة مدرسه على علی إسلام آسيا", "كتاب كتاب مدرسه مدرسه علي علي اسلام اسيا"),
        ("می‌خواهم میخواهم", "ميخواهم ميخواهم"),
        ("١٢٣ ۱۲۳ １２３", "123 123 123"),
        ("今天天气 ガラス ｶﾞﾗｽ", "今 天 天 气 ガ ラ ス ガ ラ ス"),
        ("한국어 한국어", "한국어 한국어"),
        ("Ｆｕｌｌ 𝐁𝐨𝐥𝐝 ﬁn", "full bold fin"),
        ("foo_bar @user_name #тег", "foo bar user name тег"),
        ("3.5 1,000 12:30 COVID-19 v1.2", "3 5 1 000 12 30 covid 19 v1 2"),
        ("за\u200bпрет за\u00adпрет \ufeffзапрет", "запрет запрет запрет"),
        ("😀 🇺🇦 1️⃣ 👨‍👩‍👧 № ™", ""),
        ("№5 iPhone™ м²", "5 iphone м2"),
        ("किताब हिन्दी", "किताब हिन्दी"),
        ("น้ำ", "น ้ ำ".replace("ำ", "ํ า")),
        ("a\x00b\x1bc \ud800d", "a b c d"),
    ],
)
def test_spellings_of_a_word_fold_to_one(text: str, words: str) -> None:
    assert fold(text) == words.split()


@settings(max_examples=200)
@given(SCRIPTS)
def test_the_path_with_offsets_agrees_with_the_fast_one(text: str) -> None:
    found = tokens(text)
    assert [token.form for token in found] == fold(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [t.start for t in found] == sorted(t.start for t in found)
    assert places(text, lambda _: True) == [(token.start, token.end) for token in found]


def slowly(text: str) -> list[str]:
    """Folding as it is defined: every character with its marks for itself, nothing remembered."""
    words: list[str] = []
    for chunk in module._CHUNK.findall(text):
        folded = "".join(map(module._fold_cluster, module._CLUSTER.findall(chunk)))
        words += module._WORD.findall(module._elided(folded))
    return [word.replace("'", "") for word in words]


CYRILLIC = letters.CYRILLIC + letters.LATIN + letters.SPLITTERS
ARABIC = letters.ARABIC + letters.GONE + letters.LATIN + letters.SPLITTERS
COMMON = st.one_of(
    st.text(st.sampled_from(CYRILLIC), max_size=60),
    st.text(st.sampled_from(ARABIC), max_size=60),
    st.text(st.sampled_from("абвіЁabcdlqu'’ʼ‘`＇ ,.😀✅"), max_size=60),
    SCRIPTS,
)


@settings(max_examples=400)
@given(COMMON, COMMON)
def test_the_fast_ways_give_what_the_definition_gives(one: str, other: str) -> None:
    for text in (one, one + other, one + " " + other):
        assert fold(text) == slowly(text)


@pytest.mark.parametrize("letter", sorted({*CYRILLIC, *ARABIC}))
def test_the_tables_know_each_letter_as_the_definition_does(letter: str) -> None:
    for text in (letter, f"о{letter}о", f"ب{letter}ب", f"{letter} {letter}"):
        assert fold(text) == slowly(text)


def test_common_texts_do_go_the_fast_way() -> None:
    assert letters.cyrillic()("Паром «Ёлка» — 7-й, п.1") is not None
    assert letters.arabic()("وصلت العبّارة، ١٢") is not None
    assert letters.cyrillic()("a\0b") is letters.arabic()("Café") is None


ALPHABETS = ("абвекнолмцьыё", "абвекноліїєґт", "abcdeiosunrt", "ابتهينوالمپچ", "09x한今ў")
WORDS = st.sets(
    st.one_of(
        *(st.text(st.sampled_from(letters), min_size=1, max_size=9) for letters in ALPHABETS)
    ),
    max_size=30,
)


@settings(max_examples=200)
@given(WORDS, st.sampled_from(["", "ru", "uk", "en", "de", "es", "fr", "it", "ar", "fa", "zh"]))
def test_many_words_have_the_stems_that_each_has_alone(words: set[str], language: str) -> None:
    expected = {(stem, word) for word in words for stem in stems(word, language) or ("?" + word,)}
    found = stem_all(words, reading(language), lambda word: ("?" + word,))
    assert set(found) == expected
    assert len(found) == len(expected)


NOT_ENDING = re.compile("(?:[ая](?:л|н|ла|на|ло|но|ли|ны|ни|ем)|[оеая]м|[ое]в|[ая]х)$")
FLEETING = re.compile("(?:[ое](к)|е(ц|н)ь?)$")


WORDS = st.one_of(
    st.sampled_from(
        ["ferry", "b2b", "ab", "паром", "миг29", "سفينة", "سf", "f" * 40, "f" * 41, "12"]
    ),
    SCRIPTS,
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_words_of_languages_that_share_letters_are_found_among_others(text: str) -> None:
    assert shared(fold_loosely(text)) == [word for word in fold(text) if languages(word)]


@given(SCRIPTS, st.sampled_from(["", "en", "de", "fa", "ru"]))
def test_all_other_words_have_the_same_stems_in_every_language(text: str, language: str) -> None:
    """So the words of an index have theirs without a look at the posts (`take_from_index`)."""
    for word in fold(text):
        assert languages(word) or stems(word, language) == stems(word)


def others_slowly(form: str, stem: str) -> tuple[str, ...]:
    others = [stem]
    if NOT_ENDING.search(form):
        whole = form[:-1] if form[-1] in "аоиы" else form
        others += [whole] if len(whole) > max(len(stem), 2) else []
    if len(form) > 4 and (found := FLEETING.search(form)):
        others.append(form[: found.start()] + (found[1] or found[2]))
    return tuple(dict.fromkeys(others))


@settings(max_examples=300)
@given(
    st.one_of(
        st.text("аяоелнивмхкцьыт", min_size=3, max_size=7),
        st.from_regex("[аброст]{1,4}" + NOT_ENDING.pattern[:-1], fullmatch=True),
        st.from_regex("[аброст]{1,4}" + FLEETING.pattern[:-1], fullmatch=True),
    )
)
def test_ends_looked_up_in_tables_are_those_of_the_rules(form: str) -> None:
    for stem in (form, form[:-1], form[:-2]):
        assert stemming._with_others(form, stem) == others_slowly(form, stem)


@given(st.text("обстрілтїєґь", min_size=3, max_size=10))
def test_the_twin_of_a_ukrainian_word_has_its_letters_read_as_russian(form: str) -> None:
    twin = form[:-4] + "ость" if form.endswith("ість") else re.sub("і(?=[лт])", "е", form)
    assert stemming._twin(form) == twin.translate(str.maketrans("іїєґ", "ииег"))


@settings(max_examples=150)
@given(SCRIPTS)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold_text(text)) == fold(text)


@settings(max_examples=150)
@given(SCRIPTS)
def test_capitals_and_the_cache_do_not_matter(text: str) -> None:
    once = fold(text)
    module._chunks.clear()
    module._chunks.older.clear()
    assert fold(text) == once


def test_a_full_cache_forgets_without_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_WORDS", 3)
    module._chunks.clear()
    words = [f"Слово{number % 7}" for number in range(50)]
    assert fold(" ".join(words)) == [word.lower() for word in words]
    assert len(module._chunks) <= 3


@settings(max_examples=30, deadline=None)
@given(st.lists(SCRIPTS, min_size=5, max_size=20))
def test_fts5_takes_every_folded_word_for_one_token(texts: list[str]) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='ascii')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    for number, text in enumerate(texts):
        db.execute("INSERT INTO t(rowid, text) VALUES (?, ?)", (number, fold_text(text)))
        rows = db.execute("SELECT term FROM v WHERE doc = ? ORDER BY offset", (number,))
        assert [term for (term,) in rows] == fold(text)
    db.close()


def test_every_letter_in_use_folds_to_what_fts5_keeps_whole() -> None:
    for start in (*range(0, 0x3400, 0x400), 0xFB00, 0xFF00, 0x1D400, 0x1F100):
        for word in fold(" ".join(map(chr, range(start, start + 0x400)))):
            assert word.isalnum() or not word.isascii()
            assert not any(char.isspace() for char in word)


@pytest.mark.parametrize(
    "forms",
    [
        "санкции санкций санкциями санкция санкцию санкциях",
        "ракета ракеты ракет ракетами ракете",
        "министр министра министру министром министры",
        "закон закона законом законы законов",
        "россия россии россию россией",
        "санкції санкцій санкціями санкція санкцію",
        "війна війни війною війні",
        "закон закони законів законами",
        "область області областей областю",
        "українська українського українські український",
        "президент президента президентові президентом",
        "харків харкова харкові харковом",
        "київ києва києві києвом",
        "незалежність незалежності",
        "обстріл обстрілу обстріли обстрілів",
        "sanction sanctions sanctioned",
        "attack attacks attacked attacking",
        "policy policies",
        "عقوبات العقوبات والعقوبات عقوبه بالعقوبات",
        "رييس الرييس للرييس",
        "مسلم المسلمون المسلمين مسلمه",
        "مدرسه المدرسه",
    ],
)
def test_forms_of_a_word_are_linked_by_a_stem(forms: str) -> None:
    first, *others = forms.split()
    reached = set(read(first))
    # As a query does: whatever shares a stem with the word asked for.
    assert [form for form in others if not reached & set(read(form))] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("закон", "закончить"),
        ("закон", "законч"),
        ("министр", "министерство"),
        ("мир", "миллион"),
        ("война", "вой"),
        ("мова", "мовчати"),
        ("міст", "місяць"),
        ("news", "new"),
        ("organ", "orange"),
        ("state", "station"),
        ("حرب", "حزب"),
        ("روسيا", "روس"),
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert not set(read(one)) & set(read(other))


@pytest.mark.parametrize("word", ["2024", "5g", "今", "한국어", "ок", "x" * 60])
def test_numbers_cjk_and_odd_words_have_no_stem(word: str) -> None:
    assert stems(word) == ()
