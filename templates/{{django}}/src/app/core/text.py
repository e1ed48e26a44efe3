"""Text that is compared: when are two the same?"""

import unicodedata

EMAIL_LENGTH = 254


def email_key(value: str) -> str:
    """Write an e-mail address as it is compared, also where it is none: then nobody has it.

    Mail systems treat `Ada@example.com` and `ada@example.com` as one, so accounts must too.
    """
    return unicodedata.normalize("NFC", value.strip()).lower()
