"""A body told twice inside one post is cut once; what only looks repeated stays."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text import runs
from archiver.text.cuts import apply_cuts
from archiver.text.repeats import find_cuts
from archiver.text.runs import split_words

HEADLINE = "🌊 Harbour council of Lower Vessin meets on the seventh of May"
BODY = (
    "💬 Mayor Olva Trenn: This winter the ferries carried more people than in any year before, "
    "and the new pier has begun to pay for itself.\n"
    "The council has agreed to widen the northern channel, to light both moles and to keep the old "
    "lighthouse open for visitors until the autumn storms.\n"
    "I am sure that the fishermen, the carpenters and the schools of our islands will gain from it."
)
TAIL = "Read in full"
LANGUAGES = {
    "English": (HEADLINE, BODY, TAIL),
    "Russian": (
        "⚓️ Совет гавани Нижнего Вессина соберётся седьмого мая",
        "💬 Мэр Олва Тренн: Этой зимой паромы перевезли больше людей, чем за любой прошлый год, и "
        "новый причал начал окупать себя.\n"
        "Совет решил расширить северный проход, осветить оба мола и держать старый маяк открытым "
        "для гостей до осенних штормов.",
        "Читать полностью",
    ),
    "Ukrainian": (
        "⚓️ Рада гавані Нижнього Вессіна збереться сьомого травня",
        "💬 Мер Олва Тренн: Цієї зими пороми перевезли більше людей, ніж будь-якого минулого року, "
        "і новий причал почав окуповувати себе.\n"
        "Рада вирішила розширити північний прохід, освітити обидва моли й тримати старий маяк "
        "відчиненим для гостей до осінніх штормів.",
        "Читати повністю",
    ),
    "Arabic": (
        "⚓️ مجلس ميناء فيسين يجتمع في السابع من مايو",
        "💬 قال رئيس البلدية إن العبارات نقلت هذا الشتاء عددا من الناس أكبر من أي عام مضى وإن "
        "الرصيف الجديد بدأ يغطي نفقاته\n"
        "وقرر المجلس توسيع الممر الشمالي وإنارة حاجزي الأمواج وإبقاء المنارة القديمة مفتوحة أمام "
        "الزوار حتى عواصف الخريف",
        "اقرأ المزيد",
    ),
}


def collapsed(text: str) -> str:
    return apply_cuts(text, find_cuts(text))


def spoken(text: str) -> list[str]:
    return text.split()


@pytest.fixture(params=LANGUAGES, name="told")
def _told(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    return LANGUAGES[request.param]


# --- what is cut ---


def test_the_later_body_is_cut_and_the_headline_stays(told: tuple[str, str, str]) -> None:
    head, body, _ = told
    assert collapsed(f"{head}\n{body}\n{body}") == f"{head}\n{body}"


def test_of_two_tails_the_last_one_stays(told: tuple[str, str, str]) -> None:
    head, body, tail = told
    text = f"{head}\n{body}\n{tail}\n{body}\n{tail}"
    assert collapsed(text) == f"{head}\n{body}\n{tail}"
    assert sorted(cut.kind for cut in find_cuts(text)) == ["repeat", "tail"]


def test_a_tail_between_the_bodies_stays(told: tuple[str, str, str]) -> None:
    head, body, tail = told
    assert collapsed(f"{head}\n{body}\n{tail}\n{body}") == f"{head}\n{body}\n{tail}"


def test_tails_with_different_links_both_stay() -> None:
    first, second = (f"{TAIL} https://harbour.example/{n}" for n in (1, 2))
    kept = collapsed(f"{HEADLINE}\n{BODY}\n{first}\n{BODY}\n{second}")
    assert kept == f"{HEADLINE}\n{BODY}\n{first}\n{second}"


def test_a_headline_that_ends_like_the_hashtags_before_a_copy_cut_short() -> None:
    post = f"Five questions about the harbour\n{BODY}\n#council #harbour"
    assert collapsed(f"{post}\n{BODY[:-40]}") == post


def test_a_hashtag_between_the_bodies_is_not_lost() -> None:
    end = "which the old pier and the new mole have seen."
    body = f"{BODY}\nIt will be a summer {end}"
    text = f"A winter {end}\n{body}\n#council\n{body[:-30]}"
    assert collapsed(text) == f"A winter {end}\n{body}\n#council"


def test_three_and_five_tellings_become_one(told: tuple[str, str, str]) -> None:
    head, body, _ = told
    for times in (3, 5):
        assert collapsed(f"{head}\n" + f"{body}\n" * times) == f"{head}\n{body}"


def test_the_whole_post_twice_becomes_one(told: tuple[str, str, str]) -> None:
    head, body, _ = told
    assert collapsed(f"{head}\n{body}\n\n{head}\n{body}") == f"{head}\n{body}"


@pytest.mark.parametrize("join", ["", " ", "\n", "\n\n\n"])
def test_however_the_copies_are_joined(join: str) -> None:
    assert collapsed(f"{HEADLINE}\n{BODY}{join}{BODY}") == f"{HEADLINE}\n{BODY}"


def test_a_post_on_one_line() -> None:
    body = BODY.replace("\n", " ")
    assert collapsed(f"{HEADLINE}. {body} {body}") == f"{HEADLINE}. {body}"


def test_a_signature_after_the_copies_stays() -> None:
    text = f"{HEADLINE}\n{BODY}\n{BODY}\n\nOur other channel: @vessin"
    assert collapsed(text) == f"{HEADLINE}\n{BODY}\n\nOur other channel: @vessin"


def test_a_headline_that_ends_with_the_last_word_of_the_body() -> None:
    head = "Ferries, piers and the schools that will gain from it."
    assert collapsed(f"{head}\n{BODY}\n{BODY}") == f"{head}\n{BODY}"


def test_a_headline_that_the_body_tells_again() -> None:
    head = "This winter the ferries carried more people than in any year before"
    assert collapsed(f"{head}\n{BODY}\n{BODY}") == f"{head}\n{BODY}"


@pytest.mark.parametrize("share", [0.6, 0.7, 0.85])
def test_a_copy_cut_short_goes(told: tuple[str, str, str], share: float) -> None:
    head, body, _ = told
    short = body[: int(len(body) * share)]
    assert spoken(collapsed(f"{head}\n{body}\n{short}")) == spoken(f"{head}\n{body}")


@pytest.mark.parametrize("share", [0.6, 0.7, 0.85])
def test_the_longer_second_copy_stays_whole(told: tuple[str, str, str], share: float) -> None:
    head, body, tail = told
    short = body[: int(len(body) * share)]
    text = f"{head}\n{short}\n{body}\n{tail}"
    assert spoken(collapsed(text)) == spoken(f"{head}\n{body}\n{tail}")


def test_a_second_copy_with_one_more_sentence_inside_stays_whole() -> None:
    lines = BODY.split("\n")
    extra = "Two of the old boats will be sold in June to a museum across the bay."
    longer = "\n".join([lines[0], extra, *lines[1:]])
    assert collapsed(f"{HEADLINE}\n{BODY}\n{longer}") == f"{HEADLINE}\n{longer}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("widen", "broaden"),
        ("winter the ferries", "winter our ferries"),
        ("gain from it", "profit from it"),
        ("autumn storms", "late storms"),
    ],
)
def test_a_copy_with_a_word_edited_goes(old: str, new: str) -> None:
    assert collapsed(f"{HEADLINE}\n{BODY}\n{BODY.replace(old, new)}") == f"{HEADLINE}\n{BODY}"


def test_a_copy_with_its_last_word_edited_before_the_hashtag_goes() -> None:
    text = (
        f"{HEADLINE}\n{BODY}\n#harbour\n{BODY.replace('gain from it', 'gain from this')}\n#harbour"
    )
    assert collapsed(text) == f"{HEADLINE}\n{BODY}\n#harbour"


def test_a_copy_with_its_first_words_in_another_order_goes() -> None:
    first = BODY.replace("This winter the ferries carried", "The ferries carried this winter")
    assert collapsed(f"{HEADLINE}\n{BODY}\n{first}") == f"{HEADLINE}\n{BODY}"


def test_a_body_around_its_translation_goes_the_second_time() -> None:
    russian = LANGUAGES["Russian"][1]
    assert collapsed(f"{russian}\n\n{BODY}\n\n{russian}") == f"{russian}\n\n{BODY}"


# --- what stays ---

KEPT = {
    "two languages": f"{LANGUAGES['Russian'][1]}\n\n{BODY}",
    "a number differs": f"{HEADLINE}\n{BODY} We count 12 boats.\n{BODY} We count 15 boats.",
    "a number stands for a word": f"{BODY.replace('carried more', 'carried 700 more')}\n"
    + BODY.replace("carried more", "carried seven more"),
    "a name differs": f"{BODY}\n{BODY.replace('Olva Trenn', 'Ruta Selm')}",
    "a name differs in the middle": f"{BODY}\n{BODY.replace('northern', 'Ostrel')}",
    "a link differs": f"{BODY} https://a.example/1\n{BODY} https://a.example/2",
    "names change places": (
        f"{BODY}\nOlva beat Ruta in the race of the long boats this year.\n"
        f"{BODY}\nRuta beat Olva in the race of the long boats this year."
    ),
    "one word in ten is new": BODY + "\n" + re.sub(r"((?:\S+\s+){9})[a-z]+", r"\1otherwise", BODY),
    "a refrain": "\n".join(
        f"{verse}\nRow the boat, my darling, row,\nwhere the western waters go,\n"
        "over foam and under star,\nhome is never very far."
        for verse in (
            "When the morning leaves the bay,\nand the gulls have flown away,",
            "When the evening lights the mole,\nand the bells begin to toll,",
            "When the winter binds the oar,\nand the snow is on the shore,",
        )
    ),
    "a chorus twice at the end": (
        "Our song for the feast of the harbour\nOnce a sailor built a mill,\n"
        "built it high upon the hill,\n"
        + "Turn, you wheel, and turn again,\nturn in sunshine and in rain,\n"
        "bread for women, bread for men,\nturn, you wheel, and turn again.\n" * 2
    ),
    "alerts": "\n".join(
        f"{place} district! Storm warning for the next hours, stay at home, close the windows, do "
        "not go near the water, keep your telephones charged and listen to the radio for news."
        for place in ("Vessin", "Ostrel", "Marrow", "Tilbeck")
    ),
    "alerts under the name of a place": "".join(
        f"{name}\n{BODY}\n" for name in ("Ostrel", "Marrow")
    ),
    "a forecast": "\n".join(
        f"On {day} in Vessin cloudy with sunny spells, light rain is possible in the afternoon, "
        f"wind from the west, by night {low} degrees, by day {high} degrees of warmth."
        for day, low, high in (("Monday", 4, 11), ("Tuesday", 5, 12), ("Friday", 7, 15))
    ),
    "questions and answers": "\n".join(
        f"❓ Question: What do you think of the {thing} and what has to be done about it?\n"
        f"💬 Olva Trenn: {answer}"
        for thing, answer in (
            ("pier", "It stands, and it will be longer."),
            ("lighthouse", "We shall paint it before the feast."),
            ("ferries", "They sail, thank heaven, and on time."),
        )
    ),
    "a slogan": "Hands off our harbour! " * 12,
    "a headline as first sentence": (
        "The council of Lower Vessin has agreed to widen the northern channel before the storms\n"
        "The council of Lower Vessin has agreed to widen the northern channel before the storms, "
        "said the mayor."
    ),
    "a statement quoted in a commentary": (
        "What the old charter says:\n"
        "“No boat shall leave the harbour after the bell has rung, and no man shall ring the bell "
        "before the boats of his neighbours have come in from the sea and lie at their moorings.”\n"
        "Scholars have read it in two ways, and the second is the one the guild prefers:\n"
        "“No boat shall leave the harbour after the bell has rung, and no man shall ring the bell "
        "before the boats of his neighbours have come in from the sea and lie at their moorings.”\n"
        "In both of them the neighbour comes first."
    ),
    "a list": "\n".join(
        f"- rope, {n} coils, to the northern store by the old mill" for n in "1234"
    ),
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_only_looks_repeated_stays(text: str) -> None:
    assert find_cuts(text) == ()


def test_an_arabic_alert_for_another_town_stays() -> None:
    alert = "تحذير من العاصفة في {} خلال الساعات القادمة ابقوا في المنازل وأغلقوا النوافذ"
    alert += " ولا تخرجوا بالقوارب الصغيرة ولا تقتربوا من البحر"
    alert += " واستمعوا إلى الراديو واشحنوا الهواتف قبل المساء"
    assert find_cuts(alert.format("فيسين") + "\n" + alert.format("أوسترل")) == ()


def test_a_text_without_cuts_is_untouched() -> None:
    text = "  Two\n\n\n\nlines \n\n"
    assert apply_cuts(text, find_cuts(text)) == text


def test_a_cut_leaves_no_hole() -> None:
    kept = collapsed(f"{HEADLINE}\n\n{BODY}\n\n\n{BODY}\n\n\n\nThe end.\n\n")
    assert kept == f"{HEADLINE}\n\n{BODY}\n\nThe end."


# --- what holds for any text ---

WORDS = st.sampled_from(["row", "the", "boat", "Home", "7", "море", "سفينة", "海", "🌊", "İß", "."])
BREAKS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "", f"\n{TAIL}\n"])


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """A text of few words in which whole blocks come again, edited or not."""
    block = st.lists(st.tuples(WORDS, BREAKS), max_size=40).map(
        lambda pairs: "".join(word + gap for word, gap in pairs)
    )
    parts = draw(st.lists(block, min_size=1, max_size=3))
    parts += [BODY, draw(st.sampled_from([BODY, HEADLINE, BODY[:200]]))]
    order = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=6))
    return draw(BREAKS).join(order)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), blocks(), blocks().map(lambda text: text * 2)))
def test_cuts_lie_in_the_text_in_order_and_apart(text: str) -> None:
    cuts = find_cuts(text)
    edges = [edge for cut in cuts for edge in (cut.start, cut.end)]
    assert edges == sorted(edges)
    assert all(0 <= cut.start < cut.end <= len(text) for cut in cuts)
    assert {cut.kind for cut in cuts} <= {"repeat", "tail"}


@settings(max_examples=300, deadline=None)
@given(st.one_of(blocks(), blocks().map(lambda text: text * 2)))
def test_nearly_all_words_cut_are_in_what_stays(text: str) -> None:
    cuts = find_cuts(text)
    kept = set(split_words(apply_cuts(text, cuts)).keys)
    for cut in cuts:
        words = split_words(text[cut.start : cut.end]).keys
        own = [word for word in words if not any(other.startswith(word) for other in kept)]
        assert len(own) <= 1 + len(words) // 20
        assert not any(map(str.isnumeric, "".join(own)))
    assert kept or not cuts


def test_what_is_collapsed_collapses_no_further(told: tuple[str, str, str]) -> None:
    head, body, tail = told
    for text in (f"{head}\n{body}\n{tail}\n{body}\n{tail}", f"{head}\n" + f"{body}\n" * 4):
        assert find_cuts(collapsed(text)) == ()


class CountedWord(str):
    """A word that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        CountedWord.compared += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def hostile(size: int) -> Iterator[list[str]]:
    yield ["a"] * size
    yield ["one", "two", "three", "four", "five"] * (size // 5)
    yield [f"w{at % 40}" for at in range(size)]
    yield [f"w{at * at % 97}" for at in range(size)]
    yield [f"w{at % (at // 500 + 7)}" for at in range(size)]


@pytest.mark.parametrize("case", range(5))
def test_the_work_grows_with_the_length_only(case: int) -> None:
    def work(size: int) -> int:
        words = [CountedWord(word) for word in list(hostile(size))[case]]
        CountedWord.compared = 0
        runs.chain_runs(runs.find_runs(words))
        return CountedWord.compared

    assert work(8000) < 2.6 * work(4000) + 1000
