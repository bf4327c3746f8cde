"""Measures how well and how fast a body repeated inside one post is found.

    python benchmarks/collapse.py                    on posts made up here
    python benchmarks/collapse.py --data DIR         on the posts of the JSON files below DIR too
    python benchmarks/collapse.py --data DIR --list  and prints every cut in an untouched post

Each post of 25 words or more is told twice in several ways; what is kept must be the post itself,
word for word in order. Times are CPU seconds of this process. The exit code is 1 when a target
is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from archiver.text.cuts import apply_cuts
from archiver.text.repeats import find_cuts
from archiver.text.tails import is_tail_marker

RATE = 15_000  # untouched posts a second
TAIL = "Read in full"
_LOWER = re.compile(r"(?<![\w/.@#:-])[^\W\d_]{3,}(?![\w/:@])")


class Told(NamedTuple):
    """A post: its headline and its body."""

    headline: str
    body: str

    @property
    def text(self) -> str:
        """The post as it should be kept."""
        return f"{self.headline}\n{self.body}".strip()


def made_up_posts(count: int, seed: int = 1) -> list[str]:
    """Posts of invented words in sentences and paragraphs."""
    dice = random.Random(seed)
    syllables = ["".join(pair) for pair in zip("bdfgklmnprstvz" * 5, "aeiou" * 14, strict=True)]
    lexicon = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(6000)]

    def sentence() -> str:
        words = [lexicon[int(6000 * dice.random() ** 2.5)] for _ in range(dice.randint(6, 22))]
        return " ".join(words).capitalize() + "."

    def post() -> str:
        lines = [sentence()]
        for _ in range(dice.randint(1, 5)):
            lines.append(" ".join(sentence() for _ in range(dice.randint(1, 4))))
        return "\n".join(lines)

    return [post() for _ in range(count)]


def real_posts(folder: Path) -> list[str]:
    """The distinct texts of the JSON files below a folder, whatever tool wrote them."""
    texts: dict[str, None] = {}
    for path in sorted(folder.rglob("*.json")):
        for text in _texts(json.loads(path.read_text(encoding="utf-8"))):
            texts[text] = None
    return list(texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name in ("text", "message"):
            text = value.get(name)
            if isinstance(text, list):  # Telegram Desktop: strings and dicts with a text
                text = "".join(p if isinstance(p, str) else p.get("text", "") for p in text)
            if isinstance(text, str) and text:
                yield text
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _texts(item)


def told(text: str, fewest: int, most: int) -> Told | None:
    """A post as headline and body; None when its body has not that many words."""
    if any(map(is_tail_marker, text.split("\n"))) or find_cuts(text):
        return None
    headline, _, body = text.strip().partition("\n")
    if not body.strip():
        headline, body = "", headline
    return Told(headline, body.strip()) if fewest <= len(body.split()) < most else None


def _edited(body: str, share: float, dice: random.Random) -> str:
    """The body with a share of its words replaced, only words without a capital."""
    places = [m for m in _LOWER.finditer(body) if m[0].islower()]
    count = max(1, round(len(body.split()) * share))
    spans = sorted(m.span() for m in dice.sample(places, min(count, len(places))))
    for start, end in reversed(spans):
        body = body[:start] + "xoqua" + body[end:]
    return body


def _edited_head(body: str) -> str:
    """The body with the words without a capital among its first five replaced."""
    words = body.split(" ")
    head = [re.sub(r"^[^\W\d_]+$", "xoqua", w) if w.islower() else w for w in words[:5]]
    return " ".join(head + words[5:])


def _cut_short(body: str, share: float) -> str:
    return body[: int(len(body) * share)].rstrip()


class Case(NamedTuple):
    """A way of telling a post twice, and the share that must be collapsed right."""

    name: str
    tell: Callable[[Told, random.Random], str]
    target: float
    fewest: int = 25
    most: int = 1 << 30
    tail: bool = False


CASES = [
    Case("headline, body, body", lambda p, _: f"{p.text}\n{p.body}", 0.995),
    Case(
        "the same with two tails",
        lambda p, _: f"{p.text}\n{TAIL}\n{p.body}\n{TAIL}",
        0.995,
        tail=True,
    ),
    Case("a tail between", lambda p, _: f"{p.text}\n{TAIL}\n{p.body}", 0.995, tail=True),
    Case("empty lines between", lambda p, _: f"{p.text}\n\n\n{p.body}\n", 0.995),
    Case("on the same line", lambda p, _: f"{p.text} {p.body}", 0.995),
    Case("glued", lambda p, _: p.text + " " * p.body[-1].isalnum() + p.body, 0.995),
    Case("three times", lambda p, _: f"{p.text}\n{p.body}\n{p.body}", 0.995),
    Case("the whole post twice", lambda p, _: f"{p.text}\n{p.text}", 0.995),
    Case("copy cut at 70 %", lambda p, _: f"{p.text}\n{_cut_short(p.body, 0.7)}", 0.97),
    Case("one word in 40 changed", lambda p, d: f"{p.text}\n{_edited(p.body, 1 / 40, d)}", 0.95),
    Case("first words changed", lambda p, _: f"{p.text}\n{_edited_head(p.body)}", 0),
    Case(
        "second copy longer",
        lambda p, _: f"{p.headline}\n{_cut_short(p.body, 0.6)}\n{p.body}".strip(),
        0,
    ),
    Case("body of 12-24 words", lambda p, _: f"{p.text}\n{p.body}", 0, 12, 25),
]


def _spoken(text: str) -> list[str]:
    """What must be kept, in order: every word. Marks between two copies may go with either."""
    return re.findall(r"[^\W_]+", text)


def score(case: Case, posts: list[str], show: bool) -> tuple[int, int]:
    """How many posts a case applies to, and how many of them are collapsed right."""
    dice = random.Random(7)
    right = total = 0
    for text in posts:
        post = told(text, case.fewest, case.most)
        if post is None:
            continue
        doubled = case.tell(post, dice)
        kept = _spoken(apply_cuts(doubled, find_cuts(doubled)))
        good = _spoken(f"{post.text}\n{TAIL}" if case.tail else post.text)
        total += 1
        right += kept == good
        if show and kept != good:
            print(f"--- missed: {case.name}\n{doubled}\n=== {find_cuts(doubled)}")
    return total, right


def measure_cases(posts: list[str], show: str) -> bool:
    """Prints the share collapsed right for each case; whether all targets are met."""
    met = True
    for case in CASES:
        total, right = score(case, posts, show == case.name)
        share = right / total if total else 1.0
        met = met and share >= case.target
        wanted = f"target {case.target:.1%}" if case.target else ""
        print(f"  {case.name:26} {right:6} of {total:6}  {share:7.2%}  {wanted}")
    return met


def measure_untouched(posts: list[str], show: bool) -> bool:
    """Prints how fast untouched posts pass, and how many of them are cut."""
    begin = time.process_time()
    cuts = [find_cuts(text) for text in posts]
    rate = len(posts) / max(time.process_time() - begin, 1e-9)
    hit = [(text, found) for text, found in zip(posts, cuts, strict=True) if found]
    print(f"  {'untouched':26} {len(hit):6} cut  {rate:9,.0f} posts/s  target {RATE:,}")
    for text, found in hit if show else ():
        print(f"--- {found}\n{text}")
    return rate >= RATE


HOSTILE = {
    "one word": "a " * 100_000,
    "one 5-gram": "one two three four five " * 50_000,
    "one long sentence": "ab cd ef gh ij kl mn op qr st uv wx yz. " * 8_000,
    "two words": "".join(random.Random(3).choices(["a ", "b "], k=100_000)),
    "ten words": "".join(random.Random(3).choices([f"w{i} " for i in range(10)], k=100_000)),
    "tails only": f"{TAIL}\n" * 50_000,
    "newlines": "\n" * 500_000,
    "no spaces": "我们" * 100_000,
    "brackets": "](" * 250_000,
    "closers": "word." + "." * 500_000 + " word",
}


def measure_hostile() -> bool:
    """Prints the cost of input made to be slow, for half of it and for the whole."""
    met = True
    for name, text in HOSTILE.items():
        costs = []
        for part in (text[: len(text) // 2], text):
            begin = time.process_time()
            apply_cuts(part, find_cuts(part))
            costs.append(time.process_time() - begin)
        met = met and costs[1] < 3.5 * costs[0] + 0.5  # twice the letters, twice the work
        print(f"  {name:26} {len(text):9,} letters  {costs[0]:6.3f} s, {costs[1]:6.3f} s")
    return met


def main() -> int:
    """Runs everything; 0 when every target is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with JSON files of real posts")
    parser.add_argument("--count", type=int, default=2000, help="made-up posts")
    parser.add_argument("--list", action="store_true", help="print cuts in untouched posts")
    parser.add_argument("--missed", default="", metavar="CASE", help="print what a case misses")
    args = parser.parse_args()
    sets = {"made up": made_up_posts(args.count)}
    if args.data:
        sets["real"] = real_posts(args.data)
    met = True
    for name, posts in sets.items():
        print(f"{name}: {len(posts):,} posts")
        met = measure_untouched(posts, args.list) and met
        met = measure_cases(posts, args.missed) and met
    print("hostile input")
    met = measure_hostile() and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
