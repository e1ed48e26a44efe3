"""On which line each key of a TOML file is: tomllib tells values only."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

Key = tuple[str, ...]


def lines_of_keys(text: str) -> Mapping[Key, int]:
    """The line of each key and table, counted from 1.

    A statement of TOML begins on a line of its own, and no part of one is TOML. So tomllib itself
    tells where each ends: lines are taken one by one until what was taken can be parsed.

    Args:
        text: A whole file that tomllib has parsed.

    Returns:
        The first line of each key, by all names from the top: `("template", "version")`.
    """
    found: dict[Key, int] = {}
    table: Key = ()
    statement: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        statement.append(line)
        try:
            parsed = tomllib.loads("\n".join(statement))
        except (ValueError, RecursionError):
            continue
        begun = number - len(statement) + 1
        is_header = statement[0].lstrip(" \t").startswith("[")
        statement = []
        if is_header:
            table = _header(parsed)
            keys: Sequence[Key] = [table[:end] for end in range(1, len(table) + 1)]
        else:
            keys = [(*table, *key) for key in _keys(parsed)]
        for key in keys:
            found.setdefault(key, begun)
    return found


def _header(parsed: Mapping[str, Any]) -> Key:
    """The names in a table's header, `[a.b]` or `[[a.b]]`."""
    names = []
    inner: Any = parsed
    while inner:
        [(name, inner)] = inner.items()
        names.append(name)
        if isinstance(inner, list):
            break
    return tuple(names)


def _keys(parsed: Mapping[str, Any]) -> Sequence[Key]:
    """All keys of one statement, those of inline tables too."""
    keys: list[Key] = []
    for name, value in parsed.items():
        keys.append((name,))
        if isinstance(value, dict):
            keys += [(name, *key) for key in _keys(value)]
    return keys
