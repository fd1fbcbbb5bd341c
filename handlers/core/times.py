"""Times as they stand on the wire and in the table: UTC with milliseconds, so that text sorts as time."""

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat("T", "milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Raise ValueError for anything but an ISO time with a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def from_epoch_milliseconds(milliseconds: str) -> datetime:
    """Raise ValueError for what is no time between 1970 and 9999."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (OverflowError, OSError) as problem:
        raise ValueError("out of range") from problem
