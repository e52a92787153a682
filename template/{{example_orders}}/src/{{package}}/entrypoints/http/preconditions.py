"""Changes that are made only to what the client has seen (RFC 9110 §13)."""

import re
from collections.abc import Container
from typing import Final

ENTITY_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e]*"'
IF_MATCH: Final = rf"^(?:\*|{ENTITY_TAG}(?:[ \t]*,[ \t]*{ENTITY_TAG})*)$"


class AnyVersion:
    """What `If-Match: *` expects, and a missing `If-Match` where none is required."""

    def __contains__(self, version: object) -> bool:
        return True


def expected_versions(if_match: str | None) -> Container[int]:
    """Return the versions that an `If-Match` names; weak tags never match (RFC 9110 §13.1.1)."""
    if if_match is None or if_match == "*":
        return AnyVersion()
    tags = (tag.strip() for tag in if_match.split(","))
    return {int(tag[1:-1]) for tag in tags if re.fullmatch(r'"[1-9][0-9]{0,8}"', tag)}


def entity_tag(version: int) -> str:
    return f'"{version}"'
