"""JSON as the standard has it: what Python's parser also takes is refused here.

`json.loads` accepts NaN and Infinity, keeps the last of two equal keys, raises RecursionError on depth and
lets lone surrogates through that raise later, when the text is encoded:
https://docs.python.org/3/library/json.html#standard-compliance-and-interoperability
"""

import json
import math
from typing import Any


class NotStrictJsonError(ValueError):
    """The text is not an RFC 8259 object with unique keys and encodable text. Says why, never quotes."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise NotStrictJsonError("a key stands twice")
    return keys


def _finite(number: str) -> float:
    """NaN and Infinity by name, and 1e999 by size."""
    parsed = float(number)
    if not math.isfinite(parsed):
        raise NotStrictJsonError("a number is not finite")
    return parsed


#: `json.loads` builds a decoder at each call that has a hook.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_finite, parse_float=_finite)


def loads(text: str) -> dict[str, Any]:
    """Raise NotStrictJsonError for everything but one JSON object."""
    try:
        text.encode()
        document = _DECODER.decode(text)
        if "\\u" in text:  # only an escape brings a lone surrogate into a text that could be encoded
            json.dumps(document, ensure_ascii=False).encode()
    except NotStrictJsonError:
        raise
    except RecursionError:
        raise NotStrictJsonError("nested too deep") from None
    except UnicodeEncodeError:
        raise NotStrictJsonError("a surrogate stands alone") from None
    except ValueError:
        raise NotStrictJsonError("not JSON") from None
    if not isinstance(document, dict):
        raise NotStrictJsonError("not an object")
    return document
