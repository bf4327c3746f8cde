"""What a pass concludes of a pair is what `decide` says of it, though it looks at less."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text.decide import Between, Thresholds, concluded, decide
from archiver.text.measures import measure
from archiver.text.wording import wording

SENTENCE = (
    "the harbour council said on monday that ferry no 7 will not sail to the old pier before noon"
    " because ice lies north of Sandholm and two tugs were lost while five were saved"
)
WORDS = SENTENCE.split()
CHANGES = (
    "",
    "not",
    "will",
    "9",
    "south",
    "found",
    "denied",
    "Brandt",
    "quay",
    "nobody knew why so",
    "has sailed",
    "sails",
    "will save",
    "cancelled the trip",
    "called off her visit to",
    "nearly",
    "would if",
    "former",
    "wife of",
    "yet to",
    "Retracted:",
    "Fake!",
    "1,500,000",
    "1.5 million",
)

sentences = st.lists(st.sampled_from(WORDS), min_size=4, max_size=60)
edits = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(CHANGES), st.booleans()), max_size=4)


def edited(words: list[str], changes: list[tuple[float, str, bool]]) -> list[str]:
    words = list(words)
    for where, change, instead in changes:
        at = int(where * (len(words) - 1))
        words[at : at + instead] = change.split()
    return words


@settings(max_examples=600, deadline=None)
@given(sentences, edits, st.floats(0, 400), st.booleans())
def test_a_pass_concludes_what_is_decided(words, changes, hours, own) -> None:  # type: ignore[no-untyped-def]
    found = measure(wording(" ".join(words)), wording(" ".join(edited(words, changes))))
    between, thresholds = Between(hours, own), Thresholds()
    relation, score, slots = concluded(found, between, thresholds)
    decision = decide(found, between, thresholds)
    assert (relation, slots) == (decision.relation, decision.slots)
    assert relation is None or score == decision.score
