"""Names on the wire, as the RealWorld specification writes them."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class CamelCase(BaseModel):
    """Names as JavaScript writes them: `created_at` is `createdAt` on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


class CamelCaseView(CamelCase):
    """The same for what is made here, where names are written as in Python."""

    model_config = ConfigDict(validate_by_name=True)
