"""Markdown as HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")

TAGS = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol"),
    *("p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
"""What Markdown makes. Images are left out: looking at one tells a stranger who looks, and when."""


def render(text: str) -> str:
    """Make HTML of Markdown.

    HTML in the text is shown as it stands, and links lead to web pages and mail addresses only. The
    second library looks at what the first has made, so that a fault in one is none in both.
    """
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
