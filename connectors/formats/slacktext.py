"""Slack's message markup ("mrkdwn") as plain text, and the links in it.

Slack escapes &, < and > only, and puts in angle brackets what is more than text: `<@U1>`,
`<#C1|name>`, `<!here>`, `<https://a.example|label>`.
"""

import re
from collections.abc import Iterator, Mapping

from connectors.formats.sharedlinks import Link, shareable

SOMEONE = "someone"
_MARK = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_STYLE = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.{1,500}?)(?<=\S)\1(?![\w*_~])")
_EMOJI = re.compile(r"(?<![\w:]):(?=[\w'+-]*[a-z+-])[\w'+-]{1,60}:(?::skin-tone-\d:)?(?!\w)")
_QUOTE = re.compile(r"^(&gt;)+ ?", re.MULTILINE)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
Names = Mapping[str, str] | None  # of users by their ids; None where names are not kept


def plain(markup: str, names: Names) -> str:
    """The text as it reads, code as it was typed. Who is mentioned is "someone" without a name."""
    pieces = _CODE.split(markup)
    for number, piece in enumerate(pieces):
        if number % 2:
            pieces[number] = _unmarked(piece.strip("`"), names)
        else:
            styled = _EMOJI.sub("", _QUOTE.sub("", piece))
            pieces[number] = _unmarked(_without_style(styled), names)
    return _unescaped("".join(pieces)).strip()


def _without_style(text: str) -> str:
    for _ in "*_~":  # each can lie in the others
        text = _STYLE.sub(r"\2", text)
    return text


def _unmarked(text: str, names: Names) -> str:
    return _MARK.sub(lambda found: _said(found[1], names), text)


def _said(mark: str, names: Names) -> str:
    what, _, label = mark.partition("|")
    if what.startswith("@"):
        return f"@{SOMEONE if names is None else names.get(what[1:]) or label or SOMEONE}"
    if what.startswith("#"):
        return f"#{label or 'a-channel'}"
    if what.startswith("!"):
        return label or ("@a-group" if what.startswith("!subteam") else "@everyone")
    if what.startswith("mailto:"):  # an address names its owner
        return SOMEONE if names is None else label or what.removeprefix("mailto:")
    return label or what


def _unescaped(text: str) -> str:
    for escape, sign in _ESCAPES:
        text = text.replace(escape, sign)
    return text


def links(markup: str) -> Iterator[Link]:
    """Links in the order they stand there, with their labels as titles where these say more."""
    for found in _MARK.finditer(markup):
        what, _, label = found[1].partition("|")
        url = shareable(_unescaped(what)) if what.startswith("http") else None
        if url:
            yield Link(url, "" if _is_address(label) else _unescaped(label))


def _is_address(label: str) -> bool:
    return "://" in label or bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", label))
