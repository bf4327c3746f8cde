"""The site: every link leads somewhere, every word is there, and nothing in it can act.

Looked at in Chromium by hand (docs/export.md); these tests need no browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archiver.export import Chosen, files, site
from archiver.export.site import places
from archiver.store.look import every
from archiver.store.reading import open_reading
from tests.newsroom import DAWN, Newsroom

TAGS = {
    "html", "head", "meta", "title", "style", "body", "nav", "h1", "h2", "p", "ul", "ol", "li",
    "a", "article", "section", "header", "div", "span", "small", "time", "bdi", "br", "details",
    "summary", "strong", "em", "u", "s", "code",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "href", "rel", "title", "id", "class",
    "dir", "datetime", "tabindex",
}  # fmt: skip
VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page that closes what it opens, with known tags and attributes only."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.style = ""
        self.policy = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        if tag not in VOID:
            self.open.append(tag)
        told = {name: value or "" for name, value in attrs}
        assert told.keys() <= ATTRIBUTES, told
        if "id" in told:
            assert told["id"] not in self.ids
            self.ids.add(told["id"])
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]
        if "href" in told:
            self.links.append(told["href"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.words += data


@pytest.fixture
def folder(chosen: Chosen, tmp_path: Path) -> Path:
    """The site of everything."""
    target = tmp_path / "site"
    with files.new_folder(target) as part:
        assert site.write(chosen, part) == sum(1 for _ in every(chosen.db))
    return target


def pages(folder: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted(folder.rglob("*.html")):
        yield path, Page(path.read_text(encoding="utf-8"))


def test_a_hostile_corpus_has_no_tag_attribute_or_scheme_of_its_own(folder: Path) -> None:
    for path, page in pages(folder):
        for link in page.links:
            known = link.startswith(("https://", "http://", "mailto:", "#"))
            assert known or not re.match(r"[a-z]+:|//", link, re.I), link
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.words)
        assert path.read_bytes().startswith(b"<!doctype html>")


def test_the_policy_allows_our_style_and_nothing_else(folder: Path) -> None:
    for _, page in pages(folder):
        digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
        assert page.policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def test_every_link_inside_leads_to_a_page_and_an_anchor(folder: Path) -> None:
    found = dict(pages(folder))
    inside = 0
    for path, page in found.items():
        for link in page.links:
            if link.startswith(("http", "mailto:")):
                continue
            inside += 1
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target in found, f"{path.name}: {link}"
            assert not anchor or anchor in found[target].ids, f"{path.name}: {link}"
    assert inside > 40
    reached = {folder / "index.html"}
    for _ in range(4):
        for path in list(reached):
            reached |= {
                (path.parent / link.partition("#")[0]).resolve()
                for link in found[path].links
                if link.partition("#")[0].endswith(".html") and not link.startswith("http")
            }
    assert reached == set(found)


def test_every_post_stands_in_it_with_its_marks(folder: Path, chosen: Chosen) -> None:
    found = dict(pages(folder))
    anchors = set().union(*(page.ids for page in found.values()))
    assert {f"p{each.id}" for each in every(chosen.db)} <= anchors
    harbour = "".join(page.words for page in found.values() if "Ferry tickets" in page.words)
    assert "1 other version" in harbour
    assert "from Tuesday on." in harbour
    assert "from Wednesday on." in harbour
    raw = "".join(path.read_text(encoding="utf-8") for path in found)
    assert 'class="deleted"' in raw
    assert '<span class="repeat">' in raw
    assert "3 posts of one" in "".join(page.words for page in found.values())


def test_a_busy_month_is_several_pages(
    chosen: Chosen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "POSTS", 10)
    monkeypatch.setattr(site, "POSTS", 10)
    monkeypatch.setattr(places, "STATEMENTS", 2)
    with files.new_folder(tmp_path / "site") as part:
        site.write(chosen, part)
    folder = tmp_path / "site"
    assert len(list(folder.rglob("2025-01-3.html"))) == 1
    test_every_link_inside_leads_to_a_page_and_an_anchor(folder)


def test_a_copy_that_is_not_chosen_is_linked_where_it_stands(
    chosen: Chosen, tmp_path: Path
) -> None:
    [key] = chosen.db.execute("SELECT sort_key FROM post WHERE text LIKE 'Headline%'").fetchone()
    with files.new_folder(tmp_path / "site") as part:
        assert site.write(Chosen(chosen.db, [key]), part) == 1
    text = (tmp_path / "site" / "s" / "1.html").read_text(encoding="utf-8")
    assert 'href="https://t.me/harbour/1"' in text
    assert 'href="../c/' in text


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ([DAWN, DAWN + 90 * 86400, None, None], "4 posts, 2025-01 to 2025-04, 2 undated"),
        ([DAWN, None], "2 posts, 2025-01, 1 undated"),
        ([DAWN], "1 post, 2025-01"),
        ([None], "1 post, 1 undated"),
    ],
)
def test_the_index_counts_the_undated_apart(
    room: Newsroom, db: Path, tmp_path: Path, dates: list[int | None], told: str
) -> None:
    for date in dates:
        room.post("harbour", "The ferry sails.", date=date)
    with closing(open_reading(db)) as connection, files.new_folder(tmp_path / "site") as part:
        site.write(Chosen(connection), part)
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert f"<small>{told}</small>" in index
