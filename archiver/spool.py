"""What bodies are compared by, made with their keys, until the third layer asks for it.

To get its key a text is made comparable anyway; doing that a second time was 7 % of a long pass.
Some bodies are kept in memory, more in a file beside the archive, which has no name where the
system allows that: a killed pass leaves nothing. What finds no room on the disk is made again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from shutil import disk_usage
from tempfile import SpooledTemporaryFile

from archiver.judging import Told, unpacked

_IN_MEMORY = 16 << 20  # bytes, about 10,000 bodies
# Bodies that follow each other were mostly made one after the other: one look for some of them.
_READ_AT_ONCE = 64 << 10
_APART = 8 << 10  # bytes from one to the next, where that is so
_LEFT_FREE = 1 << 30  # bytes of the disk: the archive itself grows in a pass
# A place is the offset in the file and, in its lower bits, the length; these two are none.
_LENGTH_BITS = 24
_UNMET, _MADE_AGAIN = 0, 1


class Spool:
    """Bodies as they were made of the first post that has each."""

    def __init__(self, file: SpooledTemporaryFile[bytes], folder: str) -> None:
        self._file = file
        self._folder = folder
        self._end = 0
        self._is_full = False
        self._places = array("Q")  # by body

    def add(self, made: Iterable[tuple[int, bytes | None]]) -> None:
        """Take bodies in, each with what was made of a post that has it; the first post counts."""
        written: list[bytes] = []
        end = self._end
        for body, told in made:
            if body >= len(self._places):
                self._places.frombytes(bytes(8 * (body + 1_000)))
            if self._places[body] != _UNMET:
                continue
            if told is None or len(told) >> _LENGTH_BITS:
                self._places[body] = _MADE_AGAIN
            else:
                self._places[body] = end << _LENGTH_BITS | len(told)
                written.append(told)
                end += len(told)
        self._is_full = self._is_full or disk_usage(self._folder or ".").free < _LEFT_FREE
        if not self._is_full:
            self._write(b"".join(written))

    def _write(self, told: bytes) -> None:
        try:
            self._file.seek(self._end)
            self._file.write(told)
            self._file.flush()
        except OSError:  # no room: what lies behind this place is made again
            self._is_full = True
        else:
            self._end += len(told)

    def take(self, bodies: Iterable[int]) -> list[Told]:
        """Those of these bodies that are here, in the order in which they lie in the file."""
        wanted = sorted(place for body in bodies if (place := self._place(body)) is not None)
        if not wanted:
            return []
        is_dense = wanted[-1][0] - wanted[0][0] < _APART * len(wanted)
        found: list[Told] = []
        begin, read = 0, b""
        for start, size, body in wanted:
            if start + size > begin + len(read):
                begin = start
                self._file.seek(start)
                read = self._file.read(max(size, _READ_AT_ONCE) if is_dense else size)
            found.append(unpacked(body, read[start - begin : start - begin + size]))
        return found

    def _place(self, body: int) -> tuple[int, int, int] | None:
        place = self._places[body] if body < len(self._places) else _UNMET
        start, size = place >> _LENGTH_BITS, place & (1 << _LENGTH_BITS) - 1
        if place in (_UNMET, _MADE_AGAIN) or start + size > self._end:
            return None
        return start, size, body


@contextmanager
def spool(folder: str) -> Iterator[Spool]:
    """An empty spool, whose file would lie in this folder; gone at the end."""
    with SpooledTemporaryFile(_IN_MEMORY, dir=folder or None) as file:
        yield Spool(file, folder)
