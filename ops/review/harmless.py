"""The one way for what strangers wrote into a terminal, a log or a spreadsheet."""

import unicodedata

# Control, format (bidi, zero-width, tags), lone surrogates, unassigned and private characters, and the two
# separators that end a line for some readers. A terminal obeys the first and hides the others:
# https://owasp.org/www-community/attacks/Log_Injection https://trojansource.codes/
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
# What spreadsheets take for the start of a formula, full-width forms too:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


def line(text: str) -> str:
    r"""As one line: everything that is not seen, or acts, is spelled as an escape such as \x1b or \u202e."""
    return "".join(_spelled(character) for character in text)


def block(text: str) -> str:
    """As `line`, but line feeds stay: for a message's body."""
    return "\n".join(line(part) for part in text.split("\n"))


def cell(text: str) -> str:
    """As `line`, and no spreadsheet takes it for a formula: a quote in front says that it is text."""
    shown = line(text)
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) or shown.startswith("'") else shown


def _spelled(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits
