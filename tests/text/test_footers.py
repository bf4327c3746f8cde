"""Footers: what a channel signs with is learned, what tells its posts apart is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text.body import comparable
from archiver.text.footers import learn, reshapes

CITIES = ["Суми", "Одеса", "Дніпро", "Львів", "Полтава", "Херсон", "Рівне", "Луцьк"]


def news(count: int, end: str = "") -> list[str]:
    return [f"Piece of news number {n} of today\nwith a second line {n}{end}" for n in range(count)]


@pytest.mark.parametrize(
    "footer",
    [
        "👉 Follow us",
        "[Follow us](https://t.me/+abc)",
        "**FOLLOW US!**",
        "Follow us | @our_channel",
    ],
)
def test_a_line_that_ends_most_posts_is_a_footer_however_it_is_dressed(footer: str) -> None:
    assert "follow us" in {" ".join(line.split()[:2]) for line in learn(news(9, f"\n\n{footer}"))}


def test_two_lines_and_tags_below_them_are_found() -> None:
    found = learn(news(9, "\n\nFollow us\nSend us news\n#tag"))
    assert {"follow us", "send us news"} <= found


def test_five_posts_are_needed_and_a_fifth_of_them() -> None:
    assert learn(news(4, "\nFollow us")) == frozenset()
    assert "follow us" in learn(news(5, "\nFollow us"))
    few = [f"Another piece {n}" for n in range(45)]
    assert "follow us" in learn(news(12, "\nFollow us") + few)
    assert learn(news(11, "\nFollow us") + few) == frozenset()


def test_the_same_post_again_and_again_makes_no_footer() -> None:
    assert learn(["News of today\nFollow us"] * 50) == frozenset()


def test_a_post_of_one_line_is_never_a_footer() -> None:
    assert learn(["All clear", "Air alert"] + [f"All clear\n{n}" for n in range(9)]) == frozenset()


def test_the_last_line_of_a_template_is_no_footer() -> None:
    ends = ("відбій тривоги", "повітряна тривога")
    assert learn(f"{city}\n{end}" for city in CITIES for end in ends) == frozenset()


def test_a_template_beside_bare_names_is_no_footer() -> None:
    assert learn([*CITIES, *(f"{city}\nтривога" for city in CITIES)]) == frozenset()


def test_a_statement_now_with_and_now_without_its_footer_does_not_unlearn_it() -> None:
    texts = news(9)
    assert "follow us" in learn([f"{text}\nFollow us" for text in texts] + texts)


def test_a_line_in_the_middle_of_posts_is_no_footer() -> None:
    texts = [f"Piece {n}\nToday:\nFirst {n}\nSecond {n}\nThird {n}\nLast {n}" for n in range(9)]
    assert learn(texts) == frozenset()


def test_an_item_that_many_lists_end_with_is_lost_only_where_it_ends_them() -> None:
    texts = [f"Recipe {n}\n- flour {n}\n- salt\n- pepper {n}" for n in range(9)]
    assert learn(texts) == frozenset()


def test_only_the_last_two_hundred_bodies_count() -> None:
    assert learn(news(200) + [f"Old {n}\nFollow us" for n in range(900)]) == frozenset()


# Lines that end a post or may: learned ones, in several dresses; calls, links, tags; bare links, of
# which one is taken for a link only beside another; words, many and few.
LINES = [
    "Yours, the desk", "**Yours**, the desk! 👉", "yours the desk https://desk.org/a", "Our motto",
    "Our motto.  @our_channel", "Sub\u00adscribe", "Read in full", "#news #day", "@our_channel", "",
    "https://desk.org/story", "desk.org/story", "сайт.укрї/новина", "℅ the desk", "All clear",
    "One two three four five six seven", "Word " * 50, "Our motto\r\nYours, the desk",
]  # fmt: skip
LEARNED = [
    "yours the desk",
    "our motto",
    "all clear",
    "subscribe",
    "c o the desk",
    "сайт укрї новина",
]
some_lines = st.frozensets(st.sampled_from(LEARNED), max_size=3)


@settings(max_examples=600)
@given(
    text=st.lists(st.sampled_from(LINES), max_size=7).map("\n".join),
    before=some_lines,
    after=some_lines,
)
def test_a_text_whose_form_other_footers_change_is_never_missed(
    text: str, before: frozenset[str], after: frozenset[str]
) -> None:
    if comparable(text, before) != comparable(text, after):
        assert reshapes(text, before, after)


def test_a_link_that_is_one_only_beside_another_is_not_part_of_a_footer() -> None:
    text = f"desk.org/a {'word ' * 60}\n{'more ' * 9}\nOur motto сайт.укрї/новина"
    assert comparable(text, {"our motto"}) != comparable(text)
    assert reshapes(text, frozenset(), frozenset({"our motto"}))


def test_a_text_that_other_footers_leave_as_it_is_is_not_looked_at() -> None:
    none: frozenset[str] = frozenset()
    text = news(1)[0]
    assert not reshapes(text, none, frozenset({"our motto"}))
    assert not reshapes(f"Our motto\n{text}", none, frozenset({"our motto"}))
    assert not reshapes(f"{text}\nFollow us", none, frozenset({"follow us"}))  # goes anyway
    assert reshapes(f"{text}\nOur motto\n\nhttps://desk.org/a", none, frozenset({"our motto"}))
