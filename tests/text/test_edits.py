"""What an edited post still says."""

from __future__ import annotations

import pytest

from archiver.text.edits import says_still
from archiver.text.wording import wording

CODS = (
    "The minister of fisheries promised that cod quotas for small boats will be doubled in winter"
)
CLIMBERS = "Three climbers were rescued from the north face of Mount Skarn after two nights of snow"


@pytest.mark.parametrize(
    ("earlier", "newest", "same"),
    [
        (CODS, CODS, True),
        (CODS, CODS.replace("doubled", "trebled").replace("minister", "secretary"), True),
        (CODS, f"{CODS}. " + "Boats and their crews of all harbours had asked for it. " * 20, True),
        (CODS, " ".join(CODS.split()[:8]), True),
        (CODS, CLIMBERS, False),
        (CODS, CODS.replace("will be", "will not be"), False),
        (CODS, f"It is not true that {CODS[0].lower()}{CODS[1:]}", False),
        ("Will be told", f"{CODS} and more of it will be told tonight", False),  # too few words
    ],
)
def test_small_edits_and_what_grows_or_is_cut_say_the_same(
    earlier: str, newest: str, same: bool
) -> None:
    assert says_still(wording(earlier), wording(newest)) is same
