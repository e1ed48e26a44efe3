"""Why a service may refuse, with 400 or 422, a request that its OpenAPI document allows.

Only what no schema can say belongs here: a rule about what is stored already, or about who asks.
What a schema can say (a pattern, a length, how many properties) belongs into the document.
"""

from collections.abc import Mapping, Sequence

RULES: Mapping[str, Sequence[str]] = {
    "blog-api": (
        "has already been taken",
        "another article has this address already",
        "you cannot follow yourself",
        # Which characters are letters, patterns of different languages do not agree on.
        "may have letters, digits, dots, hyphens, underscores",
        "user.username: needs a letter or a digit",
        # Which characters become letters is a matter of tables, not of a pattern.
        "needs a letter or digit, to make an address of",
    ),
    "commerce-backend": (
        '{"field":"current_password","message":"is wrong"}',
        # Which passwords are good is a matter of lists, and of whose they are.
        "This password is too common",
        "This password is entirely numeric",
        "The password is too similar to",
        # That is a setting, and the document is the same for all of them.
        "Give the code of a currency that we sell in",
        # Only the provider can sign.
        "The signature is missing, wrong, or older than five minutes",
    ),
    "task-manager": (
        '{"field":"current_password","message":"is wrong"}',
        # Which characters are letters, patterns of different languages do not agree on.
        "may have letters, digits, dots, hyphens, underscores",
        '{"field":"username","message":"needs a letter or a digit"}',
        "is not a member of this project",
        "is not a task of this project",
        "is a subtask, and these have none of their own",
        # What is in these only the service that wrote them knows.
        "is not the token of an invitation",
        "is not a `next` of this list",
    ),
}

ENDLESS: Mapping[str, Sequence[str]] = {"task-manager": ("/api/projects/{key}/events",)}
"""Paths whose answers do not end, so nobody can wait for them; their projects prove them."""
