"""Comments: written, read page by page, edited."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from team import Pair, assert_refused, took

ON = "/tasks/WEB-1/comments"
MISSING = "There is no comment with this number on this task."


async def test_a_comment_is_kept_as_it_was_written(commenters: Pair) -> None:
    ada, bob = commenters
    body = "  **Fine.**\r\n\n    <b>code</b>\n\n"
    comment = await bob.comment("WEB-1", body)
    assert comment == {
        "id": comment["id"],
        "author": "bob",
        "body": body,
        "html": None,
        "created_at": comment["created_at"],
        "edited_at": None,
    }
    assert await ada.pages(ON) == [comment]


async def test_html_is_made_where_it_is_asked_for(commenters: Pair) -> None:
    ada, bob = commenters
    first = await bob.comment("WEB-1", "**Fine.** <script>alert(1)</script>")
    second = await ada.comment("WEB-1", "[x](javascript:alert(1))")
    assert await ada.pages(ON, render="html") == [
        {
            **first,
            "html": "<p><strong>Fine.</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
        },
        {**second, "html": "<p>[x](javascript:alert(1))</p>\n"},
    ]
    assert await ada.pages(ON, render="none") == [first, second]


async def test_one_comment_can_be_read_by_its_number(commenters: Pair) -> None:
    ada, bob = commenters
    await ada.add()
    comment = await bob.comment("WEB-1", "**Fine.**")
    path = f"{ON}/{comment['id']}"
    assert took(await ada.get(path), 200) == comment
    html = {"html": "<p><strong>Fine.</strong></p>\n"}
    assert took(await ada.get(path, render="html"), 200) == {**comment, **html}
    for elsewhere in (f"/tasks/WEB-2/comments/{comment['id']}", f"{ON}/{2**63 - 1}"):
        assert_refused(await ada.get(elsewhere), 404, "no_comment", MISSING)


async def test_comments_come_in_pages_the_oldest_first(commenters: Pair) -> None:
    ada, bob = commenters
    await ada.add()
    await ada.comment("WEB-2", "Elsewhere.")
    written = [await each.comment("WEB-1", text) for text in "123" for each in (ada, bob)]
    for limit in (1, 2, 5, 6, 7):
        assert await bob.pages(ON, limit=limit) == written


async def test_a_comment_that_comes_while_somebody_reads_is_on_the_last_page(
    commenters: Pair,
) -> None:
    ada, _ = commenters
    written = [await ada.comment("WEB-1", str(number)) for number in range(3)]
    first = took(await ada.get(ON, limit=2), 200)
    await ada.delete(f"{ON}/{written[0]['id']}")
    late = await ada.comment("WEB-1", "late")
    second = took(await ada.get(ON, limit=2, cursor=first["next"]), 200)
    assert (first["items"], second) == (written[:2], {"items": [written[2], late], "next": None})


async def test_who_edits_a_comment_changes_its_text_and_says_when(commenters: Pair) -> None:
    ada, bob = commenters
    comment = await bob.comment("WEB-1", "Fine.")
    path = f"{ON}/{comment['id']}"
    edited = took(await bob.patch(path, {"body": "Fine!"}), 200)
    assert edited == {**comment, "body": "Fine!", "edited_at": edited["edited_at"]}
    assert edited["edited_at"] >= comment["created_at"]
    assert await ada.pages(ON) == [edited]


async def test_the_same_text_again_is_no_edit(commenters: Pair, database: RolledBack) -> None:
    _, bob = commenters
    comment = await bob.comment("WEB-1", "Fine.")
    before = await snapshot(database)
    assert took(await bob.patch(f"{ON}/{comment['id']}", {"body": "Fine."}), 200) == comment
    assert await snapshot(database) == before


async def test_what_happens_to_a_comment_is_in_the_history_of_the_task(commenters: Pair) -> None:
    ada, bob = commenters
    comment = await bob.comment("WEB-1", "Fine.")
    path = f"{ON}/{comment['id']}"
    await bob.patch(path, {"body": "Fine!"})
    await bob.delete(path)
    entries = (await ada.history("/tasks/WEB-1"))[1:]
    assert entries == [
        {
            "id": number,
            "at": entry["at"],
            "actor": "bob",
            "kind": kind,
            "task": "WEB-1",
            "subject": str(comment["id"]),
            "changes": {"body": change},
        }
        for entry, (number, kind, change) in zip(
            entries,
            (
                (7, "comment.added", [None, "Fine."]),
                (8, "comment.changed", ["Fine.", "Fine!"]),
                (9, "comment.removed", ["Fine!", None]),
            ),
            strict=True,
        )
    ]


async def test_a_comment_is_no_new_version_of_the_task(commenters: Pair) -> None:
    ada, bob = commenters
    before = await ada.read("WEB-1")
    await bob.comment("WEB-1", "Fine.")
    assert await ada.read("WEB-1") == before


async def test_a_comment_belongs_to_one_task(commenters: Pair, database: RolledBack) -> None:
    ada, _ = commenters
    await ada.add()
    comment = await ada.comment("WEB-1", "Fine.")
    before = await snapshot(database)
    for path in (f"/tasks/WEB-2/comments/{comment['id']}", f"{ON}/{2**63 - 1}"):
        assert_refused(await ada.patch(path, {"body": "x"}), 404, "no_comment", MISSING)
        assert_refused(await ada.delete(path), 404, "no_comment", MISSING)
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Field required"),
        ({"body": ""}, "must not be blank"),
        ({"body": " \n\t"}, "must not be blank"),
        ({"body": "x\0"}, "must not contain the character NUL"),
        ({"body": "x" * 10_001}, "String should have at most 10000 characters"),
        ({"body": None}, "Input should be a valid string"),
    ],
    ids=["nothing", "empty", "blank", "NUL", "long", "null"],
)
async def test_a_comment_says_something_and_not_too_much(
    commenters: Pair, database: RolledBack, body: Any, message: str
) -> None:
    ada, _ = commenters
    comment = await ada.comment("WEB-1", "x" * 10_000)
    before = await snapshot(database)
    assert_refused(await ada.post(ON, body), 422, "invalid", body=message)
    refused = await ada.patch(f"{ON}/{comment['id']}", body)
    assert_refused(refused, 422, "invalid", body=message)
    assert await snapshot(database) == before
