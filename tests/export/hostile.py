"""Posts of somebody who wants harm: to the terminal, the browser, the spreadsheet, the feed."""

from __future__ import annotations

from pathlib import Path

from archiver.model import Channel, Forward, OriginKind, Post, Source
from archiver.store.store import Store
from tests import archives
from tests.newsroom import DAWN

SCRIPT = "<script>document.title='PWNED'</script>"
IMAGE = '"><img src=x onerror="document.title=\'PWNED\'">'
ENDS = "</div></article></body></html><!--"
FORMULA = '=HYPERLINK("http://evil.example","click")'
ACTS = "\x1b]0;owned\x07 \x9b2J \x00 \u202egnp.exe\u202c \u2066isolated"
ZALGO = "z" + "\u0301\u0302\u0303\u0304" * 40
RIGHT = "أعلن ميناء بيروت يوم الاثنين عن تعميق القناة الشمالية بمترين قبل عواصف الشتاء (v2)."
WORDS = (
    SCRIPT, IMAGE, ENDS, FORMULA, "@SUM(1)", "+1", "-1", "\t=1+1", "\uff1d1+1", ACTS, ZALGO,
    "]]></content><script>x</script>", "a\ufffe\uffffb", "&lt;b&gt; &amp; &#x3c;", "\u2028\u2029x",
    "🚢 bold 🚢 link", RIGHT,
)  # fmt: skip
URLS = (
    "javascript:document.title='PWNED'", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "https://ok.example/?a=\"><script>x</script>",
    "vbscript:x", "\x01javascript:alert(1)",
)  # fmt: skip


def posts() -> list[tuple[Channel, Post]]:
    """One post for each trick, in each place that a stranger can write to."""
    evil = Channel(IMAGE + ACTS, "evil", -1_000_000_000_666)
    found = []
    for number, words in enumerate(WORDS, 1):
        forward = Forward(OriginKind.NAME, name=words, author=SCRIPT, date=DAWN)
        found.append((evil, Post(
            number, words, DAWN + number * 60, forward=forward, author=IMAGE, via_bot=FORMULA,
            media_kind="file", media={"file_name": IMAGE, "path": "../../etc/passwd"},
            reactions=({"type": "emoji", "emoji": SCRIPT, "count": SCRIPT},),
            entities=({"type": "bold", "offset": 1, "length": 4},
                      {"type": "spoiler", "offset": 3, "length": 900}),
            details={"poll": {"question": SCRIPT, "answers": [{"text": IMAGE, "voters": SCRIPT}]}},
        )))  # fmt: skip
    for number, url in enumerate(URLS, 100):
        entity = {"type": "text_link", "offset": 0, "length": 5, "url": url}
        post = Post(number, "click here", DAWN + number * 60, entities=(entity,))
        found.append((evil, post))
    titled = Channel(SCRIPT)
    found.append((titled, Post(-5, "a channel with no number")))
    return found


def fill(store: Store) -> None:
    """All of them in an archive, with a version each and a deletion."""
    run = store.start_run("test", DAWN)
    store.add_posts(run, posts(), DAWN)
    edited = [
        (channel, Post(post.message_id, f"{SCRIPT} edited", post.date, edited=DAWN + 90_000,
                       source=Source.LIVE))
        for channel, post in posts()[:6]
    ]  # fmt: skip
    store.add_posts(run, edited, DAWN + 90_000)
    with store.transaction() as conn:
        from archiver.store.tombstones import bury

        key = conn.exec_driver_sql("SELECT id FROM channel WHERE username = 'evil'").scalar()
        assert isinstance(key, int)
        bury(conn, key, [8, 9], SCRIPT, DAWN + 100_000)


def archive(path: Path) -> Path:
    """An archive of them in a file."""
    with archives.opened(path) as store:
        fill(store)
    return path
