"""What every page of a site shares: a strict policy, one style, the way back. No scripts.

The policy allows the one style sheet, named by its hash, and nothing else: no script, image, font,
frame, form or connection, whatever a post may hold. A page needs no other file to look right.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from archiver.text.safe import one_line

STYLE = """
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5c6370;--paper:#fff;--back:#f3f4f6;
--line:#d9dce1;--link:#0b57d0;--warn:#a4262c;--mark:#fff3c4}
@media(prefers-color-scheme:dark){:root{--ink:#e4e6eb;--soft:#a3a9b5;--paper:#1e2126;--back:#14161a;
--line:#363b44;--link:#8ab4f8;--warn:#ff9a94;--mark:#4a3f12}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:46rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--back);overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
a{color:var(--link)}
nav,footer,.facts,small{color:var(--soft);font-size:.875rem}
nav a{margin-inline-end:.75rem}
article,section{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;
padding:.75rem 1rem;margin:.75rem 0;overflow:hidden}
article:target,section:target{outline:2px solid var(--link)}
article header{display:flex;flex-wrap:wrap;gap:.25rem .75rem;font-size:.875rem;color:var(--soft)}
.text{white-space:pre-wrap;unicode-bidi:plaintext;text-align:start;margin:.5rem 0}
.deleted .text,.gone{border-inline-start:3px solid var(--warn);padding-inline-start:.75rem}
.badge{color:var(--warn);font-weight:600}
.repeat{opacity:.55}
.quote{display:block;border-inline-start:3px solid var(--link);padding-inline-start:.6rem}
.pre{display:block;overflow-x:auto;background:var(--back);padding:.4rem}
.spoiler{background:var(--ink);color:transparent}
.spoiler:hover,.spoiler:focus{background:var(--mark);color:inherit}
.spoiler:not(:hover):not(:focus) *{color:transparent}
ul.plain{list-style:none;padding:0;margin:0}
ul.plain li{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;
padding:.5rem .75rem;margin:.4rem 0}
ul.months{list-style:none;padding:0;display:grid;gap:.4rem;
grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))}
ul.months li{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:.5rem}
ol.copies{margin:.5rem 0;padding-inline-start:1.5rem;font-size:.875rem}
summary{cursor:pointer;color:var(--soft);font-size:.875rem}
""".strip()

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_HEAD = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="archiver">
"""


def page(
    title: str, body: Iterable[str], ways: Iterable[tuple[str, str]] = (), part: str = ""
) -> Iterable[str]:
    """The lines of a page; `part` is which of its title, `ways` lead out: (where, safe words)."""
    name = escape(one_line(title), quote=True)
    yield f"{_HEAD}<title>{name}{part}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    links = "".join(f'<a href="{escape(to, quote=True)}">{words}</a>' for to, words in ways)
    if links:
        yield f"<nav>{links}</nav>\n"
    yield f"<h1><bdi>{name}</bdi>{part}</h1>\n"
    yield from body
    yield "</body>\n</html>\n"


def words(text: str) -> str:
    """A name or a fact from a stranger: one safe line, which turns nothing around it."""
    return f"<bdi>{escape(one_line(text), quote=True)}</bdi>"
