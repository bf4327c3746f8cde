"""Pages of Telegram Desktop's HTML export in our own words, laid out as Desktop does."""

from html import escape

HEAD = """<!DOCTYPE html>
<html>

 <head>

  <meta charset="utf-8"/>
<title>Exported Data</title>
  <meta content="width=device-width, initial-scale=1.0" name="viewport"/>

  <link href="css/style.css" rel="stylesheet"/>

  <script src="js/script.js" type="text/javascript">

  </script>

 </head>

 <body onload="CheckLocation();">

  <div class="page_wrap">

   <div class="page_header">

    <div class="content">

     <div class="text bold">
{title}\x20
     </div>

    </div>

   </div>

   <div class="page_body chat_page">

    <div class="history">
"""
TAIL = """
    </div>

   </div>

  </div>

 </body>

</html>
"""
USERPIC = """
      <div class="pull_left {more}userpic_wrap">

       <div class="userpic userpic8" style="width: 42px; height: 42px">

        <div class="initials" style="line-height: 42px">
H
        </div>

       </div>

      </div>
"""
DATE = "04.03.2025 12:20:05 UTC+01:00"


def page(*messages, title="Harbour"):
    """A whole page."""
    return (HEAD.format(title=escape(title)) + "".join(messages) + TAIL).encode()


def day(number, written):
    """A line with a date, which is no message."""
    return service(-number, written)


def service(number, line, more=""):
    """A service line; `line` is HTML."""
    return (
        f'\n     <div class="message service" id="message{number}">\n\n      <div class="body details">'
        f"\n{line}\n      </div>\n{more}\n     </div>\n"
    )


def message(
    number=1,
    text="The ferry sails at nine.",
    *,
    date=DATE,
    writer="Harbour ",
    joined=False,
    before="",
    after="",
    forward=None,
    reactions="",
):
    """A message; `text`, `before` and `after` are HTML, `forward` is (name, date) or ()."""
    name = (
        ""
        if joined
        else f'{USERPIC.format(more="")}\n       <div class="from_name">\n{writer}\n       </div>\n'
    )
    words = f'\n       <div class="text">\n{text}\n       </div>\n' if text else ""
    body = before + words + after
    if forward is not None:
        body = _forwarded(forward, body)
    return (
        f'\n     <div class="message default clearfix{" joined" if joined else ""}" id="message{number}">\n'
        f'\n      <div class="body">\n\n       <div class="pull_right date details" title="{date}">'
        f"\n12:20\n       </div>\n{name}{body}{reactions}\n      </div>\n\n     </div>\n"
    )


def _forwarded(forward, body):
    header = ""
    if forward:
        name, date = forward
        header = (
            f'{USERPIC.format(more="forwarded ")}\n       <div class="forwarded body">\n'
            f'\n        <div class="from_name">\n{name} <span class="date details" title="{date}">'
            f" {date[:19]}</span>\n        </div>\n"
        )
    else:
        header = '\n       <div class="forwarded body">\n'
    return f"{header}{body}\n       </div>\n"


def box(kind, title="", about="", status="", link=""):
    """What is attached, as a box."""
    parts = "".join(
        f'\n          <div class="{name}">\n{words}\n          </div>\n'
        for name, words in (
            ("title bold", title),
            ("description", about),
            ("status details", status),
        )
        if words
    )
    tag, more, href = ("a", "block_link ", f' href="{link}"') if link else ("div", "", "")
    return (
        f'\n       <div class="media_wrap clearfix">\n\n        <{tag} class="media clearfix pull_left '
        f'{more}{kind}"{href}>\n\n         <div class="fill pull_left">\n\n         </div>\n'
        f'\n         <div class="body">\n{parts}\n         </div>\n\n        </{tag}>\n\n       </div>\n'
    )


def picture(kind, href, inner=""):
    """What is attached, as a picture that leads to a file."""
    return (
        f'\n       <div class="media_wrap clearfix">\n\n        <a class="{kind} clearfix pull_left" '
        f'href="{href}">\n{inner}\n         <img class="photo" src="{href}_thumb.jpg"/>\n\n        </a>\n'
        "\n       </div>\n"
    )
