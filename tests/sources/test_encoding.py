"""Encodings, marks and lines."""

import codecs
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import InputError
from archiver.sources import encoding
from archiver.sources.encoding import Decoding, decoding_of

RUSSIAN = "Паром к маяку сегодня задержится на полчаса, билеты действительны весь день."
UKRAINIAN = "Сьогодні пором до маяка запізниться на пів години, квитки дійсні цілий день."


def chunked(data, size):
    return [data[i : i + size] for i in range(0, len(data), size)]


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN])
@pytest.mark.parametrize("name", ["cp1251", "koi8-u"])
def test_cyrillic_encodings_are_told_apart(text, name):
    assert decoding_of(text.encode(name)) == Decoding(name, guessed=True)


@pytest.mark.parametrize(
    "head",
    [
        "Die Fähre zum Leuchtturm fährt später, für Schüler gültig".encode("cp1252"),
        "Το πλοίο για τον φάρο θα καθυστερήσει σήμερα μισή ώρα".encode("cp1253"),
        "تتأخر العبارة إلى المنارة اليوم نصف ساعة".encode("cp1256"),
        RUSSIAN.upper().encode("cp1251"),
        bytes(range(128, 256)),
    ],
)
def test_what_is_not_plainly_cyrillic_is_not_guessed(head):
    assert decoding_of(head) is None


def test_a_head_cut_inside_a_character_is_utf8_still():
    head = RUSSIAN.encode()
    assert all(decoding_of(head[:cut]) == Decoding("utf-8") for cut in range(len(head)))


def test_one_damaged_byte_does_not_make_a_file_another_encoding():
    assert decoding_of(RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()) == Decoding("utf-8")


def test_a_mark_decides_then_the_user_then_the_bytes():
    assert decoding_of(b"\xef\xbb\xbfabc", "cp1251") == Decoding("utf-8", 3)
    assert decoding_of("abc".encode("utf-16"), None) == Decoding("utf-16-le", 2)
    assert decoding_of(b"abc", "cp1252") == Decoding("cp1252")
    assert decoding_of(b"abc", "UTF8") == Decoding("utf-8")


@pytest.mark.parametrize("name", ["klingon", "rot13", "hex", "undefined", "", "a\0b"])
def test_an_encoding_python_has_not_is_an_input_error(name):
    with pytest.raises(InputError, match="unknown encoding"):
        decoding_of(b"abc", name)


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_marked_files_become_utf8_however_they_are_cut(name, size):
    data = (RUSSIAN + "🌊").encode(name)
    how = encoding.mark_of(data)
    assert b"".join(encoding.as_utf8(chunked(data, size), how)) == (RUSSIAN + "🌊").encode()


def test_bad_bytes_become_a_mark_or_pass_when_the_caller_looks_at_them():
    how = Decoding("utf-8")
    assert b"".join(encoding.as_utf8([b"a\xff", b"b"], how)) == "a\ufffdb".encode()
    assert b"".join(encoding.as_utf8([b"a\xff", b"b"], how, strict=True)) == b"a\xffb"


@given(st.binary(max_size=60), st.integers(1, 9))
def test_lines_are_those_of_split_however_they_are_cut(data, size):
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    assert list(encoding.lines_of(chunked(data, size), 100)) == [(line, True) for line in lines]


def test_a_line_over_the_limit_comes_once_and_cut():
    data = b"one\n" + b"x" * 5000 + b"\nthree"
    found = list(encoding.lines_of(chunked(data, 64), 3000))
    assert found == [(b"one", True), (b"x" * 1024, False), (b"three", True)]


def test_a_failing_medium_is_an_input_error():
    class Torn(io.RawIOBase):
        def readable(self):
            return True

        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match="Input/output error"):
        encoding.peeked(Torn())


@settings(max_examples=200)
@given(
    data=st.one_of(st.binary(max_size=60), st.text(max_size=30).map(str.encode)),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    mark=st.booleans(),
)
def test_utf8_in_any_pieces_is_what_it_is_in_one(data: bytes, cuts: list[int], mark: bool) -> None:
    whole = (codecs.BOM_UTF8 if mark else b"") + data
    at = [0, *sorted(cuts), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(at)]
    how = encoding.Decoding(encoding.UTF8, 3 if mark else 0)
    assert b"".join(encoding.as_utf8(pieces, how)) == data.decode("utf-8", "replace").encode()
