"""Review items as JSON lines for programs, or as CSV that no spreadsheet executes."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from ops.review import harmless
from ops.review.index import Item, as_dict, submission


def jsonl(items: Iterable[Item], *, body: bool) -> str:
    """One object a line, everything beyond ASCII escaped."""
    return "".join(json.dumps(_row(item, body=body)) + "\n" for item in items)


def spreadsheet(items: Iterable[Item], *, body: bool) -> str:
    """RFC 4180, with a header line; each cell is text."""
    rows = [_row(item, body=body) for item in items]
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([harmless.cell(str(value)) for value in row.values()])
    return target.getvalue()


def _row(item: Item, *, body: bool) -> dict[str, Any]:
    if not body:
        return as_dict(item)
    sent = submission(item.record)
    words = {name: sent.get(name, "") for name in ("email", "name", "subject", "message")}
    # What is no submission is exported as it came.
    return as_dict(item) | words | {"raw": "" if sent else item.record.submission}
