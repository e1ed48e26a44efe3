"""Markdown: what becomes of it, and that nothing else gets through."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.comments.markdown import TAGS, to_html

REL = 'rel="nofollow noopener noreferrer"'
LONGEST = 10_000

WRITTEN = {
    "paragraphs": ("One\ntwo\n\nthree", "<p>One<br>\ntwo</p>\n<p>three</p>\n"),
    "emphasis": ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
    "heading": ("# One\n\n###### Six", "<h1>One</h1>\n<h6>Six</h6>\n"),
    "list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    "numbers": ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    "quote": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
    "code": ("```python\nif a < b:\n```", "<pre><code>if a &lt; b:\n</code></pre>\n"),
    "rule": ("a\n\n---", "<p>a</p>\n<hr>\n"),
    "link": (
        '[a](https://example.com/?b=1&c=2 "T")',
        f'<p><a href="https://example.com/?b=1&amp;c=2" title="T" {REL}>a</a></p>\n',
    ),
    "address": (
        "<https://example.com>",
        f'<p><a href="https://example.com" {REL}>https://example.com</a></p>\n',
    ),
    "mail address": (
        "<ada@example.com>",
        f'<p><a href="mailto:ada@example.com" {REL}>ada@example.com</a></p>\n',
    ),
    "mention": ("Ask @ada.", "<p>Ask @ada.</p>\n"),
    "table": ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>\n"),
}


@pytest.mark.parametrize(("text", "html"), WRITTEN.values(), ids=WRITTEN)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert to_html(text) == html


BAD = {
    "script": ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
    "handler": (
        '<b onclick="alert(1)">x</b>',
        '<p>&lt;b onclick="alert(1)"&gt;x&lt;/b&gt;</p>\n',
    ),
    "image as HTML": (
        "<img src=x onerror=alert(1)>",
        "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n",
    ),
    "comment": ("<!-- x -->", "<p>&lt;!-- x --&gt;</p>\n"),
    "image": (
        "![seen](https://example.com/x.png)",
        f'<p>!<a href="https://example.com/x.png" {REL}>seen</a></p>\n',
    ),
    "javascript": ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
    "capitals": ("[a](JaVaScRiPt:alert(1))", "<p>[a](JaVaScRiPt:alert(1))</p>\n"),
    "entity": ("[a](&#106;avascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
    "in brackets": ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
    "data": (
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "<p>[a](data:text/html;base64,PHNjcmlwdD4=)</p>\n",
    ),
    "vbscript": ("[a](vbscript:x)", "<p>[a](vbscript:x)</p>\n"),
    "file": ("[a](file:///etc/passwd)", "<p>[a](file:///etc/passwd)</p>\n"),
    "other scheme": ("[a](ftp://example.com)", f"<p><a {REL}>a</a></p>\n"),
    "by reference": (
        "[a]\n\n[a]: javascript:alert(1)",
        "<p>[a]</p>\n<p>[a]: javascript:alert(1)</p>\n",
    ),
    "attribute in a title": (
        "[a](https://example.com '\" onclick=\"alert(1)')",
        f'<p><a href="https://example.com" title="&quot; onclick=&quot;alert(1)" {REL}>a</a></p>\n',
    ),
    "language of code": (
        '```"onclick="alert(1)\nx\n```',
        "<pre><code>x\n</code></pre>\n",
    ),
}


@pytest.mark.parametrize(("text", "html"), BAD.values(), ids=BAD)
def test_what_could_do_harm_is_shown_as_it_stands_or_left_out(text: str, html: str) -> None:
    assert to_html(text) == html


class Checker(HTMLParser):
    """Reads HTML, and sees to it that it is well formed and has nothing that is not allowed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        given = dict(attrs)
        allowed = {"a": {"href", "title", "rel"}, "ol": {"start"}}.get(tag, set())
        assert given.keys() <= allowed
        if tag == "a":
            assert given["rel"] == "nofollow noopener noreferrer"
            scheme, colon, _ = (given.get("href") or "").partition(":")
            assert not colon or scheme.lower() in {"http", "https", "mailto"} or "/" in scheme
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def check(html: str) -> None:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []


PIECES = [
    *"[]()<>!*_`#-+|:\\&;\"'=~\n \t.",
    *("a", "1. ", "javascript:", "https://e.org", "data:", "<script>", "</p>", "<b onclick=x>"),
    *("&lt;", "&#106;", "\n\n", "    ", "```\n", "![", "](", "> ", "- ", "<!--", "<svg/onload=x>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text())
def test_whatever_is_written_the_html_is_safe_and_well_formed(text: str) -> None:
    check(to_html(text))


LONG = {
    "brackets": "[" * LONGEST,
    "brackets that are closed": "[" * (LONGEST // 2) + "]" * (LONGEST // 2),
    "images in images": "![" * 3000 + "](b)" * 1000,
    "links in links": "[a](b" * 2000,
    "parentheses": "[a](" + "(" * (LONGEST - 4),
    "stars": "*" * LONGEST,
    "stars and letters": "*a " * 1666 + "a*" * 2501,
    "stars and lines": "*_" * (LONGEST // 2),
    "ticks": "".join("`" * count + " " for count in range(140)),
    "quotes": ">" * LONGEST,
    "quotes in lists": "> - " * (LONGEST // 4),
    "lists": "- " * (LONGEST // 2) + "a",
    "lists by indentation": "".join(" " * 2 * depth + "- a\n" for depth in range(98)),
    "quotes of many lines": "> " * 100 + "a\n" * 4900,
    "backslashes": "\\" * LONGEST,
    "entities": "&#1;" * (LONGEST // 4),
    "angles": "<" * LONGEST,
    "tags that do not end": "<a " + "b " * 4998,
    "references": "".join(f"[{number}]: b\n" for number in range(800)) + "[a]" * 500,
    "tables": "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "|\n" * 4700,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_the_longest_comment_that_nests_as_deep_as_it_can_is_rendered(text: str) -> None:
    """It comes to an end, and what becomes of it is not many times as long."""
    html = to_html(text[:LONGEST])
    check(html)
    assert len(html) <= 10 * LONGEST
