"""Markdown as HTML that is safe to show."""

import nh3
from anyio import CapacityLimiter, to_thread
from markdown_it import MarkdownIt

# CommonMark, and no tables: a row of one line gets all cells that its table has, so a short comment
# could become a page of half a million characters. An image is a link to it: looking at one tells
# a stranger who looks, and when.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")

# For mentions. Names may have underscores in them, which are no emphasis there.
_without_emphasis = MarkdownIt("commonmark", {"html": False}).disable(["image", "emphasis"])

# One at a time: Python would not do two sooner, and others are to get their turn.
_limiter = CapacityLimiter(1)

TAGS = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol"),
    *("p", "pre", "strong", "ul"),
}
"""What Markdown makes."""


def to_html(text: str) -> str:
    """Make HTML of Markdown.

    HTML in the text is shown as it stands, and links lead to web pages and mail addresses only. The
    second library looks at what the first has made, so that a fault in one is none in both.
    """
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def to_prose(text: str) -> str:
    """Leave out of Markdown what is not read as text: code, and where links lead."""
    return "\n".join(
        "".join(token.content if token.type == "text" else "\n" for token in block.children or ())
        for block in _without_emphasis.parse(text)
    )


async def render(text: str) -> str:
    """Make HTML of Markdown without holding up other requests: some texts take a third of a second.

    Args:
        text: The Markdown.

    Returns:
        What `to_html` makes of it.
    """
    return await to_thread.run_sync(to_html, text, limiter=_limiter)


async def prose_of(text: str) -> str:
    """The same for what `to_prose` makes of Markdown."""
    return await to_thread.run_sync(to_prose, text, limiter=_limiter)
