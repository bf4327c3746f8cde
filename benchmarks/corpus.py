"""Makes posts of invented words, any number of them, in the shape of our JSONL.

    python -m benchmarks.corpus 1000000 posts.jsonl --seed 1

Sizes as in real channels: 60 channels, the biggest with a fifth of the posts; Russian 58 %,
Ukrainian 14, English 18, Arabic 5, Chinese 5; lengths lognormal, in the mean about 820 bytes and
90 searchable words; word frequencies as Zipf has them, most words inflected; 6 % forwards, which
repeat a post of the last while. Posts come in the order of their dates, 2019 to 2024. README.md
compares length and vocabulary with those of real posts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHANNELS = 60
FIRST_DATE = 1_546_300_800  # 2019-01-01
SPAN = 6 * 365 * 86_400
_FORWARDS = 0.06
_RECENT = 4_000


@dataclass(frozen=True)
class Language:
    """How the invented words of a language look: syllables, endings, number of lemmas."""

    share: float
    onsets: str
    vowels: str
    codas: str
    endings: tuple[str, ...]
    lemmas: int
    mean_words: float


_RU_ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ами", "ах", "ый", "ого", "ать", "ал", "ила")
_UK_ENDINGS = ("", "а", "у", "ом", "і", "и", "ів", "ами", "ах", "ий", "ого", "ати", "ав", "ією")
LANGUAGES = {
    "ru": Language(0.58, "бвгджзклмнпрстфхцчш", "аеиоуыя", "йклмнрст", _RU_ENDINGS, 20_000, 52),
    "uk": Language(0.14, "бвгджзклмнпрстхчщ", "аеиоуяіє", "йклмнрст", _UK_ENDINGS, 10_000, 52),
    "en": Language(0.18, "bcdfghklmnprstvw", "aeiou", "lmnrst", ("", "s", "ed", "ing"), 16_000, 84),
    "ar": Language(0.05, "بتثجحخدرزسشصطعغفقكلمن", "اوي", "رلمنت", ("", "ه", "ات", "ين"), 8_000, 56),
}


def _word(rng: random.Random, language: Language, rank: int) -> str:
    """An invented lemma; the frequent ones are short."""
    syllables = 1 if rank < 60 else rng.choice((2, 2, 3)) if rank < 3_000 else rng.choice((3, 3, 4))
    parts = [rng.choice(language.onsets) + rng.choice(language.vowels) for _ in range(syllables)]
    return "".join(parts) + (rng.choice(language.codas) if rank >= 20 else "")


class Words:
    """Draws words of one language with Zipf's frequencies."""

    def __init__(self, rng: random.Random, language: Language) -> None:
        self.rng = rng
        forms: list[str] = []
        weights: list[float] = []
        for rank in range(language.lemmas):
            lemma = _word(rng, language, rank)
            endings = ("",) if rank < 60 else language.endings
            for place, ending in enumerate(endings):
                forms.append(lemma + ending)
                weights.append((rank + 3) ** -1.12 / (place + 1) / (1 + len(endings) / 8))
        self.forms = forms
        self.cumulative = list(itertools.accumulate(weights))

    def draw(self, count: int) -> list[str]:
        """So many words, as they would follow each other."""
        return self.rng.choices(self.forms, cum_weights=self.cumulative, k=count)


def _sentences(rng: random.Random, words: list[str]) -> str:
    """Words with capitals, commas and full stops."""
    at = 0
    while at < len(words):
        size = rng.randint(6, 18)
        last = min(at + size, len(words)) - 1
        words[at] = words[at].capitalize()
        words[(at + last) // 2] += "," if last - at > 8 else ""
        words[last] += ".\n\n" if rng.random() < 0.25 else "."
        at = last + 1
    return " ".join(words)


_HAN = [chr(0x4E00 + number) for number in range(3_000)]
_HAN_WEIGHTS = list(itertools.accumulate(1 / (number + 20) for number in range(3_000)))


def _chinese(rng: random.Random, size: int) -> str:
    """Characters with Zipf-like frequencies, sentences of about 20."""
    chars = rng.choices(_HAN, cum_weights=_HAN_WEIGHTS, k=size)
    for at in range(20, len(chars), 21):
        chars[at] = "。"
    return "".join(chars)


class Corpus:
    """A stream of posts as records; equal seeds make equal posts."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        self.words = {name: Words(self.rng, language) for name, language in LANGUAGES.items()}
        self.names = [*LANGUAGES, "zh"]
        self.shares = [*(language.share for language in LANGUAGES.values()), 0.05]
        sizes = [1 / (n + 2) for n in range(CHANNELS)]
        self.channels = list(itertools.accumulate(sizes))
        self.last_ids = [0] * CHANNELS
        self.recent: deque[dict[str, Any]] = deque(maxlen=_RECENT)

    def text(self) -> str:
        """The text of a post."""
        rng = self.rng
        name = rng.choices(self.names, self.shares)[0]
        size = rng.lognormvariate(-0.32, 0.8)
        if name == "zh":
            return _chinese(rng, max(4, int(size * 330)))
        words = self.words[name].draw(max(3, int(size * LANGUAGES[name].mean_words * 1.38)))
        if rng.random() < 0.2:
            words.append(f"https://site{rng.randrange(500)}.example/{rng.randrange(10**6)}")
        if rng.random() < 0.3:
            words.append(str(rng.randrange(2_100)))
        return _sentences(rng, words)

    def posts(self, count: int) -> Iterator[dict[str, Any]]:
        """So many posts, oldest first."""
        step = SPAN / max(count, 1)
        for number in range(count):
            channel = self.rng.choices(range(CHANNELS), cum_weights=self.channels)[0]
            self.last_ids[channel] += 1
            date = int(FIRST_DATE + number * step + self.rng.random() * step)
            yield self.post(channel, self.last_ids[channel], date)

    def post(self, channel: int, message_id: int, date: int) -> dict[str, Any]:
        """One post: an original, or a forward of one of the last few thousand."""
        record: dict[str, Any] = {"channel": f"@channel_{channel:02d}", "id": message_id}
        record |= {"date": date, "views": self.rng.randrange(50, 90_000)}
        if self.recent and self.rng.random() < _FORWARDS:
            origin = self.rng.choice(self.recent)
            forward = {key: origin[key] for key in ("channel", "id", "date")}
            return record | {"text": origin["text"], "forwarded_from": forward}
        record["text"] = self.text()
        self.recent.append(record)
        return record


def main() -> None:
    """Write a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8") as out:
        for post in Corpus(given.seed).posts(given.count):
            out.write(json.dumps(post, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
