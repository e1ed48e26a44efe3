"""Which images a Dockerfile starts from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

INSTRUCTION = re.compile(r"^\s*(?P<word>\w+)\s+(?P<rest>.+)$")
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")


@dataclass(frozen=True, slots=True)
class Base:
    """An image that a Dockerfile starts from.

    Attributes:
        written: Its name as it stands in the Dockerfile.
        name: The same with the defaults of build arguments put in.
    """

    written: str
    name: str


def base_images(dockerfile: str) -> list[Base]:
    """Every image named by a FROM, each once; stages of the file itself and `scratch` are none."""
    arguments: dict[str, str] = {}
    stages = {"scratch"}
    found: dict[str, Base] = {}
    for word, rest in _instructions(dockerfile):
        if word == "ARG" and not found:  # only an ARG before the first FROM counts for a FROM
            name, _, default = rest.partition("=")
            arguments[name.strip()] = default.strip().strip("\"'")
        elif word == "FROM":
            source, *alias = [part for part in rest.split() if not part.startswith("--")]
            name = VARIABLE.sub(lambda match: _value(match, arguments), source)
            if name.lower() not in stages:
                found.setdefault(source, Base(source, name))
            stages.update(part.lower() for part in alias[1:])
    return list(found.values())


def _instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\s*\n", " ", "\n".join(lines))
    for line in joined.splitlines():
        if match := INSTRUCTION.match(line):
            yield match["word"].upper(), match["rest"].strip()


def _value(match: re.Match[str], arguments: dict[str, str]) -> str:
    plain, braced, default = match.groups()
    return arguments.get(plain or braced) or default or ""
