"""How far the labelled pairs can be told apart by what the decision weighs.

    pip install scikit-learn
    python benchmarks/weights.py --db ARCHIVE

ARCHIVE as for `near.py pairs`. The pairs that no test half holds are fitted anew by a logistic
model, and each fifth of their channels is judged by what was fitted on the others, ten times. Said
is how many of the pairs that both readers call the same text are found when so many of those to be
kept apart are merged: with the features of text/decide.py, without each, with each of some that it
has not, and with all of them; last as shipped, whose weights have seen these pairs. Rules do not
count here.
"""

from __future__ import annotations

import argparse
import collections
import csv
import math
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from sklearn.ensemble import RandomForestClassifier  # type: ignore[import-not-found]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]
from sklearn.pipeline import make_pipeline  # type: ignore[import-not-found]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-not-found]

from archiver.clusters import in_time
from archiver.store.cards import Card, read_cards
from archiver.store.kin import told
from archiver.text.cuts import apply_cuts
from archiver.text.decide import WEIGHTS, Between, Thresholds, decide, features
from archiver.text.measures import Measures, measure
from archiver.text.wording import Wording, wording

PAIRS = Path(__file__).resolve().parent / "pairs"
FITTED = ("tune", "between")
MERGED = (0.01, 0.02, 0.03)  # of the pairs to be kept apart
FOLDS, ROUNDS = 5, 10
Rarity = Callable[[str], float]


class Example(NamedTuple):
    """A labelled pair as numbers; those of one channel are never fitted and judged by."""

    channel: str
    same: bool
    values: dict[str, float]
    score: float


def examples(db: sqlite3.Connection) -> Iterator[Example]:
    """The pairs of the fitted halves that both readers called the same text, or apart."""
    posts: dict[tuple[str, int], int] = {}
    for tg_id, title, message, post in db.execute(
        "SELECT tg_id, title, message_id, p.id FROM post p JOIN channel c ON c.id = channel_id"
    ):
        posts[str(tg_id), message] = posts[title, message] = post
    texts = {post: _wording(db, post) for post in set(posts.values())}
    found = collections.Counter(word for text in texts.values() for word in set(text.words))

    def rarity(word: str) -> float:
        return math.log((len(texts) + 1) / (found[word] + 0.5))

    for name in ("real", "fresh"):
        with (PAIRS / f"{name}.tsv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                sides = [posts.get((row[f"channel_{s}"], int(row[f"message_{s}"]))) for s in "ab"]
                if row["half"] not in FITTED or row["verdict"] not in ("same", "apart"):
                    continue
                if None in sides:
                    continue
                cards = read_cards(db, [side for side in sides if side is not None])
                one, other = sorted(cards, key=in_time)
                between = _between(one, other)
                pair = texts[one.id], texts[other.id]
                measured = measure(*pair)
                values = features(measured, between) | _others(measured, pair, rarity)
                score = decide(measured, between, Thresholds()).score
                channel = min(row["channel_a"], row["channel_b"])
                yield Example(channel, row["verdict"] == "same", values, score)


def _wording(db: sqlite3.Connection, post: int) -> Wording:
    text = told(db, post)
    return wording(apply_cuts(text.text, text.cuts), text.footers)


def _between(one: Card, other: Card) -> Between:
    dated = one.date is not None and other.date is not None
    hours = abs((one.date or 0) - (other.date or 0)) / 3600 if dated else None
    return Between(hours, one.channel_id == other.channel_id)


def _others(found: Measures, pair: tuple[Wording, Wording], rarity: Rarity) -> dict[str, float]:
    """What the decision does not weigh."""
    counts = [collections.Counter(text.words) for text in pair]
    common = counts[0] & counts[1]
    weights = [sum(rarity(w) * n for w, n in each.items()) for each in (common, *counts)]
    fewest, mean = max(1, min(found.words)), max(1, sum(found.words) / 2)
    return {
        "rare words in common": 2 * weights[0] / max(1e-9, weights[1] + weights[2]),
        "rarity of the common": weights[0] / max(1, sum(common.values())),
        "rarity left, first": sum(map(rarity, found.left[0])) / max(1e-9, weights[1]),
        "rarity left, second": sum(map(rarity, found.left[1])) / max(1e-9, weights[2]),
        "letters alike": fuzz.ratio(pair[0].text, pair[1].text) / 100,
        "words alike as sets": fuzz.token_set_ratio(pair[0].text, pair[1].text) / 100,
        "kept": found.kept,
        "length": math.log(fewest + 1),
        "names": min(found.names) / fewest,
        "places": found.places / mean,
        "swaps": found.swaps / mean,
    }


def judged(pairs: Sequence[Example], names: Sequence[str], fresh: Callable[[], Any]) -> list[float]:
    """The mean score of each pair by models that were fitted on other channels."""
    dice = random.Random(0)
    channels = sorted({pair.channel for pair in pairs})
    scores = [0.0] * len(pairs)
    rows = [[pair.values[name] for name in names] for pair in pairs]
    for _ in range(ROUNDS):
        dice.shuffle(channels)
        fold = {channel: at % FOLDS for at, channel in enumerate(channels)}
        for out in range(FOLDS):
            inside = [at for at, pair in enumerate(pairs) if fold[pair.channel] != out]
            outside = [at for at, pair in enumerate(pairs) if fold[pair.channel] == out]
            model = fresh()
            model.fit([rows[at] for at in inside], [pairs[at].same for at in inside])
            told_apart = model.predict_proba([rows[at] for at in outside])
            for at, (_, chance) in zip(outside, told_apart, strict=True):
                scores[at] += chance / ROUNDS
    return scores


def found_at(pairs: Sequence[Example], scores: Sequence[float]) -> str:
    """How many of the same texts are found where so many others are merged."""
    apart = sorted((s for s, p in zip(scores, pairs, strict=True) if not p.same), reverse=True)
    same = [s for s, p in zip(scores, pairs, strict=True) if p.same]
    counts = [sum(s > apart[int(share * len(apart))] for s in same) for share in MERGED]
    return "  ".join(f"{count:3} of {len(same)}" for count in counts)


def logistic() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000))


def forest() -> Any:
    return RandomForestClassifier(300, min_samples_leaf=2, random_state=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--db", type=Path, required=True)
    db = sqlite3.connect(parser.parse_args().db)
    pairs = list(examples(db))
    own = list(WEIGHTS)
    others = [name for name in pairs[0].values if name not in WEIGHTS]
    print(f"{len(pairs)} pairs; found where {', '.join(f'{s:.0%}' for s in MERGED)} are merged:")
    tried = {"its features": own}
    tried |= {f"but {name}": [each for each in own if each != name] for name in own}
    tried |= {f"and {name}": [*own, name] for name in others}
    tried["and all of these"] = own + others
    for what, names in tried.items():
        print(f"  {what:26}{found_at(pairs, judged(pairs, names, logistic))}")
    print(f"  {'all, random forest':26}{found_at(pairs, judged(pairs, own + others, forest))}")
    print(f"  {'as shipped':26}{found_at(pairs, [pair.score for pair in pairs])}")


if __name__ == "__main__":
    main()
