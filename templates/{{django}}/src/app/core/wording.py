"""REST framework's messages where they would repeat what was sent, or speak of Python's types.

What was sent may be a password, or a megabyte.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import fields, relations, serializers

_MESSAGES: Mapping[type[fields.Field[Any, Any, Any, Any]], Mapping[str, str]] = {
    fields.ChoiceField: {"invalid_choice": "must be one of the values that are documented"},
    fields.MultipleChoiceField: {"not_a_list": "must be a list"},
    fields.UUIDField: {"invalid": "must be a UUID"},
    fields.ListField: {"not_a_list": "must be a list"},
    fields.DictField: {"not_a_dict": "must be an object"},
    relations.PrimaryKeyRelatedField: {
        "does_not_exist": "does not exist",
        "incorrect_type": "must be an identifier",
    },
    relations.SlugRelatedField: {"does_not_exist": "does not exist", "invalid": "is not valid"},
    serializers.Serializer: {"invalid": "must be an object"},
    serializers.ListSerializer: {"not_a_list": "must be a list"},
}


def reword() -> None:
    """Put our words in place of theirs; fields take them over when they are made."""
    for field, messages in _MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
